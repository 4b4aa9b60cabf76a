package resources

import (
	"slices"
	"sort"
)

// sumAtOnce bounds how many collections are added up by insertion, which moves what
// comes behind; more are halved.
const sumAtOnce = 64

// Sum returns everything in all of list, as repeated [Resources.Plus] would, but without
// making the sums in between. Up to 64 collections cost one pass over their entries, a
// sort of ranges that are not in order, and two allocations, plus one for every set that
// grows; more collections cost a factor logarithmic in their number.
func Sum(list ...Resources) Resources {
	switch n := len(list); {
	case n == 0:
		return Resources{}
	case n == 1:
		return list[0]
	case n > sumAtOnce:
		return Sum(list[:n/2]...).Plus(Sum(list[n/2:]...))
	}
	entries, ranges := 0, 0
	for _, r := range list {
		entries += len(r.e)
		for i := range r.e {
			ranges += len(r.e[i].value.ranges)
		}
	}
	out := make([]entry, 0, entries)
	for _, r := range list {
		out = accumulate(out, r.e)
	}
	arena := make([]Range, 0, ranges)
	for i := range out {
		if e := &out[i]; e.kind == KindRanges && !e.whole {
			arena = e.sumRanges(arena, list)
		}
	}
	return Resources{out}
}

// accumulate adds list to out, which has room for it. Of ranges that meet it keeps the
// first.
func accumulate(out, list []entry) []entry {
	i := 0
	for j := range list {
		e, c := &list[j], 1
		for ; i < len(out); i++ {
			if c = out[i].compare(e); c > 0 || c == 0 && !e.whole {
				break // whole ones go behind the copies that are there
			}
		}
		switch {
		case i == len(out) || c > 0:
			out = slices.Insert(out, i, sharedLike(out[:i], *e))
		case e.kind == KindScalar:
			out[i].value.amount = addAmounts(out[i].value.amount, e.value.amount)
		case e.kind == KindSet:
			out[i].value = out[i].value.plus(e.value)
		}
		i++
	}
	return out
}

// sumRanges makes the value of e the union over list. The union is appended to arena,
// unless only one of list has e.
func (e *entry) sumRanges(arena []Range, list []Resources) []Range {
	start, found := len(arena), 0
	for _, r := range list {
		i := sort.Search(len(r.e), func(i int) bool { return r.e[i].compare(e) >= 0 })
		if i < len(r.e) && r.e[i].compare(e) == 0 {
			arena = append(arena, r.e[i].value.ranges...)
			found++
		}
	}
	if found == 1 {
		return arena[:start]
	}
	union := coalesce(arena[start:])
	e.value.ranges = slices.Clip(union)
	return arena[:start+len(union)]
}
