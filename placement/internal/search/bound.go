package search

import (
	"math/big"
	"slices"
)

// volumeBound is the least number of bins to open by volume alone: in every
// column, the largest bins first must hold what the bins in use cannot. It is
// valid for heterogeneous bins and whatever Allowed says. It is bins+1 when
// not even all of them suffice. O(bins log bins) per column.
func volumeBound(m *model) int {
	bound := 0
	for c := range m.d {
		left := new(big.Int)
		for _, s := range m.shape {
			left.Add(left, big.NewInt(m.needRow(s)[c]))
		}
		var fresh []int64
		for b := range m.bins {
			if a := m.row(int32(b))[c]; m.inUse[b] {
				left.Sub(left, big.NewInt(a))
			} else {
				fresh = append(fresh, a)
			}
		}
		slices.Sort(fresh)
		n := 0
		for left.Sign() > 0 && n < len(fresh) {
			left.Sub(left, big.NewInt(fresh[len(fresh)-1-n]))
			n++
		}
		if left.Sign() > 0 {
			return m.bins + 1
		}
		bound = max(bound, n)
	}
	return bound
}
