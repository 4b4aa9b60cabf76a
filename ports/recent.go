package ports

import (
	"iter"
	"slices"
	"sort"

	"github.com/berth-go/berth/resources"
)

// DefaultRecent is how many ports a [Recent] remembers unless told otherwise.
const DefaultRecent = 1024

// Recent is an immutable list of recently used ports, each once, the latest use last. The
// zero value is empty and remembers [DefaultRecent] ports. It is what [AvoidRecent] avoids:
// keep one for each agent.
type Recent struct {
	ports []uint16 // never written to once it is here
	limit int      // 0: DefaultRecent
}

// NewRecent returns an empty list that remembers the last limit ports; a limit below 1
// means [DefaultRecent].
func NewRecent(limit int) Recent { return Recent{limit: max(limit, 0)} }

// Use returns a list in which the given ports were used last, in this order. The oldest
// ports are forgotten where the limit demands it. The receiver stays as it was. Linear in
// the number of ports remembered.
func (r Recent) Use(ports ...uint16) Recent {
	if len(ports) == 0 {
		return r
	}
	limit := r.limit
	if limit == 0 {
		limit = DefaultRecent
	}
	var seen portSet
	kept := make([]uint16, 0, min(limit, len(ports)+len(r.ports)))
	for _, list := range [2][]uint16{ports, r.ports} {
		for _, p := range slices.Backward(list) {
			if len(kept) < limit && seen.add(p) {
				kept = append(kept, p)
			}
		}
	}
	slices.Reverse(kept)
	return Recent{ports: kept, limit: r.limit}
}

// Len returns how many ports are remembered.
func (r Recent) Len() int { return len(r.ports) }

// All yields the ports remembered, the latest use last.
func (r Recent) All() iter.Seq[uint16] { return slices.Values(r.ports) }

func pickAvoidRecent(dst []uint16, free resources.Ranges, req *Request, fixed holes, recent Recent) []uint16 {
	if req.Contiguous {
		return pickAvoidRecentRun(dst, free, req, fixed, recent)
	}
	all := len(dst) + req.Dynamic
	avoid := barred(fixed, recent.ports)
	dst = pickLowest(dst, free, req, holes{many: &avoid})
	if len(dst) == all {
		return dst
	}
	var open portSet // every port that could be taken
	walk := blocksOf(free, req, fixed)
	for b, ok := walk.next(); ok; b, ok = walk.next() {
		for p := b.begin; p <= b.end; p++ {
			open.add(uint16(p))
		}
	}
	for _, p := range recent.ports {
		if len(dst) == all {
			break
		}
		if open.has(p) {
			dst = append(dst, p)
		}
	}
	return dst
}

// pickAvoidRecentRun finds the smallest number of oldest uses that must be forgiven for a
// run to exist.
func pickAvoidRecentRun(dst []uint16, free resources.Ranges, req *Request, fixed holes, recent Recent) []uint16 {
	forgiven := sort.Search(len(recent.ports), func(n int) bool {
		avoid := barred(fixed, recent.ports[n:])
		return enough(free, req, holes{many: &avoid})
	})
	avoid := barred(fixed, recent.ports[forgiven:])
	return pickLowest(dst, free, req, holes{many: &avoid})
}

func barred(fixed holes, ports []uint16) portSet {
	s := *fixed.many
	for _, p := range ports {
		s.add(p)
	}
	return s
}
