package placement

// slab hands out slices of one element, cut from one piece of memory: most agents have one offer.
// The zero value makes each by itself.
type slab struct {
	numbers []int32
}

func newSlab(n int) slab { return slab{numbers: make([]int32, 0, n)} }

func (s *slab) one(n int32) []int32 {
	if len(s.numbers) == cap(s.numbers) {
		return []int32{n}
	}
	s.numbers = append(s.numbers, n)
	i := len(s.numbers)
	return s.numbers[i-1 : i : i]
}

// idLists are lists of one ID, made many at a time when they are asked for: of most bins nobody asks.
type idLists struct {
	ids   []OfferID
	lists [][]OfferID
}

const idListsMade = 128

func (s *idLists) one(id OfferID) *[]OfferID {
	if len(s.lists) == cap(s.lists) {
		s.ids, s.lists = make([]OfferID, 0, idListsMade), make([][]OfferID, 0, idListsMade)
	}
	s.ids = append(s.ids, id)
	i := len(s.ids)
	s.lists = append(s.lists, s.ids[i-1:i:i])
	return &s.lists[i-1]
}

// offerIDs are the IDs of a bin's offers, in order. They are read only, and stay as they are.
func (f *fleet) offerIDs(b int32) []OfferID {
	bn := &f.bins[b]
	if bn.ids == nil {
		if len(bn.more) == 0 {
			bn.ids = f.idLists.one(f.offers[bn.first].ID)
		} else {
			ids := make([]OfferID, 0, 1+len(bn.more))
			for i := range bn.from() {
				ids = append(ids, f.offers[i].ID)
			}
			bn.ids = &ids
		}
	}
	return *bn.ids
}
