package placement

// follows says whether id comes after another in the order of length, and then of bytes. That is how numbered IDs come: as long as each
// follows the one before it, no two are the same, and nothing has to be looked up.
func follows[S ~string](id, other S) bool {
	return len(id) > len(other) || len(id) == len(other) && id > other
}

// idSet finds IDs that occur twice: while they come in order by looking at the last, then by a table.
type idSet struct {
	table *idTable // nil while in order
	most  int
	last  string
	id    func(int32) string
}

// newIDSet makes a set for up to n IDs, that of position i being id(i).
func newIDSet(n int, id func(int32) string) *idSet { return &idSet{most: n, id: id} }

// add puts in the ID of a position, larger than those before it; false when it is there already.
func (s *idSet) add(i int32) bool {
	id := s.id(i)
	if s.table == nil {
		if i == 0 || follows(id, s.last) {
			s.last = id
			return true
		}
		s.table = newIDTable(s.most, s.id)
		for earlier := range i {
			s.table.add(s.id(earlier), earlier)
		}
	}
	return s.table.add(id, i)
}
