package resources

// Layout is what a collection lists, without how much there is of it: scalars and ranges that there is nothing else to say of, each name once.
// Most agents of a fleet share one, so that a reader of many offers sees from the first what the others will say. The zero value lists nothing.
type Layout struct {
	of      []*identity
	scalars int
}

// Layout returns the layout of r; false if r has entries with reservations, disks and the like, sets, or a name twice.
func (r Resources) Layout() (l Layout, ok bool) {
	for i := range r.e {
		id := r.e[i].identity
		if !id.plain || id.kind > KindRanges || i > 0 && r.e[i-1].res.Name == id.res.Name {
			return Layout{}, false
		}
		l.of = append(l.of, id)
		if id.kind == KindScalar {
			l.scalars++
		}
	}
	return l, true
}

// Scalars returns how many scalars are listed.
func (l *Layout) Scalars() int { return l.scalars }

// Ranges returns how many ranges are listed.
func (l *Layout) Ranges() int { return len(l.of) - l.scalars }

// Read writes what r has of the scalars that l lists, in thousandths, to amounts, and of the ranges to ranges, each in the order of l. It leaves alone the
// places of what r has nothing of. It reports whether r has nothing that l does not list, and no amount beyond [MaxAmount]; if
// not, part of it may have been written.
func (l *Layout) Read(r Resources, amounts []int64, ranges []Ranges) bool {
	return l.readSame(r.e, amounts, ranges) || l.read(r, amounts, ranges)
}

// readSame is read for an offer that has something of all that is listed, as most have: so little to do that a processor waits for the memory of many at a time.
func (l *Layout) readSame(e []entry, amounts []int64, ranges []Ranges) bool {
	if len(e) != len(l.of) || len(amounts) < l.scalars || len(ranges) < len(e)-l.scalars {
		return false
	}
	scalar := 0
	for i, listed := range l.of {
		if id := e[i].identity; id != listed && !id.like(listed) {
			return false
		}
		if listed.kind == KindScalar {
			amount := e[i].value.amount
			if uint64(amount) > uint64(MaxAmount) {
				return false
			}
			amounts[scalar] = int64(amount)
			scalar++
		} else {
			ranges[i-scalar] = Ranges{e[i].value.ranges}
		}
	}
	return true
}

// like says whether there is nothing to id but kind and name, those of one listed.
func (id *identity) like(listed *identity) bool {
	return id.plain && id.kind == listed.kind && id.res.Name == listed.res.Name
}

func (l *Layout) read(r Resources, amounts []int64, ranges []Ranges) bool {
	next, scalar := 0, 0
	for i := 0; i < len(l.of) && next < len(r.e); i++ {
		e, listed := &r.e[next], l.of[i]
		id := e.identity
		has := id == listed || id.like(listed)
		if has {
			next++
		}
		switch {
		case listed.kind == KindScalar:
			if scalar++; !has {
				continue
			}
			amount := e.value.amount
			if uint64(amount) > uint64(MaxAmount) { // or below zero
				return false
			}
			amounts[scalar-1] = int64(amount)
		case has:
			ranges[i-scalar] = Ranges{e.value.ranges}
		}
	}
	return next == len(r.e)
}
