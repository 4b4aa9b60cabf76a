package placement

import "math"

// Scores of a need for what is free of a bin, both in parts of the largest, by weighted columns; higher is better.

func dotOf(need, free, weight []float64) float64 {
	sum := 0.0
	for c, w := range weight {
		sum += float64(w * need[c] * free[c])
	}
	return sum
}

func normOf(need, free, weight []float64) float64 {
	sum := 0.0
	for c, w := range weight {
		left := free[c] - need[c]
		sum -= float64(w * left * left)
	}
	return sum
}

func cosineOf(need, free, weight []float64) float64 {
	dot, nn, ff := 0.0, 0.0, 0.0
	for c, w := range weight {
		dot += float64(w * need[c] * free[c])
		nn += float64(w * need[c] * need[c])
		ff += float64(w * free[c] * free[c])
	}
	if nn == 0 || ff == 0 {
		return 0
	}
	return dot / math.Sqrt(nn*ff)
}
