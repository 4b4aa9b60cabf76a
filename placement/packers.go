package placement

import (
	"fmt"
	"slices"
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
	return GreedyBy(Rated("greedy", s))
}

// greedy is the packer of a scorer. The scorer may have parameters taken from the round; as long as
// they stay the same, so does the ranking.
type greedy struct {
	name   string
	scorer func(*Round) (Scorer, []float64)
	promises
}

type keptRanking struct {
	*Ranking
	parameters []float64
}

// Pack implements [Packer].
func (p *greedy) Pack(r *Round) {
	s, parameters := p.scorer(r)
	kept := r.Keep(p, func() any { return &keptRanking{} }).(*keptRanking)
	if kept.Ranking == nil || !slices.Equal(kept.parameters, parameters) {
		kept.Ranking, kept.parameters = r.Rank(s), parameters
		kept.promises = p.promises
	}
	for t := range r.promising() {
		if b, ok := kept.Best(t); ok {
			r.Place(t, b)
		}
	}
}

func (p *greedy) String() string { return p.name }

func (p *greedy) oneByOne() {}
