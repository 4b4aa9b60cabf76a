package main

import "github.com/berth-go/berth/bench/naive"

// scaleMusts are how many times faster than the fastest scan packing is to be on 1,000, 10,000 and
// 100,000 agents, with ten tasks for each of them.
var scaleMusts = map[bool]map[bool]map[naive.Kind][3]float64{ // first fit, all shapes distinct, fleet
	true: {
		false: {naive.Empty: {2, 20, 800}, naive.Full: {2, 20, 800}, naive.Churn: {1.2, 4, 25}},
		true:  {naive.Empty: {1.5, 8, 150}, naive.Full: {1.5, 8, 150}, naive.Churn: {1.2, 4, 25}},
	},
	false: {
		false: {naive.Empty: {6, 30, 600}, naive.Full: {2, 15, 60}, naive.Churn: {1.2, 12, 80}},
		true:  {naive.Empty: {4, 15, 80}, naive.Full: {1.5, 8, 20}, naive.Churn: {1.5, 8, 25}},
	},
}

// scaleMust is the bar of a case; false: there is none for so many agents.
func scaleMust(c scaleCase) (float64, bool) {
	for i, agents := range []int{1_000, 10_000, 100_000} {
		if c.agents == agents {
			return scaleMusts[c.rule == naive.FirstFit][c.distinct][c.kind][i], true
		}
	}
	return 0, false
}
