package naive

// A Rule says which bin a scan returns.
type Rule uint8

const (
	FirstFit Rule = iota // the lowest bin that fits
	Linear               // best fit: the least leftover, columns weighed by LinearWeight
	Dominant             // best fit: the least dominant share of leftover
	Mean                 // best fit: the highest mean fraction used
)

var ruleNames = [...]string{"first", "linear", "dominant", "mean"}

// String is the rule's name in benchmark and table output.
func (r Rule) String() string { return ruleNames[r] }

// Scorers lists the rules that are best fit under some scorer.
func Scorers() []Rule { return []Rule{Linear, Dominant, Mean} }

// Rules lists all rules.
func Rules() []Rule { return append([]Rule{FirstFit}, Scorers()...) }

// LinearWeight is what one unit of column j weighs under Linear: halved from column to column, so that columns of very
// different magnitude (cores, megabytes) all count.
func LinearWeight(j int) float64 { return linearWeights[j] }

var linearWeights = [16]float64{
	1, 1.0 / 4096, 1.0 / 65536, 1.0 / 64, 1.0 / 64, 1.0 / 64, 1.0 / 64, 1.0 / 64,
	1.0 / 64, 1.0 / 64, 1.0 / 64, 1.0 / 64, 1.0 / 64, 1.0 / 64, 1.0 / 64, 1.0 / 64,
}

// Scorer is the rule as an opaque function of three rows, bit for bit the score the scans compute inline.
// Higher is better; all three are monotone: less free never scores lower.
func (r Rule) Scorer() func(need, free, capacity []int64) float64 {
	switch r {
	case Linear:
		return LinearScore
	case Dominant:
		return DominantScore
	case Mean:
		return MeanScore
	}
	return nil
}

// LinearScore is minus the weighted leftover.
func LinearScore(need, free, _ []int64) float64 {
	s := 0.0
	free = free[:len(need)]
	for j, n := range need {
		s -= float64(float64(free[j]-n) * linearWeights[j&15])
	}
	return s
}

// DominantScore is minus the largest leftover share of a column; a column without capacity counts nothing.
func DominantScore(need, free, capacity []int64) float64 {
	worst := 0.0
	free, capacity = free[:len(need)], capacity[:len(need)]
	for j, n := range need {
		worst = max(worst, float64(free[j]-n)*inverse(capacity[j]))
	}
	return -worst
}

// MeanScore is minus the mean leftover share, which orders bins as the mean fraction used does.
func MeanScore(need, free, capacity []int64) float64 {
	s := 0.0
	free, capacity = free[:len(need)], capacity[:len(need)]
	for j, n := range need {
		s -= float64(float64(free[j]-n) * inverse(capacity[j]))
	}
	return s
}

func inverse(c int64) float64 {
	if c == 0 {
		return 0
	}
	return 1 / float64(c)
}
