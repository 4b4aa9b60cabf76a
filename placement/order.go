package placement

import (
	"fmt"
	"iter"
	"math"
	"strings"
)

// Order is the order in which [Round.Pending] yields the tasks of one priority. Tasks of a higher
// priority always come first, whatever the order; ties keep the order given.
type Order uint8

const (
	// AsGiven keeps the order of the tasks in the call.
	AsGiven Order = iota
	// ByPriority puts the tasks of greater Value first.
	ByPriority
	// Decreasing puts the tasks of greater dominant share of the fleet first: the largest part
	// that the task needs of all the fleet's capacity in any one column.
	Decreasing
	// Shuffled is a random order made from the seed.
	Shuffled
	// DecreasingSum puts the tasks first that need more of the fleet's capacity: the sum, over the columns, of the
	// parts that [Decreasing] takes the largest of.
	DecreasingSum
	// DecreasingVolume puts the tasks of greater volume first: the product, over the columns, of 1/(1-x), where x is the part
	// of the largest agent that the task needs (Wood et al., "Black-box and gray-box strategies for virtual machine
	// migration", NSDI 2007). One that needs all of it in some column is larger than any that does not.
	DecreasingVolume
	// DecreasingProduct puts the tasks first whose parts of the largest agent have the greater product, over the columns;
	// a part below a thousandth counts as a thousandth.
	DecreasingProduct
	// DRF is the order of dominant resource fairness (Ghodsi et al., NSDI 2011): the next task is always one of the
	// owner who has least, the earliest of that owner's. What an owner has is its dominant share, divided by its weight (see
	// [WithWeights]): the largest part, in any one column, that the owner's running and placed tasks
	// use of all there is. It is reckoned anew after every placement. Ties go to the owner of the earliest task. Tasks
	// that find no place take a turn without raising the share.
	DRF
)

var orderNames = [...]string{AsGiven: "given", ByPriority: "priority", Decreasing: "decreasing", Shuffled: "random",
	DecreasingSum: "sum", DecreasingVolume: "volume", DecreasingProduct: "product", DRF: "drf"}

// Orders are all orders.
func Orders() iter.Seq[Order] {
	return func(yield func(Order) bool) {
		for o := range orderNames {
			if !yield(Order(o)) {
				return
			}
		}
	}
}

// String returns "given", "priority", "decreasing", "random", "sum", "volume", "product" or "drf".
func (o Order) String() string {
	if int(o) < len(orderNames) {
		return orderNames[o]
	}
	return fmt.Sprintf("Order(%d)", uint8(o))
}

// ParseOrder is the inverse of [Order.String].
func ParseOrder(text string) (Order, error) {
	for i, name := range orderNames {
		if text == name {
			return Order(i), nil
		}
	}
	return AsGiven, fmt.Errorf("%w: order %q is none of %s", ErrBadRequest, text, strings.Join(orderNames[:], ", "))
}

// sizes is the size of each shape by which one of the decreasing orders sorts.
func (r *Round) sizes(o Order) []float64 {
	total := make([]float64, len(r.columns))
	for _, b := range r.liveBins() {
		for c := range total {
			total[c] += float64(r.capacityRow(b)[c])
		}
	}
	tops := r.largest()
	sizes := make([]float64, len(r.shaper.shapes))
	for s := range sizes {
		need := r.shaper.shapes[s].need[0]
		size := 0.0
		for c, all := range total {
			if all == 0 {
				continue
			}
			part, ofLargest := float64(need[c])/all, float64(need[c])/float64(tops[c])
			switch o {
			case DecreasingSum:
				size += part
			case DecreasingVolume:
				size -= math.Log1p(-min(ofLargest, 1))
			case DecreasingProduct:
				size += math.Log(max(ofLargest, 0.001))
			default:
				size = max(size, part)
			}
		}
		sizes[s] = size
	}
	return sizes
}
