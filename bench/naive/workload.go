package naive

import (
	"math"
	"math/rand/v2"
)

// Kind is the state a fleet starts in and what happens to it.
type Kind uint8

const (
	Empty Kind = iota // nothing used; tasks arrive
	Full              // 90 % used; tasks arrive
	Churn             // 90 % used; before each arrival one running task ends
)

var kindNames = [...]string{"empty", "full", "churn"}

// String is the kind's name in benchmark and table output.
func (k Kind) String() string { return kindNames[k] }

// Kinds lists all kinds.
func Kinds() []Kind { return []Kind{Empty, Full, Churn} }

// Spec describes a workload to generate. Same Spec, same workload.
type Spec struct {
	Kind   Kind
	Bins   int
	Tasks  int     // arrivals
	Shapes int     // distinct needs; 0: every task its own
	Scale  float64 // size of the arriving tasks; 0 is 1, where ten tasks fill about nine tenths of an empty bin
	Seed   uint64
}

// Live is a task that runs: where, and with which need.
type Live struct{ Bin, Shape int32 }

// A Workload is a fleet and the tasks that arrive. All fields are read-only; amounts are thousandths, matrices row-major.
type Workload struct {
	Cols           int
	Free, Capacity []int64
	Needs          []int64  // one row per shape; shapes of running tasks included
	Tasks          []int32  // shape of each arrival, in order
	Departs        []uint32 // per arrival: which running task ends first (index modulo their number); nil without departures
	Live           []Live   // running at the start
}

// Need is the need row of a shape.
func (w *Workload) Need(shape int32) []int64 {
	o := int(shape) * w.Cols
	return w.Needs[o : o+w.Cols : o+w.Cols]
}

// Bins is the number of bins.
func (w *Workload) Bins() int { return len(w.Free) / w.Cols }

// Columns: cpus, mem (MB), disk (MB, little used), network (Mb, little used).
var agentTypes = [][4]int64{
	{16_000, 65_536_000, 512_000_000, 10_000_000},
	{32_000, 131_072_000, 1_024_000_000, 25_000_000},
	{48_000, 98_304_000, 256_000_000, 25_000_000},
	{16_000, 131_072_000, 512_000_000, 10_000_000},
	{64_000, 262_144_000, 2_048_000_000, 40_000_000},
}

// Generate makes a workload: agents of five types in random order, tasks of 0.5 to 10 cores (log-uniform) with 1 to 10 GB per
// core. In Full and Churn each bin first gets random tasks of scale 1 until its most used column is 80 to 100 % used.
func Generate(s Spec) *Workload {
	rng := rand.New(rand.NewPCG(s.Seed, uint64(s.Kind)<<32|uint64(s.Bins)))
	w := &Workload{Cols: 4}
	for range s.Bins {
		t := agentTypes[rng.IntN(len(agentTypes))]
		w.Capacity = append(w.Capacity, t[:]...)
	}
	w.Free = append([]int64(nil), w.Capacity...)
	scale := s.Scale
	if scale == 0 {
		scale = 1
	}
	shapes := s.Shapes
	if shapes == 0 {
		shapes = s.Tasks
	}
	for range shapes {
		w.Needs = append(w.Needs, drawNeed(rng, scale)...)
	}
	for i := range s.Tasks {
		shape := int32(i)
		if s.Shapes > 0 {
			shape = int32(rng.IntN(s.Shapes))
		}
		w.Tasks = append(w.Tasks, shape)
		if s.Kind == Churn {
			w.Departs = append(w.Departs, rng.Uint32())
		}
	}
	if s.Kind != Empty {
		for b := range s.Bins {
			w.fill(rng, int32(b), s.Shapes, scale == 1)
		}
	}
	return w
}

// fill uses a bin up to 80 to 100 % of its most used column, with known shapes if there are any of scale 1.
func (w *Workload) fill(rng *rand.Rand, bin int32, shapes int, known bool) {
	row, capacity := w.Free[int(bin)*w.Cols:][:w.Cols], w.Capacity[int(bin)*w.Cols:][:w.Cols]
	target := 0.8 + 0.2*rng.Float64()
	for tries := 0; tries < 40 && used(row, capacity) < target; tries++ {
		shape := int32(len(w.Needs) / w.Cols)
		if shapes > 0 && known {
			shape = int32(rng.IntN(shapes))
		} else {
			w.Needs = append(w.Needs, drawNeed(rng, 1)...)
		}
		need := w.Need(shape)
		if !fits(row, need) {
			continue
		}
		for j, n := range need {
			row[j] -= n
		}
		w.Live = append(w.Live, Live{bin, shape})
	}
}

func used(free, capacity []int64) float64 {
	u := 0.0
	for j, c := range capacity {
		u = max(u, 1-float64(free[j])/float64(c))
	}
	return u
}

func drawNeed(rng *rand.Rand, scale float64) []int64 {
	cpu := logUniform(rng, 0.5, 10) * scale
	mem := cpu * logUniform(rng, 1, 10) * 1024
	disk := 0.0
	if rng.IntN(5) > 0 {
		disk = logUniform(rng, 1, 40) * 1024 * scale
	}
	net := logUniform(rng, 20, 500) * scale
	return []int64{int64(cpu * 1000), int64(mem * 1000), int64(disk * 1000), int64(net * 1000)}
}

func logUniform(rng *rand.Rand, lo, hi float64) float64 {
	return lo * math.Exp(rng.Float64()*math.Log(hi/lo))
}
