package placement

import "fmt"

// Auto chooses a packer by what the round is like, and says in Stats.Choice which and why. It is what [Assign]
// uses when no packer is asked for. In order:
//
//   - a step budget that would end the others early: [FirstFit];
//   - tasks worth different amounts, and more asked for than is free: [Knapsack], the plain greedy;
//   - an order of tasks asked for ([WithOrder]), which packers that fill agent after agent ignore, or fewer tasks than twice the
//     agents, so that the next call may bring what would have gone well together: [Cosine] where devices are
//     asked for, [Balanced] where nine tenths of something will be in use, and else [DotProduct]; but [FirstFit] or,
//     without an order, a packer that fills, where so many different tasks would each be compared with so many agents
//     that it takes seconds;
//   - many tasks that ask for nine tenths of something that is free, and no devices: [Balanced];
//   - tasks that are small, and agents of different proportions (or with devices): [FillCosine];
//   - else [FillDotProduct].
//
// The choice is made anew for the tasks of each priority. It is a function of the state alone, like everything in a
// round: what an engine did in earlier rounds does not count. It costs a look at every pending task, at a few
// thousand bins at most, and at nothing twice.
//
// The rules come from measurements: go run ./bench shows how the packers compare on each workload.
func Auto() Packer { return automatic }

// automatic is shared by all who use it, so that what its packers keep in an engine is found again.
var automatic = &auto{
	firstFit: FirstFit(), knapsack: Knapsack(KnapsackOptions{}), cosine: Cosine(), balanced: Balanced(), dotProduct: DotProduct(),
	fillCosine: FillCosine(), fillDotProduct: FillDotProduct(),
}

type auto struct {
	firstFit, knapsack, cosine, balanced, dotProduct, fillCosine, fillDotProduct Packer
}

func (p *auto) String() string { return "auto" }

// chosen is what was chosen for a priority of a round. A run that is repeated without a gang chooses anew.
type chosen struct {
	priority, run int
	packer        Packer
}

// Pack implements [Packer].
func (p *auto) Pack(r *Round) {
	last := r.Keep(p, func() any { return &chosen{} }).(*chosen)
	if r.choice == "" || last.priority != r.priority || last.run != r.gangRuns {
		f := r.features()
		if f.tasks == 0 {
			return
		}
		packer, why := p.choose(&f)
		switch {
		case r.choice == "":
			r.choice = fmt.Sprintf("%v, because %s", packer, why)
		case packerName(last.packer) != packerName(packer):
			r.choice += fmt.Sprintf("; at priority %d %v, because %s", r.priority, packer, why)
		}
		*last = chosen{r.priority, r.gangRuns, packer}
	}
	last.packer.Pack(r)
}

const (
	// scarce is the part of something free that makes it scarce when it is asked for.
	scarce = 0.9
	// smallTask is the part of the largest bin below which a task is small, on average.
	smallTask = 0.25
	// lopsided is how much the part of a column in a bin's capacity may vary in a fleet of even proportions.
	lopsided = 0.1
	// tooMany is how many looks of a shape at a bin take too long.
	tooMany = 1 << 26
)

// choose implements the list in the comment of [Auto].
func (p *auto) choose(f *features) (packer Packer, why string) {
	pairs := int64(f.shapes) * int64(f.bins)
	if f.budget > 0 && f.budget < 16*int64(f.bins)+int64(f.tasks)*int64(min(f.shapes, fillFamilies)) {
		return p.firstFit, fmt.Sprintf("the budget is small: steps %d, tasks %d, bins %d", f.budget, f.tasks, f.bins)
	}
	if f.pressure > 1 && f.values {
		return p.knapsack, fmt.Sprintf("tasks differ in value and ask for %.0f %% of the free %s", 100*f.pressure, f.scarcest)
	}
	ordered := f.order != AsGiven
	if (ordered || f.tasks < 2*f.bins) && (ordered || pairs <= tooMany) {
		because := fmt.Sprintf("there are few tasks (%d) for the bins (%d)", f.tasks, f.bins)
		if ordered {
			because = fmt.Sprintf("the order %v was asked for", f.order)
		}
		switch {
		case pairs > tooMany:
			return p.firstFit, fmt.Sprintf("%s, and the tasks differ too much (%d kinds) to compare each with the bins (%d)", because, f.shapes, f.bins)
		case f.devices:
			return p.cosine, because + ", and devices are asked for"
		case f.fullness >= scarce:
			return p.balanced, fmt.Sprintf("%s, and %.0f %% of all %s will be in use", because, 100*f.fullness, f.fullest)
		}
		return p.dotProduct, because
	}
	switch {
	case f.devices:
		return p.fillCosine, "there are many tasks, and devices are asked for"
	case f.pressure >= scarce:
		return p.balanced, fmt.Sprintf("the tasks ask for %.0f %% of the free %s", 100*f.pressure, f.scarcest)
	case f.share >= smallTask:
		return p.fillDotProduct, fmt.Sprintf("a task takes %.0f %% of the largest bin on average", 100*f.share)
	case f.spread > lopsided:
		return p.fillCosine, "there are many tasks and the bins differ in proportions"
	}
	return p.fillDotProduct, "there are many tasks and the bins are alike in proportions"
}
