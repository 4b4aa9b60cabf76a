package placement

import (
	"fmt"
)

func packerName(p Packer) string {
	if s, ok := p.(fmt.Stringer); ok {
		return s.String()
	}
	return fmt.Sprintf("%T", p)
}

type named struct {
	name string
	pack func(*Round)
}

func (p named) Pack(r *Round)  { p.pack(r) }
func (p named) String() string { return p.name }

// Greedy places each task in turn on the bin that the scorer rates highest. A task that fits
// anywhere at its turn is placed.
func Greedy(s Scorer) Packer {
	return named{"greedy", func(r *Round) { greedy(r, s) }}
}

func greedy(r *Round, s Scorer) {
	k := r.Rank(s)
	for t := range r.Pending() {
		if b, ok := k.Best(t); ok {
			r.Place(t, b)
		}
	}
}
