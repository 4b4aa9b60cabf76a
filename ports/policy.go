package ports

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/berth-go/berth/resources"
)

type kind uint8

const (
	lowestFirst kind = iota
	random
	bestFit
	avoidRecent
)

// Policy says which of the free ports [Take] prefers for the dynamic ports of a request. It
// is a small immutable value; the zero Policy is [LowestFirst]. Fixed ports are no choice,
// and no policy changes whether a request fits.
type Policy struct {
	kind   kind
	seed   uint64
	recent Recent
}

// LowestFirst takes the lowest free ports; contiguous ports from the lowest run that is
// long enough.
func LowestFirst() Policy { return Policy{} }

// Random takes ports at random, every choice equally likely. It keeps no generator: the
// answer is a function of the seed, the free ports and the request. Give each task its own
// seed if equal requests are to differ.
func Random(seed uint64) Policy { return Policy{kind: random, seed: seed} }

// BestFit keeps big blocks of free ports whole, for those who will ask for contiguous ports
// later. It uses up the smallest blocks, only as many as it needs, and leaves what it does
// not need of them in one piece, so that no other choice leaves bigger blocks: the sizes of
// the remaining blocks, biggest first, are the greatest possible in dictionary order.
// Contiguous ports come from the low end of the smallest block that holds them; ties go to
// the lower block. Blocks are measured inside Within.
func BestFit() Policy { return Policy{kind: bestFit} }

// AvoidRecent takes the lowest ports not used recently and, only where these do not
// suffice, those whose last use is longest ago. For contiguous ports it takes the run whose
// latest use is longest ago, the lowest of equals.
func AvoidRecent(recent Recent) Policy { return Policy{kind: avoidRecent, recent: recent} }

// String names the policy: "lowest", "random(SEED)", "bestfit" or "avoidrecent". What reads back is
// [Policy.MarshalText].
func (p Policy) String() string {
	switch p.kind {
	case random:
		return fmt.Sprintf("random(%d)", p.seed)
	case bestFit:
		return "bestfit"
	case avoidRecent:
		return "avoidrecent"
	}
	return "lowest"
}

// pick appends req.Dynamic ports, which are known to be there.
func (p Policy) pick(dst []uint16, free resources.Ranges, req *Request, fixed holes) []uint16 {
	switch p.kind {
	case random:
		return pickRandom(dst, free, req, fixed, p.seed)
	case bestFit:
		return pickBestFit(dst, free, req, fixed)
	case avoidRecent:
		return pickAvoidRecent(dst, free, req, fixed, p.recent)
	}
	return pickLowest(dst, free, req, fixed)
}

// pickLowest appends what there is where that is less than asked for.
func pickLowest(dst []uint16, free resources.Ranges, req *Request, taken holes) []uint16 {
	missing := req.Dynamic
	walk := blocksOf(free, req, taken)
	for b, ok := walk.next(); ok; b, ok = walk.next() {
		if req.Contiguous && b.size() < missing {
			continue
		}
		n := min(b.size(), missing)
		dst = appendRun(dst, b.begin, n)
		if missing -= n; missing == 0 {
			break
		}
	}
	return dst
}

func pickBestFit(dst []uint16, free resources.Ranges, req *Request, fixed holes) []uint16 {
	var all []block
	walk := blocksOf(free, req, fixed)
	for b, ok := walk.next(); ok; b, ok = walk.next() {
		if !req.Contiguous || b.size() >= req.Dynamic {
			all = append(all, b)
		}
	}
	slices.SortFunc(all, func(a, b block) int {
		return cmp.Or(cmp.Compare(a.size(), b.size()), cmp.Compare(a.begin, b.begin))
	})
	used, sum := 0, 0
	for sum < req.Dynamic {
		sum += all[used].size()
		used++
	}
	surplus := sum - req.Dynamic
	for _, b := range all[:used] {
		n := b.size()
		if n >= surplus { // the smallest block that can keep the whole surplus keeps it; so none is cut twice
			n -= surplus
			surplus = 0
		}
		dst = appendRun(dst, b.begin, n)
	}
	return dst
}
