package index

import "math"

// slowFirst and slowBest are the obvious twins: a scan over all bins, nothing remembered.

func slowFirst(free Matrix, need []int64, accept Accept) int32 {
	for b := range int32(free.Rows()) {
		if slowFits(free.Row(b), need) && (accept == nil || accept(b)) {
			return b
		}
	}
	return -1
}

func slowBest(free, capacity Matrix, score Scorer, need []int64, accept Accept) int32 {
	best, top := int32(-1), math.Inf(-1)
	for b := range int32(free.Rows()) {
		if !slowFits(free.Row(b), need) || accept != nil && !accept(b) {
			continue
		}
		s := score(need, free.Row(b), capacity.Row(b))
		switch {
		case best < 0:
			best, top = b, s
		case math.IsNaN(s):
		case math.IsNaN(top) || s > top:
			best, top = b, s
		}
	}
	return best
}

// slowDeny is an accept that refuses what is denied, too.
func slowDeny(deny *Deny, accept Accept) Accept {
	return func(bin int32) bool {
		denied := false
		if deny != nil {
			for _, d := range [][]uint64{deny.Shut, deny.Now} {
				denied = denied || int(bin)/64 < len(d) && d[bin/64]&(1<<(bin%64)) != 0
			}
		}
		return !denied && (accept == nil || accept(bin))
	}
}

// slowPassed says whether a bin that fits is denied.
func slowPassed(free Matrix, need []int64, deny *Deny) bool {
	for b := range int32(free.Rows()) {
		if slowFits(free.Row(b), need) && !slowDeny(deny, nil)(b) {
			return true
		}
	}
	return false
}

func slowFits(free, need []int64) bool {
	for j := range need {
		if need[j] > 0 && free[j] < need[j] {
			return false
		}
	}
	return true
}
