package resources

// ShrinkTo returns as much of r as there may be by target: nothing of a name that
// target does not have, and no more of others. Entries are taken in canonical order and
// the last one is reduced if that is possible; what can only be taken whole and
// does not fit is left out, and so are further entries once a name is used up. Mesos
// does the same in random order. Ranges and sets keep their lowest integers and items.
func (r Resources) ShrinkTo(target Quantities) Resources {
	return r.shrink(func(name string) (Amount, bool) { return target.Get(name), true })
}

// ShrinkWithin is like [Resources.ShrinkTo], but leaves names without a limit alone.
func (r Resources) ShrinkWithin(limits Limits) Resources { return r.shrink(limits.Get) }

func (r Resources) shrink(limit func(name string) (Amount, bool)) Resources {
	var out []entry
	var name string
	var left Amount
	var limited bool
	for i, e := range r.e {
		if i == 0 || e.res.Name != name {
			name = e.res.Name
			left, limited = limit(name)
		}
		if !limited {
			out = append(out, e)
			continue
		}
		if e.value.units() > left {
			if e.whole {
				continue
			}
			e.value = e.value.first(left)
		}
		if !e.value.IsEmpty() {
			left -= e.value.units()
			out = append(out, e)
		}
	}
	return Resources{out}
}

// first returns as much of v as counts for at most n.
func (v Value) first(n Amount) Value {
	switch v.kind {
	case KindScalar:
		return ScalarOf(min(v.amount, n))
	case KindRanges:
		return RangesOf(v.Ranges().first(uint64(n.Whole())))
	}
	items := v.list()
	return SetOf(Set{items[:min(uint64(len(items)), uint64(n.Whole()))]})
}

// first returns the n lowest integers.
func (r Ranges) first(n uint64) Ranges {
	var out []Range
	for _, x := range r.r {
		if n == 0 {
			break
		}
		if x.End-x.Begin >= n {
			x.End = x.Begin + n - 1
		}
		n -= x.End - x.Begin + 1
		out = append(out, x)
	}
	return Ranges{out}
}
