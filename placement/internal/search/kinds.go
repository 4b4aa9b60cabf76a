package search

import (
	"cmp"
	"slices"
)

// kinds groups the items that no heuristic can tell apart: same shape, same
// rule, same value. Real clusters have about a hundred kinds for thousands of
// items, and the heuristics that scan candidates scan kinds.
type kinds struct {
	of    []int32   // item -> kind
	items [][]int32 // kind -> its items, ascending
}

// newKinds sorts the items once: O(items log items). Kinds are numbered in
// the order of their first item.
func newKinds(m *model) *kinds {
	order := make([]int32, m.items)
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		if c := m.compareKind(a, b); c != 0 {
			return c
		}
		return cmp.Compare(a, b)
	})
	k := &kinds{of: make([]int32, m.items)}
	for lo := 0; lo < len(order); {
		hi := lo + 1
		for hi < len(order) && m.compareKind(order[lo], order[hi]) == 0 {
			hi++
		}
		k.items = append(k.items, order[lo:hi:hi])
		lo = hi
	}
	slices.SortFunc(k.items, func(a, b []int32) int { return cmp.Compare(a[0], b[0]) })
	for n, items := range k.items {
		for _, i := range items {
			k.of[i] = int32(n)
		}
	}
	return k
}

func (m *model) compareKind(a, b int32) int {
	if c := cmp.Compare(m.shape[a], m.shape[b]); c != 0 {
		return c
	}
	if m.allowed != nil {
		if m.rule == nil {
			return cmp.Compare(a, b)
		}
		if c := cmp.Compare(m.rule[a], m.rule[b]); c != 0 {
			return c
		}
	}
	return cmp.Compare(m.valueOf(a), m.valueOf(b))
}
