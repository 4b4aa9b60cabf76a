package index

// First answers "which is the lowest bin that fits and is accepted" exactly as a scan from bin 0 would. It finds out how it is used: as long as
// every question comes after a departure a scan answers, and after some of them [levels]; otherwise [cursors] do.
//
// Memory: that of what answers.
type First struct {
	free    Matrix
	small   bool // a scan is best, now and later
	cursors *cursors
	levels  *levels // nil, as cursors may be: then a scan answers
	sample  sample
	freed   bool  // something was, since the latest question; where levels answer, since they were reviewed
	churned int64 // questions that came after a departure, since levels were left
	planted int64 // how many questions the sample had been told of when cursors were made
	calm    int64 // where levels answer, questions since the latest departure
	steps   int64
	passed  bool
}

// Once more than churnLook questions, and most of all, came after a departure, fleets below churnFleet bins are scanned and those below
// levelFleet have levels: both are cheaper than keeping a tree right.
const (
	churnLook  = 64
	levelFleet = 12_000
)

var churnFleet = 400

// NewFirst makes an index over the free rows as they are now.
func NewFirst(free Matrix) *First {
	f := &First{free: free, small: free.Rows() < smallFleet, sample: newSample(free.Cols)}
	if free.Rows() >= levelFleet {
		f.plant()
	}
	return f
}

// Changed must be called after the free row of a bin was changed; freed says whether any column may have grown.
func (f *First) Changed(bin int32, freed bool) {
	if freed {
		f.freed = true
	}
	if f.cursors != nil {
		f.cursors.changed(bin, freed)
	} else if f.levels != nil {
		f.levels.changed(bin)
	}
}

// Steps counts the words and rows examined so far: the same for the same calls, whatever the machine.
func (f *First) Steps() int64 {
	if f.cursors != nil {
		return f.steps + f.cursors.tree.steps
	}
	return f.steps
}

// Passed says, if the latest Find found nothing and nothing was refused, whether a bin that fits was denied.
func (f *First) Passed() bool { return f.passed }

// Find is the lowest bin that fits need and is neither denied nor refused, -1 if there is none. A shape, a small non-negative number, stands for
// one need row: every call with it must pass an equal one. Bins are offered to accept in their order.
func (f *First) Find(shape int32, need []int64, deny *Deny, accept Accept) int32 {
	f.passed = false
	if x := f.levels; x == nil {
		if !f.small && (f.freed || f.cursors == nil || f.cursors.churn) {
			f.adapt(need)
		}
	} else if x.left--; x.left < 0 {
		f.review(need)
	}
	switch {
	case f.cursors != nil:
		return f.cursors.find(f, shape, need, deny, accept)
	case f.levels != nil:
		return f.levels.find(f, need, deny, accept)
	}
	return f.scan(need, deny, accept)
}

// adapt chooses what is to answer from now on, if the latest question or this one came after a departure or a scan has answered so far.
func (f *First) adapt(need []int64) {
	churn := f.freed
	if f.freed = false; churn {
		f.churned++
	}
	asked := f.churned
	if f.cursors != nil {
		asked = f.sample.asked - f.planted
	}
	switch n := f.free.Rows(); {
	case f.cursors == nil && !churn && f.sample.met > 0: // nothing is known of what was before the first
		f.plant()
	case f.churned <= churnLook || 2*f.churned <= asked:
	case n < churnFleet:
		f.small = true
		f.uproot()
	case n < levelFleet:
		f.enter()
	}
	if f.cursors != nil {
		f.cursors.churn = churn
	} else {
		f.sample.meet(need)
	}
}

// plant has cursors answer from now on.
func (f *First) plant() {
	f.cursors, f.levels = newCursors(f.free, &f.sample), nil
	f.sample.steps, f.planted = 0, f.sample.asked
}

// uproot gives cursors up.
func (f *First) uproot() {
	f.steps = f.Steps()
	f.cursors = nil
}

// enter has levels answer from now on, made for what was asked for lately.
func (f *First) enter() {
	f.uproot()
	f.levels, f.calm = newLevels(f.free, f.sample.needs), 0
	f.sample.steps = 0
}

// review looks at one of some needs and at whether levels are to answer on. Once as many questions as there are bins came after each other
// without anything being freed, a tree is worth its making.
func (f *First) review(need []int64) {
	x := f.levels
	if f.calm += levelLook; f.freed {
		f.calm = 0
	}
	f.freed, x.left = false, levelLook-1
	f.sample.meet(need)
	switch {
	case f.calm > int64(f.free.Rows()):
		f.churned, f.calm = 0, 0
		f.plant()
	case f.sample.choose(sampleMisled * x.misled / levelMisled):
		f.enter()
	}
}

// takes says whether a bin that fits is neither denied nor refused.
func (f *First) takes(b int32, deny *Deny, accept Accept) bool {
	if deny.has(b) {
		f.passed = true
		return false
	}
	return accept == nil || accept(b)
}

func (f *First) scan(need []int64, deny *Deny, accept Accept) int32 {
	b := f.free.nextFit(0, need)
	for b >= 0 && !f.takes(b, deny, accept) {
		b = f.free.nextFit(b+1, need)
	}
	if b < 0 {
		f.steps += int64(f.free.Rows())
	} else {
		f.steps += int64(b) + 1
	}
	return b
}
