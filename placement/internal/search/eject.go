package search

import (
	"math"
	"math/rand/v2"
)

// ejector inserts a pool of items into a fixed set of bins. When an item fits
// nowhere it throws out the cheapest one or two others that make room, which
// join the pool. The move is that of consistent neighbourhood search
// (Buljubašić & Vasquez, C&OR 2016); the price of throwing an item out grows
// with every time it found no place, as in the ejection pool of Nagata &
// Bräysy (Operations Research Letters 2009), so what is hard to place settles.
type ejector struct {
	p     *packing
	rng   *rand.Rand
	meter *meter
	bins  []int32 // the bins in play
	pool  []int32
	size  []float64 // per shape: sum of shares of an average bin
	price []float64 // per item: what throwing it out costs, penalties included
	base  []float64 // the same before penalties
	hard  []int32   // items with penalties
	tabu  []int64   // per item: stays in before this round
	round int64
	short []int64 // scratch: what a bin lacks for the item at hand

	// uphill: an item may throw out no more than it is worth itself.
	uphill bool
}

const (
	tabuRounds  = 4    // an item put in by force stays for 1 to this many rounds
	shakes      = 10   // random exchanges tried after every insertion by force
	penaltyStep = 0.05 // added per failure to fit
	sampleBins  = 512  // bins looked at per round
)

func newEjector(p *packing, rng *rand.Rand, t *meter) *ejector {
	e := &ejector{p: p, rng: rng, meter: t,
		price: make([]float64, p.m.items), base: make([]float64, p.m.items), tabu: make([]int64, p.m.items),
		size: make([]float64, p.m.shapes), short: make([]int64, p.m.d)}
	for s := range e.size {
		for c, a := range p.m.needRow(int32(s)) {
			e.size[s] += float64(a) * p.m.scale[c]
		}
		e.size[s] += 1e-6
	}
	return e
}

// ejection is a move: item goes into bin, out (None where fewer leave) leave.
type ejection struct {
	bin  int32
	out  [2]int32
	cost float64
}

// step inserts one pooled item, if a bin can be found for it.
func (e *ejector) step() {
	e.round++
	at := e.pick()
	i := e.pool[at]
	move := e.cheapest(i)
	if move.bin == None || move.out[0] != None {
		e.punish(i)
	}
	if move.bin == None || (e.uphill && move.cost >= e.price[i]) {
		return
	}
	e.pool[at] = e.pool[len(e.pool)-1]
	e.pool = e.pool[:len(e.pool)-1]
	for _, out := range move.out {
		if out != None {
			e.p.take(out)
			e.pool = append(e.pool, out)
		}
	}
	e.p.put(i, move.bin)
	if move.out[0] != None {
		e.tabu[i] = e.round + 1 + int64(e.rng.IntN(tabuRounds))
		e.shake(shakes)
	}
}

func (e *ejector) punish(i int32) {
	if e.price[i] == e.base[i] {
		e.hard = append(e.hard, i)
	}
	e.price[i] += penaltyStep * e.base[i]
}

// reset prepares for another goal: no pool, no penalties.
func (e *ejector) reset() {
	e.pool = e.pool[:0]
	for _, i := range e.hard {
		e.price[i] = e.base[i]
	}
	e.hard = e.hard[:0]
}

// setPrices sets what items are worth, in the same unit for all.
func (e *ejector) setPrices(of func(i int32) float64) {
	for i := range e.base {
		e.base[i] = of(int32(i))
	}
	copy(e.price, e.base)
	e.hard = e.hard[:0]
	e.meter.spend(int64(len(e.base)))
}

// pick draws from the pool; going uphill, the denser of two.
func (e *ejector) pick() int {
	at := e.rng.IntN(len(e.pool))
	if e.uphill {
		other := e.rng.IntN(len(e.pool))
		a, b := e.pool[at], e.pool[other]
		if e.price[b]*e.size[e.p.m.shape[a]] > e.price[a]*e.size[e.p.m.shape[b]] {
			at = other
		}
	}
	return at
}

// cheapest finds the bin where the least has to leave for i, ties at random.
func (e *ejector) cheapest(i int32) ejection {
	best := ejection{bin: None, cost: math.Inf(1)}
	e.meter.spend(int64(1 + 2*min(len(e.bins), sampleBins)))
	if len(e.bins) == 0 {
		return best
	}
	need := e.p.m.itemNeed(i)
	ties := 0
	at := e.rng.IntN(len(e.bins))
	for range min(len(e.bins), sampleBins) {
		if at++; at >= len(e.bins) {
			at = 0
		}
		b := e.bins[at]
		row := e.p.row(b)
		lacks := false
		for c, a := range need {
			e.short[c] = a - row[c]
			lacks = lacks || e.short[c] > 0
		}
		if !e.p.m.may(i, b) {
			continue
		}
		if !lacks {
			return ejection{bin: b, out: [2]int32{None, None}}
		}
		e.inBin(b, &best, &ties)
	}
	return best
}

// inBin offers every single item and every pair of bin b that covers e.short.
// Only what can still be the cheapest is compared at all.
func (e *ejector) inBin(b int32, best *ejection, ties *int) {
	held := e.p.held[b]
	looked := len(held)
	for x, j := range held {
		price := e.price[j]
		if price > best.cost || e.tabu[j] > e.round {
			continue
		}
		need := e.p.m.itemNeed(j)
		looked++
		if covers(need, e.short) {
			e.offer(best, ejection{b, [2]int32{j, None}, price}, ties)
			continue
		}
		looked += len(held) - x
		for _, l := range held[x+1:] {
			both := price + e.price[l]
			if both > best.cost || e.tabu[l] > e.round {
				continue
			}
			looked++
			if coverTogether(need, e.p.m.itemNeed(l), e.short) {
				e.offer(best, ejection{b, [2]int32{j, l}, both}, ties)
			}
		}
	}
	e.meter.spend(int64(looked))
}

func (e *ejector) offer(best *ejection, move ejection, ties *int) {
	if move.cost < best.cost {
		*best, *ties = move, 1
		return
	}
	*ties++
	if e.rng.IntN(*ties) == 0 {
		*best = move
	}
}

func covers(a, short []int64) bool {
	a = a[:len(short)]
	for c, s := range short {
		if a[c] < s {
			return false
		}
	}
	return true
}

func coverTogether(a, b, short []int64) bool {
	a, b = a[:len(short)], b[:len(short)]
	for c, s := range short {
		if a[c]+b[c] < s {
			return false
		}
	}
	return true
}

// shake moves random items to other bins, or exchanges them with one there,
// where both still fit: the state drifts without getting worse.
func (e *ejector) shake(n int) {
	for range n {
		a, b := e.bins[e.rng.IntN(len(e.bins))], e.bins[e.rng.IntN(len(e.bins))]
		if a == b || len(e.p.held[a]) == 0 {
			continue
		}
		i, j := e.p.held[a][e.rng.IntN(len(e.p.held[a]))], None
		if k := e.rng.IntN(len(e.p.held[b]) + 1); k > 0 {
			j = e.p.held[b][k-1]
		}
		if e.exchangeable(i, j, a, b) {
			e.p.take(i)
			if j != None {
				e.p.take(j)
				e.p.put(j, a)
			}
			e.p.put(i, b)
		}
	}
	e.meter.spend(int64(10 * n))
}

// exchangeable: i can go from a to b while j (or nothing) goes from b to a.
func (e *ejector) exchangeable(i, j, a, b int32) bool {
	ni := e.p.m.itemNeed(i)
	if j == None {
		return fits(ni, e.p.row(b)) && e.p.m.may(i, b)
	}
	nj, ra, rb := e.p.m.itemNeed(j), e.p.row(a), e.p.row(b)
	for c, x := range ni {
		if x-nj[c] > rb[c] || nj[c]-x > ra[c] {
			return false
		}
	}
	return e.p.m.may(i, b) && e.p.m.may(j, a)
}
