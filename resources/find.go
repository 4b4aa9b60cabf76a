package resources

// Find looks for resources that cover targets whatever their reservations, and returns
// the targets with the reservations of what covers them. Name, kind, disk, provider,
// allocation and being revocable must match.
//
// For each target, in canonical order, it looks among resources reserved for the
// target's role, then among unreserved ones, then among all. Within each of the three it
// takes the first entry that suffices or, failing that, all of the first entry that is needed as a
// whole, and goes on. So at most three entries serve one target, and Find may fail
// although more would have sufficed; that is how Mesos does it. Pieces found for one
// target are not found again for the next.
func (r Resources) Find(targets Resources) (found Resources, ok bool) {
	rest := r
	for _, t := range targets.e {
		pieces, ok := rest.findOne(t)
		if !ok {
			return Resources{}, false
		}
		rest = rest.Minus(pieces)
		found = found.Plus(pieces)
	}
	return found, true
}

func (r Resources) findOne(target entry) (Resources, bool) {
	wanted := target.resource()
	role := wanted.Role()
	wanted.Reservations = nil
	var found []entry
	taken := make([]bool, len(r.e))
	for _, among := range []func(*entry) bool{
		func(e *entry) bool { return role != "" && e.res.Reserved(role) },
		func(e *entry) bool { return len(e.res.Reservations) == 0 },
		func(e *entry) bool { return true },
	} {
		for i := range r.e {
			e := &r.e[i]
			if taken[i] || !among(e) {
				continue
			}
			have := e.resource()
			have.Reservations = nil
			if !have.SameIdentity(wanted) {
				continue
			}
			if e.whole && !have.Value.Equal(wanted.Value) {
				continue
			}
			if have.Value.Contains(wanted.Value) {
				wanted.Reservations = e.res.Reservations
				return collect(append(found, newEntry(wanted))), true
			}
			if wanted.Value.Contains(have.Value) {
				found = append(found, *e)
				taken[i] = true
				wanted.Value = wanted.Value.minus(have.Value)
				break
			}
		}
	}
	return Resources{}, false
}
