package resources

// alignment is how the entries of two collections lie beside each other in canonical
// order: the first step of a merge, so that keys are compared only once.
type alignment struct {
	steps  []int8 // -1: the left entry comes next; +1: the right one; 0: both are alike
	alike  int    // how many steps are 0
	whole  int    // how many of those are whole
	ranges int    // enough ranges for the sums or differences of those that are alike
}

// align puts the steps into space, which callers keep on the stack.
func align(l, r []entry, space []int8) alignment {
	a := alignment{steps: space[:0]}
	for i, j := 0, 0; i < len(l) || j < len(r); {
		c := 0
		switch {
		case i == len(l):
			c = 1
		case j == len(r):
			c = -1
		default:
			c = l[i].compare(&r[j])
		}
		switch {
		case c < 0:
			a.steps = append(a.steps, -1)
			i++
		case c > 0:
			a.steps = append(a.steps, 1)
			j++
		default:
			a.steps = append(a.steps, 0)
			a.alike++
			a.whole += int(bit(l[i].whole))
			a.ranges += len(l[i].value.ranges) + len(r[j].value.ranges)
			i, j = i+1, j+1
		}
	}
	return a
}

// Plus returns everything in r and o. Time is linear in both; memory is allocated at
// most twice, plus once for every set that grows.
func (r Resources) Plus(o Resources) Resources {
	if len(r.e) == 0 {
		return o
	}
	if len(o.e) == 0 {
		return r
	}
	var space [64]int8
	a := align(r.e, o.e, space[:])
	out := make([]entry, 0, len(a.steps)+a.whole)
	arena := make([]Range, 0, a.ranges)
	i, j := 0, 0
	for _, step := range a.steps {
		switch {
		case step < 0:
			out = append(out, r.e[i])
			i++
		case step > 0:
			out = append(out, sharedLike(out, o.e[j]))
			j++
		case r.e[i].whole:
			out = append(out, r.e[i])
			out = append(out, sharedLike(out, o.e[j]))
			i, j = i+1, j+1
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
	if n := len(out); n > 0 && e.res.Shared && out[n-1].compare(&e) == 0 {
		return out[n-1]
	}
	return e
}

// Minus returns r without what is in o. Subtracting more than there is leaves nothing;
// subtracting what is not there, or part of what can only be taken whole, changes
// nothing. Time is linear in both; memory is allocated at most twice, plus once for every
// set that shrinks, and not at all when nothing changes.
func (r Resources) Minus(o Resources) Resources {
	if len(r.e) == 0 || len(o.e) == 0 {
		return r
	}
	var space [64]int8
	a := align(r.e, o.e, space[:])
	if a.alike == 0 {
		return r
	}
	out := make([]entry, 0, len(r.e))
	arena := make([]Range, 0, a.ranges)
	i, j := 0, 0
	for _, step := range a.steps {
		if step > 0 {
			j++
			continue
		}
		e := r.e[i]
		i++
		if step == 0 {
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
			j++
		}
		if step < 0 || !e.value.IsEmpty() {
			out = append(out, e)
		}
	}
	return Resources{out}
}

// Contains reports whether all of o can be taken from r at once. Time is linear in
// both; no memory is allocated.
func (r Resources) Contains(o Resources) bool {
	i := 0
	for j := range o.e {
		x := &o.e[j]
		c := -1
		for i < len(r.e) && c < 0 {
			c = r.e[i].compare(x)
			i++
		}
		if c != 0 || !r.e[i-1].value.Contains(x.value) {
			return false
		}
	}
	return true
}

// ContainsQuantities reports whether r adds up to at least q, whatever its role, disk
// or kind; see [Resources.Quantities].
func (r Resources) ContainsQuantities(q Quantities) bool { return r.Quantities().Contains(q) }
