package search

import (
	"math"
	"math/rand/v2"
)

// Pack builds packings by many constructive heuristics, item-centric and
// bin-centric, under fixed and then random column weights until the budget is
// spent, and returns the best. It never moves an item twice, and is
// what Improve is best started from.
func Pack(p *Problem, o Options) (Result, error) {
	if err := p.Check(); err != nil {
		return Result{}, err
	}
	m := newModel(p)
	t := newMeter(o)
	best := portfolio(m, newKinds(m), t, newRand(o.Seed), true)
	return best.result(t.steps), nil
}

func (p *packing) result(steps int64) Result {
	r := Result{Bin: p.bin, Opened: p.opened, Steps: steps}
	for _, b := range p.bin {
		if b != None {
			r.Placed++
		}
	}
	r.Optimal = r.Placed == len(p.bin) && r.Opened <= volumeBound(p.m)
	return r
}

// portfolio runs the fixed recipes, then random ones. If complete is set, the
// first runs to its end whatever the budget, so that there is always an answer.
func portfolio(m *model, k *kinds, t *meter, rng *rand.Rand, complete bool) *packing {
	b := newBuilder(m, k, t)
	fixed := fixedRecipes(m)
	if complete {
		b.meter = &meter{budget: math.MaxInt64, stop: t.stop}
	}
	best := b.run(fixed[0])
	if complete {
		t.spend(b.meter.steps)
		b.meter = t
	}
	bound := volumeBound(m)
	done := func() bool {
		return t.stopped || (best.opened <= bound && best.placed() == m.items)
	}
	consider := func(r recipe) {
		if p := b.run(r); better(p.value, p.opened, best.value, best.opened) {
			best = p
		}
	}
	recipes := fixed[1:]
	if best.placed() < m.items {
		recipes = append(denseRecipes(m), recipes...)
	}
	for _, r := range recipes {
		if done() {
			return best
		}
		consider(r)
	}
	for !done() {
		before := t.steps
		consider(randomRecipe(m, rng, best.placed() < m.items))
		t.spend(max(1, pollEvery/8-(t.steps-before)))
	}
	return best
}

func (p *packing) placed() int {
	n := 0
	for _, b := range p.bin {
		if b != None {
			n++
		}
	}
	return n
}

func fixedRecipes(m *model) []recipe {
	even, scarce := make([]float64, m.d), make([]float64, m.d)
	for c := range even {
		even[c], scarce[c] = 1, m.load[c]
	}
	var out []recipe
	for s := range measures {
		out = append(out, recipe{rule: firstFit, measure: s, weight: even, density: -1})
	}
	out = append(out, recipe{rule: bestFit, measure: byL2, weight: even, density: -1})
	for _, w := range [][]float64{scarce, even} {
		for r := dotMost; r < rules; r++ {
			out = append(out,
				recipe{rule: r, measure: byL2, weight: w, binCentric: true, density: -1},
				recipe{rule: r, measure: byL2, weight: w, binCentric: true, dynamic: true, density: -1},
				recipe{rule: r, measure: byL2, weight: w, density: -1})
		}
	}
	return out
}

// denseRecipes are for when not everything fits: the most value per size first.
func denseRecipes(m *model) []recipe {
	var out []recipe
	for _, power := range []float64{1, 0.5, 0} {
		for _, tilt := range []float64{1, 0, 2} {
			w := make([]float64, m.d)
			for c := range w {
				w[c] = math.Pow(m.load[c]+1e-9, tilt)
			}
			out = append(out,
				recipe{rule: firstFit, weight: w, density: power},
				recipe{rule: bestFit, weight: w, density: power})
		}
	}
	return out
}

// randomRecipe draws column weights log-uniformly around the loads, and the
// rest uniformly.
func randomRecipe(m *model, rng *rand.Rand, short bool) recipe {
	w := make([]float64, m.d)
	spread := 3 * rng.Float64()
	tilt := 2 * rng.Float64()
	for c := range w {
		w[c] = math.Pow(m.load[c]+1e-9, tilt) * math.Exp(spread*(rng.Float64()-0.5))
	}
	r := recipe{
		rule: rule(rng.IntN(int(rules))), measure: measure(rng.IntN(int(measures))), weight: w,
		binCentric: rng.IntN(4) != 0, dynamic: rng.IntN(2) == 0, density: -1, smallBins: rng.IntN(4) == 0,
	}
	if short && rng.IntN(2) == 0 {
		r.density = 1.5 * rng.Float64()
	}
	return r
}
