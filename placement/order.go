package placement

import "fmt"

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
)

var orderNames = [...]string{AsGiven: "given", ByPriority: "priority", Decreasing: "decreasing", Shuffled: "random"}

// String returns "given", "priority", "decreasing" or "random".
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
	return AsGiven, fmt.Errorf("%w: order %q is none of given, priority, decreasing, random", ErrBadRequest, text)
}
