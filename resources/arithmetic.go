package resources

// Plus returns everything in r and o. Time is linear in both; memory is allocated at
// most twice, plus once for every set that grows.
func (r Resources) Plus(o Resources) Resources {
	if len(r.e) == 0 {
		return o
	}
	if len(o.e) == 0 {
		return r
	}
	n, nr := r.sizeOfSum(o)
	out := make([]entry, 0, n)
	arena := make([]Range, 0, nr)
	for i, j := 0, 0; i < len(r.e) || j < len(o.e); {
		c := compareAt(r.e, i, o.e, j)
		switch {
		case c < 0:
			out = append(out, r.e[i])
			i++
		case c > 0:
			out = append(out, sharedLike(out, o.e[j]))
			j++
		case r.e[i].whole: // o.e[j] follows when r has no more copies
			out = append(out, r.e[i])
			i++
		default:
			e := r.e[i]
			if e.kind == KindRanges {
				start := len(arena)
				arena = appendUnion(arena, e.value.ranges, o.e[j].value.ranges)
				e.value.ranges = arena[start:len(arena):len(arena)]
			} else {
				e.value = e.value.plus(o.e[j].value)
			}
			out = append(out, e)
			i, j = i+1, j+1
		}
	}
	return Resources{out}
}

// sharedLike returns e, or the entry before it if that is another copy of the same
// shared resource: copies are one resource, and the first one says where it is mounted.
func sharedLike(out []entry, e entry) entry {
	if n := len(out); n > 0 && e.res.Shared && out[n-1].compare(e) == 0 {
		return out[n-1]
	}
	return e
}

// compareAt compares a[i] with b[j], an index past the end being larger than anything.
func compareAt(a []entry, i int, b []entry, j int) int {
	switch {
	case i == len(a):
		return 1
	case j == len(b):
		return -1
	}
	return a[i].compare(b[j])
}

// sizeOfSum returns the number of entries of a sum, and enough ranges for the entries
// that merge.
func (r Resources) sizeOfSum(o Resources) (entries, ranges int) {
	for i, j := 0, 0; i < len(r.e) || j < len(o.e); entries++ {
		switch c := compareAt(r.e, i, o.e, j); {
		case c < 0:
			i++
		case c > 0:
			j++
		case r.e[i].whole:
			i++
		default:
			ranges += len(r.e[i].value.ranges) + len(o.e[j].value.ranges)
			i, j = i+1, j+1
		}
	}
	return entries, ranges
}

// Minus returns r without what is in o. Subtracting more than there is leaves nothing;
// subtracting what is not there, or part of what can only be taken whole, changes
// nothing. Time is linear in both; memory is allocated at most twice, plus once for every
// set that shrinks, and not at all when nothing changes.
func (r Resources) Minus(o Resources) Resources {
	common, nr := r.sizeOfCommon(o)
	if common == 0 {
		return r
	}
	out := make([]entry, 0, len(r.e))
	arena := make([]Range, 0, nr)
	for i, j := 0, 0; i < len(r.e); {
		c := compareAt(r.e, i, o.e, j)
		if c < 0 {
			out = append(out, r.e[i])
			i++
			continue
		}
		if c > 0 {
			j++
			continue
		}
		e := r.e[i]
		switch {
		case e.whole:
			e.value = Value{}
		case e.kind == KindRanges:
			start := len(arena)
			arena = appendDifference(arena, e.value.ranges, o.e[j].value.ranges)
			e.value.ranges = arena[start:len(arena):len(arena)]
		default:
			e.value = e.value.minus(o.e[j].value)
		}
		if !e.value.IsEmpty() {
			out = append(out, e)
		}
		i, j = i+1, j+1
	}
	return Resources{out}
}

// sizeOfCommon returns the number of entries that are in both, and enough ranges for
// their differences.
func (r Resources) sizeOfCommon(o Resources) (entries, ranges int) {
	for i, j := 0, 0; i < len(r.e) && j < len(o.e); {
		switch c := r.e[i].compare(o.e[j]); {
		case c < 0:
			i++
		case c > 0:
			j++
		default:
			entries++
			if r.e[i].kind == KindRanges {
				ranges += len(r.e[i].value.ranges) + len(o.e[j].value.ranges)
			}
			i, j = i+1, j+1
		}
	}
	return entries, ranges
}

// Contains reports whether all of o can be taken from r at once. Time is linear in
// both; no memory is allocated.
func (r Resources) Contains(o Resources) bool {
	i := 0
	for _, x := range o.e {
		for i < len(r.e) && r.e[i].compare(x) < 0 {
			i++
		}
		if i == len(r.e) || r.e[i].compare(x) != 0 || !r.e[i].value.Contains(x.value) {
			return false
		}
		i++
	}
	return true
}

// ContainsQuantities reports whether r adds up to at least q, whatever its role, disk
// or kind; see [Resources.Quantities].
func (r Resources) ContainsQuantities(q Quantities) bool { return r.Quantities().Contains(q) }
