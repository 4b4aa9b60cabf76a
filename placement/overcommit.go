package placement

import (
	"fmt"
	"maps"
	"math/bits"
	"slices"

	"github.com/berth-go/berth/resources"
)

// WithOvercommit has agents count for more of a scalar resource than there is, or for less: for what is offered and what our running tasks hold,
// times the factor, rounded down to a thousandth. A factor has three decimals and is between 0 and 1000; 0.9 keeps a tenth free. Regular and
// revocable amounts are multiplied alike; ports, devices, sets and disks are what they are.
//
// A factor above 1 is for agents that nobody else watches over: a Mesos master takes no more than it offered. There are no pieces of it to be
// cut, so that it is an error together with [WithPieces]. A later option replaces an earlier one; the map is copied.
func WithOvercommit(factors map[string]float64) Option {
	e := &overcommit{factors: map[string]resources.Amount{}}
	for _, name := range sortedNames(factors) {
		f, err := resources.AmountOf(factors[name])
		if err != nil || f < 0 || f > maxFactor {
			e.bad.add("overcommit", 0, name, fmt.Errorf("%w: factor %v is not between 0 and %s", ErrBadAmount, factors[name], maxFactor))
		}
		e.factors[name] = f
	}
	if len(factors) == 0 {
		e = nil
	}
	return func(c *config) { c.overcommit = e }
}

// WithHeadroom keeps so much of regular scalar resources free on every agent, for each role apart: the agent counts for that much less. A
// failure that would not be one without it says [CauseHeadroom]. It comes after [WithOvercommit]. A later option replaces an earlier one;
// the map is copied.
func WithHeadroom(free map[string]resources.Amount) Option {
	h := &headroom{free: maps.Clone(free)}
	checkAmounts(&h.bad, "headroom", 0, "", h.free)
	if len(free) == 0 {
		h = nil
	}
	return func(c *config) { c.headroom = h }
}

const maxFactor = 1000 * resources.One

type overcommit struct {
	factors map[string]resources.Amount
	bad     InputError
}

// floats are the factors as they were given.
func (o *overcommit) floats() map[string]float64 {
	if o == nil {
		return nil
	}
	m := make(map[string]float64, len(o.factors))
	for name, f := range o.factors {
		m[name] = f.Float64()
	}
	return m
}

// stretches says whether there is a factor above 1.
func (o *overcommit) stretches() bool {
	if o != nil {
		for _, f := range o.factors {
			if f > resources.One {
				return true
			}
		}
	}
	return false
}

type headroom struct {
	free map[string]resources.Amount
	bad  InputError
}

func (h *headroom) amounts() map[string]resources.Amount {
	if h == nil {
		return nil
	}
	return h.free
}

// elastic is how the rows of bins differ from what their offers say. It is in force from one round to the next.
type elastic struct {
	overcommit *overcommit
	headroom   *headroom
	columns    []elasticColumn
	debt       []int64 // a row a bin, a figure for each of columns: how much more is in use than there should be
}

type elasticColumn struct {
	column
	at     int32
	factor int64 // in thousandths
	keep   int64
}

// elasticColumns are the columns of which there is to be more or less than offered.
func (c *config) elasticColumns(f *fleet) (list []elasticColumn) {
	for i, col := range f.columns {
		if col.sort == deviceColumn {
			continue
		}
		factor, keep := resources.One, resources.Amount(0)
		if c.overcommit != nil {
			if given, ok := c.overcommit.factors[col.name]; ok {
				factor = given
			}
		}
		if c.headroom != nil && col.sort == regularColumn {
			keep = c.headroom.free[col.name]
		}
		if factor != resources.One || keep != 0 {
			list = append(list, elasticColumn{col, int32(i), int64(factor), int64(keep)})
		}
	}
	return list
}

// makeElastic makes rows what a round's options say, if they are not so already.
func (r *Round) makeElastic(c *config) {
	if r.elastic == nil && c.overcommit == nil && c.headroom == nil {
		return
	}
	if r.elastic != nil && r.elastic.overcommit == c.overcommit && r.elastic.headroom == c.headroom {
		return
	}
	e := &elastic{overcommit: c.overcommit, headroom: c.headroom, columns: c.elasticColumns(r.fleet)}
	r.elastic = e
	if c.overcommit == nil && c.headroom == nil {
		r.elastic = nil
	}
	r.backlog.failures = nil
	for _, b := range r.liveBins() {
		r.lift(r.homes[b].agent)
		r.refill(b)
		r.renewed(b)
	}
	r.shifts++
}

// stretch makes the rows of a bin that was just filled what they should be.
func (r *Round) stretch(b int32) {
	e := r.elastic
	if e == nil {
		return
	}
	for len(e.debt) < (int(b)+1)*len(e.columns) {
		e.debt = append(e.debt, 0)
	}
	r.lowerTop(b)
	capacity, free := r.capacityRow(b), r.freeRow(b)
	for i := range e.columns {
		c := &e.columns[i]
		used := capacity[c.at] - free[c.at]
		if r.bins[b].standing {
			used = r.drawn(b, c.column)
		}
		all := c.of(capacity[c.at])
		capacity[c.at] = max(0, all)
		free[c.at] = max(0, all-used)
		e.debt[int(b)*len(e.columns)+i] = max(0, used-all)
	}
	r.raiseTop(b)
}

// of is how much an amount counts for.
func (c *elasticColumn) of(amount int64) int64 { return timesThousandths(amount, c.factor) - c.keep }

// stretchOffered does the same for offers that are not of the round, to be held beside what runs on the agent.
func (r *Round) stretchOffered(c *config, f *fleet, b, a int32) {
	free := f.freeRow(b)
	for _, col := range c.elasticColumns(f) {
		held := int64(0)
		for t := r.agents[a].running; t >= 0; t = r.links[t].next {
			if h := r.runningTask(t); h.Role == f.roleOn(b) && h.Revocable == (col.sort == revocableColumn) {
				held += int64(h.Task.Needs.Get(col.name))
			}
		}
		all := free[col.at]
		if !f.bins[b].standing {
			all += held
		}
		free[col.at] = max(0, col.of(all)-held)
	}
}

// drawn is how much of a scalar running tasks draw from a standing bin that was just filled.
func (r *Round) drawn(b int32, c column) (sum int64) {
	a := r.homes[b].agent
	for t := r.agents[a].running; t >= 0; t = r.links[t].next {
		if r.spots[t].where != NoBin {
			continue // it holds what it has of another bin
		}
		if h := r.runningTask(t); h.Revocable == (c.sort == revocableColumn) && r.binFor(a, h.Role) == b {
			sum += int64(h.Task.Needs.Get(c.name))
		}
	}
	return sum
}

// timesThousandths is a times f/1000, rounded down, or as much as can be counted.
func timesThousandths(a, f int64) int64 {
	high, low := bits.Mul64(uint64(a), uint64(f))
	if high >= 1000 {
		return noBound
	}
	n, _ := bits.Div64(high, low, 1000)
	return int64(min(n, noBound))
}

// headroomKeeps says whether the bin has room for so much in the column but for the headroom.
func (r *Round) headroomKeeps(b int32, column int, need int64) bool {
	e := r.elastic
	if e == nil {
		return false
	}
	for i, c := range e.columns {
		if int(c.at) == column {
			return c.keep > 0 && need <= r.freeRow(b)[column]+c.keep-e.debt[int(b)*len(e.columns)+i]
		}
	}
	return false
}

// shrinks says whether what is offered of a column may count for nothing.
func (e *elastic) shrinks(column int32) bool {
	return e != nil && slices.ContainsFunc(e.columns, func(c elasticColumn) bool { return c.at == column })
}
