package placement

import (
	"encoding/binary"
	"slices"
)

// potential says what a bin in some state is worth to the tasks expected. A packer that looks ahead puts
// each task where its bin loses least worth, or gains most.
type potential interface {
	// expect makes the potential ready for a forecast.
	expect(f *forecast, k *kits)
	// reduce appends to key what of the scalars matters: states with equal keys have equal worth.
	reduce(key []byte, s *binState) []byte
	// worth is called once for a key, as long as that is remembered.
	worth(s *binState) float64
	// score rates a change. Empty says that nothing uses the bin before.
	score(before, after float64, empty bool) float64
}

// binState is a bin as it is or as it would be after a task.
type binState struct {
	kit   *kit
	row   []int64     // what is left of scalars and ports; device columns mean nothing
	units []unitState // by make, lock, left
}

type unitState struct {
	make, lock int32
	left, size int64
}

// PackerOption is an option of a packer that looks ahead.
type PackerOption func(*lookahead)

// WithWorkload tells a packer what tasks to expect. Without it, or with an empty workload, the packer learns from
// the tasks that reach their turn, as long as it works on one engine.
func WithWorkload(w Workload) PackerOption { return func(p *lookahead) { p.given = w } }

// lookahead is a packer by potential.
type lookahead struct {
	name  string
	given Workload
	part  float64 // of the workload that is looked at
	make  func(r *Round) potential
}

func newLookahead(name string, part float64, make func(*Round) potential, opts []PackerOption) *lookahead {
	p := &lookahead{name: name, part: part, make: make}
	for _, o := range opts {
		if o != nil {
			o(p)
		}
	}
	return p
}

func (p *lookahead) String() string { return p.name }

// Pack places each task in turn on the bin and the units of the highest score.
func (p *lookahead) Pack(r *Round) {
	k := r.Keep(p, func() any { return newOutlook(p, r) }).(*outlook)
	k.refresh()
	for t := range r.Pending() {
		k.learner.see(k, t)
		if b, units, ok := k.ranking.Best(t); ok {
			r.PlaceOn(t, b, units)
		}
	}
}

// outlook is what a packer that looks ahead keeps between runs.
type outlook struct {
	round     *Round
	potential potential
	forecast  *forecast
	ranking   *FitRanking
	learner   learner
	part      float64
	shapes    []weighed
	tops      []int64
	bins      []outlookBin
	state     binState
	memo      *stateMemo
	key       []byte
}

type outlookBin struct {
	worth        float64
	known, empty bool
}

func newOutlook(p *lookahead, r *Round) *outlook {
	k := &outlook{round: r, potential: p.make(r)}
	k.ranking = r.RankFit(k.rate)
	k.ranking.byState, k.ranking.changed = true, k.changed
	k.part = p.part
	k.learner.given = p.given.Len() > 0
	var shapes []weighed
	for e := range p.given.All() {
		s := r.newShape(&e.Task, r.looseRow)
		shapes = append(shapes, weighed{&s, e.Weight})
	}
	k.shapes = shapes
	return k
}

// refresh starts anew if what the potential goes by has changed with the fleet.
func (k *outlook) refresh() {
	if tops := k.round.largest(); k.forecast == nil || !slices.Equal(tops, k.tops) {
		k.tops = append(k.tops[:0], tops...)
		k.expect(k.shapes)
	}
}

// expect starts anew with other expectations.
func (k *outlook) expect(shapes []weighed) {
	k.shapes = shapes
	k.forecast = newForecast(k.round, frequent(shapes, k.part))
	k.potential.expect(k.forecast, k.ranking.kits)
	k.ranking.Forget()
	k.memo = newStateMemo()
	clear(k.bins)
}

// maxTypes bounds the shapes that are looked at.
const maxTypes = 1024

// frequent keeps the heaviest that weigh at least a part of all. They come heaviest first.
func frequent(shapes []weighed, part float64) []weighed {
	all, sum := 0.0, 0.0
	for _, s := range shapes {
		all += s.weight
	}
	for i, s := range shapes {
		if sum += s.weight; sum >= part*all || i+1 == maxTypes {
			return shapes[:i+1]
		}
	}
	return shapes
}

// rate is the outlook's scorer.
func (k *outlook) rate(f *Fit) float64 {
	was := k.bin(f.bin)
	k.after(f)
	return k.potential.score(was.worth, k.worth(), was.empty)
}

// bin is what a bin is worth as it is.
func (k *outlook) bin(b int32) *outlookBin {
	r := k.round
	for int(b) >= len(k.bins) {
		k.bins = append(k.bins, outlookBin{})
	}
	was := &k.bins[b]
	if !was.known {
		k.now(b)
		*was = outlookBin{k.worth(), true, slices.Equal(r.freeRow(b), r.capacityRow(b))}
	}
	return was
}

func (k *outlook) changed(b int32) {
	if b < 0 {
		clear(k.bins)
	} else if int(b) < len(k.bins) {
		k.bins[b].known = false
	}
}

// now sets the state to what bin b is.
func (k *outlook) now(b int32) {
	bn, s := &k.round.bins[b], &k.state
	s.kit = k.ranking.kits.at(b)
	s.row = append(s.row[:0], k.round.freeRow(b)...)
	s.units = s.units[:0]
	for j := range bn.units {
		u := &bn.units[j]
		s.add(unitState{s.kit.makes[j], k.forecast.lock(u.users, u.tag), int64(u.free), int64(u.capacity)})
	}
}

// after sets the state to what a fit would leave.
func (k *outlook) after(f *Fit) {
	bn, s := &k.round.bins[f.bin], &k.state
	s.kit = f.kit
	need := f.shape.need[f.variant]
	s.row = s.row[:0]
	for i, a := range k.round.freeRow(f.bin) {
		s.row = append(s.row, a-need[i])
	}
	s.units = s.units[:0]
	tagged := slices.ContainsFunc(f.shape.devices, func(q DeviceRequest) bool { return q.Tag != "" })
	for j := range bn.units {
		u, lock := &bn.units[j], int32(0)
		if tagged || u.tag != "" {
			lock = k.lockAfter(f, j)
		}
		s.add(unitState{s.kit.makes[j], lock, int64(f.after[j]), int64(u.capacity)})
	}
}

// lockAfter is the lock of a unit as the fit would leave it.
func (k *outlook) lockAfter(f *Fit, j int) int32 {
	u := &k.round.bins[f.bin].units[j]
	i := 0
	for q := range f.shape.devices {
		for range max(f.shape.devices[q].Count, 1) {
			if f.units[i] == int32(j) {
				return k.forecast.lock(1, f.shape.devices[q].Tag)
			}
			i++
		}
	}
	return k.forecast.lock(u.users, u.tag)
}

// add keeps units in order.
func (s *binState) add(u unitState) {
	s.units = append(s.units, u)
	for i := len(s.units) - 1; i > 0 && u.before(&s.units[i-1]); i-- {
		s.units[i], s.units[i-1] = s.units[i-1], u
	}
}

func (u *unitState) before(o *unitState) bool {
	if u.make != o.make {
		return u.make < o.make
	}
	if u.lock != o.lock {
		return u.lock < o.lock
	}
	return u.left < o.left
}

// worth is the worth of the state.
func (k *outlook) worth() float64 {
	s := &k.state
	key := binary.AppendUvarint(k.key[:0], uint64(s.kit.id))
	k.forecast.acceptance(k.ranking.kits.makes)
	key = k.potential.reduce(key, s)
	for i := range s.units {
		u := &s.units[i]
		key = binary.AppendUvarint(key, uint64(u.left))
		key = binary.AppendUvarint(key, uint64(u.lock))
	}
	k.key = key
	slot, known := k.memo.find(key)
	if known {
		return slot.worth
	}
	w := k.potential.worth(s)
	k.memo.put(slot, key, w)
	return w
}
