package placement

import (
	"math"
	"slices"

	"github.com/berth-go/berth/placement/internal/index"
	"github.com/berth-go/berth/resources"
)

// FitScorer rates a bin for a task together with the device units that the task would take there: 0 to 1,
// higher is better. It is called only for choices that fit, must be pure (the same shape of task, bin in the same
// state and units always score the same), and is called again only when the bin changed. It must not keep the
// Fit. A score that is not a number loses against every other.
type FitScorer func(*Fit) float64

// Fit is a bin, a task and the device units proposed for it, as a [FitScorer] sees them.
type Fit struct {
	round   *Round
	kit     *kit
	shape   *shape
	id      int32
	bin     int32
	variant int8
	units   []int32
	after   []resources.Amount
}

// Unit is one device unit of a bin.
type Unit struct {
	Kind, Model string
	Capacity    resources.Amount
	// Free is what is left of it now, After what the task would leave.
	Free, After resources.Amount
	// Used says that somebody uses the unit now, Tag with which tag.
	Used bool
	Tag  string
}

// Bin is the bin proposed.
func (f *Fit) Bin() BinIndex { return BinIndex(f.bin) }

// Shape is the task's shape, see [Round.Shape].
func (f *Fit) Shape() int { return int(f.id) }

// Need is what the task draws. Of devices of several sizes it is the least that it can draw.
func (f *Fit) Need() Row { return f.round.scored(f.shape.need[f.variant]) }

// Free is what the bin has left now, before the task.
func (f *Fit) Free() Row { return f.round.scored(f.round.freeRow(f.bin)) }

// Capacity is what the bin has in all.
func (f *Fit) Capacity() Row { return f.round.scored(f.round.capacityRow(f.bin)) }

// Units is the number of device units of the bin.
func (f *Fit) Units() int { return len(f.after) }

// Unit describes a unit of the bin.
func (f *Fit) Unit(i int) Unit {
	u := &f.round.bins[f.bin].units[i]
	return Unit{Kind: u.kind, Model: u.model, Capacity: u.capacity, Free: u.free, After: f.after[i], Used: u.users > 0, Tag: u.tag}
}

// Proposed are the positions of the units the task would take, in the order of its requests. The slice
// must not be kept or changed.
func (f *Fit) Proposed() []int32 { return f.units }

// FitRanking finds the best bins and device units for tasks by one [FitScorer]. It is valid as long as its round.
type FitRanking struct {
	round    *Round
	score    FitScorer
	index    *index.Opaque // nil before the first question
	told     int           // how much of the round's touched is worked in
	asked    int32         // the number of the round in which it was last asked
	kits     *kits
	proposer proposer
	fit      Fit
	visit    func()
	// byState promises that the scorer reads nothing but the state of the bin: not even which one it is.
	byState bool
	groups  *groups       // nil without that promise
	changed func(b int32) // told of bins that changed, -1 for all, if not nil
	// best, bestUnits and any are the result of rate.
	best      float64
	bestUnits []int32
	any       bool
	keep      bool // rate keeps the units
	scratch   []int32
}

// RankFit makes a ranking by a scorer that sees which device units are proposed. Candidates are a bin and
// a choice of units, where units in the same state are one choice, and at most 256 choices are looked at on one
// bin. Make one for each scorer and keep it (see [Round.Keep]).
//
// It remembers, for each shape, the bins in the order of their best scores. A decision costs one
// score for each choice on each bin that changed since the shape's last decision; a shape's first costs as much for every bin.
// Memory: 16 bytes for each shape and bin that fits it, up to 2 KB a bin (64 MB at least) in all; then shapes are answered by scans.
func (r *Round) RankFit(s FitScorer) *FitRanking {
	k := &FitRanking{round: r, score: s, kits: newKits(r)}
	k.proposer = proposer{round: r, kits: k.kits}
	k.visit = k.consider
	k.fit.round = r
	return k
}

// start looks at the fleet as it is.
func (k *FitRanking) start() {
	r := k.round
	clear(k.kits.of)
	k.groups = nil
	if k.byState {
		k.groups = newGroups(r, k.kits)
	}
	k.index = index.NewOpaque(len(r.bins), k.known)
	k.told = len(r.touched)
	r.trackers = append(r.trackers, k)
	if k.changed != nil {
		k.changed(-1)
	}
}

// Forget drops what is remembered. Call it when the scorer changed, which it else must not.
func (k *FitRanking) Forget() {
	if k.index != nil {
		k.index.Forget()
	}
	if k.groups != nil {
		clear(k.groups.score)
	}
}

func (k *FitRanking) rewind(number int32) bool {
	if k.asked < number-1 {
		k.index = nil
		return false
	}
	k.catchUp()
	k.told = 0
	return true
}

// Best is the bin with the highest score that would take the task now, with the units to take, for
// [Round.PlaceOn]; false when there is none or the round is stopped. Ties go to the earliest bin, on a bin to the units of
// the lowest positions. Where the task prefers something, see [Ranking.Best]. The units are valid until the next call.
func (k *FitRanking) Best(t TaskIndex) (b BinIndex, units []int32, ok bool) {
	r := k.round
	if !r.seek(t) {
		return NoBin, nil, false
	}
	k.asked = r.number
	k.catchUp()
	shape := r.states[t].shape
	found := int32(-1)
	if len(r.ruleFor(t).prefer) > 0 {
		found = k.scan(t)
	} else {
		before := k.index.Steps()
		found = k.index.Find(shape, k.accepts)
		r.steps += k.index.Steps() - before + 1
	}
	if found < 0 {
		r.fail(t)
		return NoBin, nil, false
	}
	k.keep = true
	k.rate(shape, found)
	k.keep = false
	r.witness(t, k.liked)
	return BinIndex(found), k.bestUnits, true
}

// accepts is asked about bins that fit: whether the requirements let the task go there.
func (k *FitRanking) accepts(b int32) bool {
	f := &k.round.finding
	if k.round.admitted(b) {
		return true
	}
	f.refused = true
	return false
}

// catchUp works in what changed since the ranking was last asked.
func (k *FitRanking) catchUp() {
	r := k.round
	if k.index == nil {
		k.start()
	}
	k.index.Grow(len(r.bins))
	for ; k.told < len(r.touched); k.told++ {
		b := r.touched[k.told].bin()
		k.kits.refresh(b)
		k.groups.leave(b)
		k.index.Changed(b)
		if k.changed != nil {
			k.changed(b)
		}
	}
}

// known is rate, asked once for bins that are alike.
func (k *FitRanking) known(shape, b int32) (float64, bool) {
	g := k.groups.at(b)
	if g == nil {
		return k.rate(shape, b)
	}
	if g.shape != shape+1 {
		g.score, g.fits = k.rate(shape, b)
		g.shape = shape + 1
	}
	return g.score, g.fits
}

// rate is the score of the best choice of units on a bin; false where the shape does not fit.
func (k *FitRanking) rate(shape, b int32) (float64, bool) {
	s := &k.round.shaper.shapes[shape]
	v := k.round.fitRow(s, b)
	if v < 0 || (!s.plain && !k.round.fitOthers(s, b)) { // whether units fit, the proposer sees
		return 0, false
	}
	f := &k.fit
	f.shape, f.id, f.bin, f.variant, f.kit = s, shape, b, v, k.kits.at(b)
	k.any = false
	k.proposer.each(shape, s, b, k.visit)
	return k.best, k.any
}

// consider rates the choice that the proposer is at.
func (k *FitRanking) consider() {
	k.fit.units, k.fit.after = k.proposer.units, k.proposer.after
	score := k.score(&k.fit)
	better := !k.any || beats(score, k.best)
	if k.keep && (better || !beats(k.best, score)) {
		units := k.sorted(k.fit.units)
		if better || slices.Compare(units, k.bestUnits) < 0 {
			k.bestUnits = append(k.bestUnits[:0], units...)
		}
	}
	if better {
		k.best, k.any = score, true
	}
}

// sorted is units with those of each request in order of position.
func (k *FitRanking) sorted(units []int32) []int32 {
	k.scratch = append(k.scratch[:0], units...)
	i := 0
	for j := range k.fit.shape.devices {
		n := max(k.fit.shape.devices[j].Count, 1)
		slices.Sort(k.scratch[i : i+n])
		i += n
	}
	return k.scratch
}

// scan looks at every bin.
func (k *FitRanking) scan(t TaskIndex) int32 {
	r := k.round
	best, bestScore := int32(-1), math.NaN()
	for _, b := range r.liveBins() {
		r.steps++
		if r.fit(r.finding.shape, b) < 0 || !k.accepts(b) {
			continue
		}
		if score := k.liked(t, b, 0); best < 0 || beats(score, bestScore) {
			best, bestScore = b, score
			if r.suffices(score) {
				break
			}
		}
	}
	return best
}

// liked is the score of a bin that fits, preferences included.
func (k *FitRanking) liked(t TaskIndex, b int32, _ int8) float64 {
	score, _ := k.rate(k.round.states[t].shape, b)
	return k.round.blend(t, b, score)
}
