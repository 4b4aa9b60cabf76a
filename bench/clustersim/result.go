package clustersim

import (
	"cmp"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/stat"

	"github.com/berth-go/berth/placement"
)

// Result is what came of a packer, within the time that is measured.
type Result struct {
	Packer string `json:"packer"`
	// Used is the part of each resource that ran tasks, in the mean over time, of the agents that worked.
	Used []Use `json:"used"`
	// Waits are those that ended, with a start or with the simulation. Waiting is how many tasks waited at the end.
	Waits   Waits `json:"waits"`
	Waiting int   `json:"waiting_at_end"`
	// Starved is how many waits were longer than the patience.
	Starved int `json:"starved"`
	// Fragmentation is the part of what is free of the scarcest resource that a task, drawn as they arrive, could not use where it is,
	// in the mean over time: it does not fit there. (After Weng et al., "Beware of Fragmentation", USENIX ATC 2023.)
	Fragmentation float64 `json:"fragmentation"`
	// Fairness is Jain's index (Jain, Chiu and Hawe 1984) of what owners got: of the time that their tasks were there, weighed by
	// their dominant share, the part in which they ran. 1 is as fair as can be, 1 in the number of owners the opposite. Worst is the
	// owner who got least, and WorstGot the part.
	Fairness float64 `json:"fairness"`
	Owners   int     `json:"owners"`
	Worst    string  `json:"worst_owner"`
	WorstGot float64 `json:"worst_owner_got"`
	// Lost is how many tasks were lost with their agents, and had to start anew.
	Lost   int `json:"lost"`
	Rounds int `json:"rounds"`
	// RoundSeconds is the time that a round took, in the mean. It is the only figure that differs from run to run.
	RoundSeconds float64 `json:"round_seconds"`
}

// Use is a resource and the part of it in use.
type Use struct {
	Name string  `json:"name"`
	Part float64 `json:"part"`
}

// Waits are times of waiting in seconds.
type Waits struct {
	Tasks   int     `json:"tasks"`
	Mean    float64 `json:"mean_seconds"`
	Median  float64 `json:"median_seconds"`
	P99     float64 `json:"p99_seconds"`
	Longest float64 `json:"longest_seconds"`
}

// meter measures a run.
type meter struct {
	from, patience time.Duration
	scarce         string
	typical        []weighed
	columns        []string
	used, total    map[string]float64 // times seconds
	waits          []float64
	starved, lost  int
	owners         map[string]*account
	whole          map[string]float64 // the fleet when all of it works
	sampleEvery    int
	ticks, samples int
	fragmented     float64
	rounds         time.Duration
}

// account is what an owner got and waited for: dominant shares times seconds.
type account struct{ ran, waited float64 }

// weighed is a shape of tasks and the part of the tasks that have it.
type weighed struct {
	task placement.Task
	part float64
}

const (
	samples = 200
	shapes  = 64 // the most frequent ones
)

func newMeter(c *Config, scarce string, typical []weighed) *meter {
	m := &meter{from: c.Warmup, patience: c.Patience, scarce: scarce, typical: typical, used: map[string]float64{}, total: map[string]float64{},
		owners: map[string]*account{}, whole: map[string]float64{}}
	for name, amount := range newFleet(c.Offers).total {
		m.columns = append(m.columns, name)
		m.whole[name] = float64(amount)
	}
	slices.Sort(m.columns)
	m.sampleEvery = max(1, int(c.Duration/c.Every)/samples)
	return m
}

// typicalOf are the most frequent shapes of the tasks that arrive.
func typicalOf(c *Config) []weighed {
	tasks := c.Tasks
	if len(c.Arrivals) > 0 {
		tasks = nil
		for i := range c.Arrivals {
			tasks = append(tasks, c.Arrivals[i].Task)
		}
	}
	expected, err := placement.WorkloadOf(tasks)
	if err != nil {
		return nil // the engine will say so
	}
	var all []weighed
	for x := range expected.All() {
		all = append(all, weighed{x.Task, x.Weight})
	}
	slices.SortStableFunc(all, func(a, b weighed) int { return cmp.Compare(b.part, a.part) })
	all = all[:min(shapes, len(all))]
	sum := 0.0
	for _, w := range all {
		sum += w.part
	}
	for i := range all {
		all[i].part /= sum
	}
	return all
}

// pass notes that time passes in which nothing changes.
func (m *meter) pass(r *run, from, to time.Duration) {
	dt := (to - max(from, m.from)).Seconds()
	if dt <= 0 {
		return
	}
	for _, name := range m.columns {
		m.used[name] += dt * float64(r.fleet.used[name])
		m.total[name] += dt * float64(r.fleet.total[name])
	}
}

// sample looks at fragmentation now and then.
func (m *meter) sample(r *run) {
	if m.ticks++; m.ticks%m.sampleEvery != 0 || r.now < m.from {
		return
	}
	free, lost := 0.0, 0.0
	for _, a := range r.fleet.agents {
		if a.down || a.free[m.scarce] <= 0 {
			continue
		}
		left := float64(a.free[m.scarce])
		free += left
		for i := range m.typical {
			if !a.fits(&m.typical[i].task) {
				lost += left * m.typical[i].part
			}
		}
	}
	m.samples++
	if free > 0 {
		m.fragmented += lost / free
	}
}

// waited notes the end of a wait.
func (m *meter) waited(r *run, j *job) {
	if r.now < m.from {
		return
	}
	wait := r.now - j.since
	m.waits = append(m.waits, wait.Seconds())
	if wait > m.patience {
		m.starved++
	}
	m.account(j).waited += m.weight(r, j)
}

// ran notes the end of a run.
func (m *meter) ran(r *run, j *job) { m.account(j).ran += m.weight(r, j) }

func (m *meter) account(j *job) *account {
	name := ownerOf(j.task)
	a := m.owners[name]
	if a == nil {
		a = &account{}
		m.owners[name] = a
	}
	return a
}

// weight is the dominant share of a task times how long it has waited or run, since measuring began.
func (m *meter) weight(r *run, j *job) float64 {
	share := 0.0
	for name, amount := range needsOf(j.task) {
		if m.whole[name] > 0 {
			share = max(share, float64(amount)/m.whole[name])
		}
	}
	return share * max(0, (r.now-max(j.since, m.from)).Seconds())
}

func (m *meter) gone(now time.Duration) {
	if now >= m.from {
		m.lost++
	}
}

func (m *meter) took(d time.Duration) { m.rounds += d }

func (m *meter) result(name string, r *run) Result {
	out := Result{Packer: name, Rounds: r.rounds, Lost: m.lost}
	ids := make([]placement.TaskID, 0, len(r.jobs))
	for id := range r.jobs {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		if j := r.jobs[id]; j.running != nil {
			m.ran(r, j)
		} else {
			out.Waiting++
			m.waited(r, j)
		}
	}
	for _, column := range m.columns {
		if m.total[column] > 0 {
			out.Used = append(out.Used, Use{column, m.used[column] / m.total[column]})
		}
	}
	out.Starved = m.starved
	out.Waits = waitsOf(m.waits)
	if m.samples > 0 {
		out.Fragmentation = m.fragmented / float64(m.samples)
	}
	m.fairness(&out)
	if r.rounds > 0 {
		out.RoundSeconds = m.rounds.Seconds() / float64(r.rounds)
	}
	return out
}

func waitsOf(seconds []float64) Waits {
	w := Waits{Tasks: len(seconds)}
	if w.Tasks == 0 {
		return w
	}
	slices.Sort(seconds)
	w.Mean, w.Longest = stat.Mean(seconds, nil), seconds[len(seconds)-1]
	w.Median, w.P99 = stat.Quantile(0.5, stat.Empirical, seconds, nil), stat.Quantile(0.99, stat.Empirical, seconds, nil)
	return w
}

// fairness compares owners. One whose tasks ask for nothing has no share to compare.
func (m *meter) fairness(out *Result) {
	names := make([]string, 0, len(m.owners))
	for name := range m.owners {
		names = append(names, name)
	}
	slices.Sort(names)
	var sum, squares float64
	out.WorstGot = math.Inf(1)
	for _, name := range names {
		a := m.owners[name]
		if a.ran+a.waited == 0 {
			continue
		}
		got := a.ran / (a.ran + a.waited)
		sum += got
		squares += got * got
		out.Owners++
		if got < out.WorstGot {
			out.Worst, out.WorstGot = name, got
		}
	}
	switch {
	case out.Owners == 0:
		out.Fairness, out.WorstGot = 1, 1
	case squares == 0:
		out.Fairness = 1 // nobody got anything
	default:
		out.Fairness = sum * sum / (float64(out.Owners) * squares)
	}
}
