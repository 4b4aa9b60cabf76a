package offerbuffer

import (
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// BigEnough releases the offers of an agent when enough says so of all of them, oldest first. For "some pending
// task fits" that function is [placement.Engine.Wants]; for "the largest fits", or one of a chosen set,
// [placement.Engine.WantsFor] asks; for a chosen amount, [Holding]. What is never big enough is declined when
// the maximum time is up.
//
// Waiting for the largest alone starves all other tasks, and does not even serve the largest best: put a [LongEnough]
// beside it with [Any]. See what `go run ./bench offers` says of each.
//
// Call [Buffer.Reconsider] when what enough asks for has changed, such as when tasks were submitted.
func BigEnough(enough func([]placement.Offer) bool) Policy { return bigEnough{enough} }

type bigEnough struct{ enough func([]placement.Offer) bool }

func (bigEnough) String() string { return "big enough" }

func (p bigEnough) Judge(h *Held) Verdict {
	if !p.enough(h.Offers()) {
		return Verdict{}
	}
	return Verdict{Release: true, By: p.String()}
}

// Holding says whether offers together hold at least q, reserved or not; what is revocable does not count.
func Holding(q resources.Quantities) func([]placement.Offer) bool {
	return func(offers []placement.Offer) bool {
		for name, amount := range q.All() {
			for i := range offers {
				for r := range offers[i].Resources.All() {
					if r.Name == name && !r.Revocable && r.Value.Kind() == resources.KindScalar {
						amount -= r.Value.Amount()
					}
				}
			}
			if amount > 0 {
				return false
			}
		}
		return true
	}
}
