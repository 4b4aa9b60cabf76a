package placement

import "slices"

// address is what an assignment says of its bin, put together once for all that are on it: tables of all bins would be read all over.
type address struct {
	bin    int32
	agent  AgentID
	role   string
	offers []OfferID
}

// addresses are those of the bins asked for since they were emptied, as a sparse set (Briggs and Torczon, LOPLAS 1993): emptying it costs nothing, however
// many bins there are.
type addresses struct {
	list []address
	at   []int32   // per bin: where it is in the list, if it is
	ids  []OfferID // room for lists of one ID
}

// empty makes room for n addresses.
func (x *addresses) empty(n int) {
	x.list = slices.Grow(x.list[:0], n)
	if cap(x.ids)-len(x.ids) < n {
		x.ids = make([]OfferID, 0, n)
	}
}

// address is that of a bin. It lasts as long as the offers of bins stay what they are, and addresses are not emptied.
func (r *Round) address(b int32) *address {
	x := &r.addresses
	if x.at == nil {
		x.at = make([]int32, cap(r.bins))
	}
	if i := x.at[b]; int(i) < len(x.list) && x.list[i].bin == b {
		return &x.list[i]
	}
	x.at[b] = int32(len(x.list))
	x.list = append(x.list, address{b, r.agents[r.homes[b].agent].id, r.roleOn(b), r.offerIDs(b)})
	return &x.list[len(x.list)-1]
}

// offerIDs are the IDs of a bin's offers, in order.
func (r *Round) offerIDs(b int32) []OfferID {
	bn, x := &r.bins[b], &r.addresses
	if n := 1 + len(bn.more); cap(x.ids)-len(x.ids) < n {
		x.ids = make([]OfferID, 0, n)
	}
	n := len(x.ids)
	for i := range bn.from() {
		x.ids = append(x.ids, r.offers[i].ID)
	}
	return slices.Clip(x.ids[n:])
}
