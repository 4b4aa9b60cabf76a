package main

import "github.com/berth-go/berth/bench/naive"

// scaleBar is what packing is to reach on 1,000, 10,000 and 100,000 agents, with ten tasks for each of them: how many
// times faster than the fastest scan it must be, and what it aims at. Zero: no bar.
type scaleBar struct{ must, aim [3]float64 }

// scaleRow is what the bars are for: the size is not part of it.
type scaleRow struct {
	first, distinct, rules bool
	kind                   naive.Kind
}

var (
	firstFew      = scaleBar{[3]float64{2, 20, 800}, [3]float64{4, 50, 3000}}
	firstDistinct = scaleBar{[3]float64{1.5, 8, 150}, [3]float64{3, 20, 400}}
	firstChurn    = scaleBar{[3]float64{1.2, 4, 25}, [3]float64{2, 8, 80}}
	firstRuled    = scaleBar{[3]float64{2, 10, 0}, [3]float64{4, 40, 0}}
)

var scaleBars = map[scaleRow]scaleBar{
	{first: true, kind: naive.Empty}:                 firstFew,
	{first: true, kind: naive.Full}:                  firstFew,
	{first: true, kind: naive.Churn}:                 firstChurn,
	{first: true, distinct: true, kind: naive.Empty}: firstDistinct,
	{first: true, distinct: true, kind: naive.Full}:  firstDistinct,
	{first: true, distinct: true, kind: naive.Churn}: firstChurn,
	{first: true, rules: true, kind: naive.Empty}:    firstRuled,
	{first: true, rules: true, kind: naive.Full}:     firstRuled,
	{kind: naive.Empty}:                              {[3]float64{6, 30, 600}, [3]float64{15, 100, 1500}},
	{kind: naive.Full}:                               {[3]float64{2, 15, 60}, [3]float64{5, 40, 300}},
	{kind: naive.Churn}:                              {[3]float64{1.2, 12, 80}, [3]float64{3, 30, 250}},
	{distinct: true, kind: naive.Empty}:              {[3]float64{4, 15, 80}, [3]float64{8, 40, 400}},
	{distinct: true, kind: naive.Full}:               {[3]float64{1.5, 8, 20}, [3]float64{4, 25, 100}},
	{distinct: true, kind: naive.Churn}:              {[3]float64{1.5, 8, 25}, [3]float64{3, 15, 80}},
	{rules: true, kind: naive.Empty}:                 {[3]float64{4, 40, 0}, [3]float64{8, 100, 0}},
	{rules: true, kind: naive.Full}:                  {[3]float64{2, 8, 0}, [3]float64{5, 30, 0}},
}

// scaleMust is the bar of a case; zeros: there is none.
func scaleMust(c scaleCase) (must, aim float64) {
	bar := scaleBars[scaleRow{c.first(), c.distinct, c.rules, c.kind}]
	for i, agents := range []int{1_000, 10_000, 100_000} {
		if c.agents == agents {
			return bar.must[i], bar.aim[i]
		}
	}
	return 0, 0
}
