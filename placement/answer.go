package placement

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// Answer says where one task went and why, or why it went nowhere.
type Answer struct {
	Task TaskID `json:"task"`
	// Assignment is where the task went; nil when it was not placed.
	Assignment *Assignment `json:"assignment,omitempty"`
	// Feasible is the number of bins that would have taken the task at its turn. Zero when the
	// packer did not ask the round for a bin, but brought its own.
	Feasible int `json:"feasible"`
	// Best are the best of them, at most three, best first: by score, or, for a packer that takes
	// the first, the earliest.
	Best []Choice `json:"best,omitempty"`
	// Why is set when the task was not placed.
	Why *Explanation `json:"why,omitempty"`
}

// Choice is a bin that could take a task.
type Choice struct {
	Agent AgentID `json:"agent"`
	Role  string  `json:"role,omitempty"`
	// Score is the packer's score; it means something only when Scored.
	Score  float64 `json:"score"`
	Scored bool    `json:"scored"`
}

// Explain runs the round that [Assign] would run on the same arguments and answers for one task in
// full, whatever the budget for explanations. Errors are those of Assign, and [ErrNotFound].
func Explain(offers []Offer, tasks []Task, id TaskID, opts ...Option) (a Answer, err error) {
	at := slices.IndexFunc(tasks, func(t Task) bool { return t.ID == id })
	if at < 0 {
		return Answer{}, fmt.Errorf("placement: %w: %q", ErrNotFound, id)
	}
	c := newConfig(opts)
	c.watch, c.explain = id, 0
	res, r, err := assign(context.Background(), offers, tasks, &c)
	if err != nil {
		return Answer{}, err
	}
	a = Answer{Task: id}
	if r.spots[at].where == NoBin {
		defer func() {
			if p := recover(); p != nil {
				a, err = Answer{}, fmt.Errorf("placement: %w: %v", ErrPolicy, p)
			}
		}()
		a.Why = r.explainAll(TaskIndex(at))
		return a, nil
	}
	i := slices.IndexFunc(res.Assignments, func(x Assignment) bool { return x.Task == id })
	a.Assignment = &res.Assignments[i]
	a.Feasible, a.Best = r.watch.feasible, r.watch.best
	return a, nil
}

// watch records what a packer could choose from when it asked for a bin for one task.
type watch struct {
	task     TaskID
	feasible int
	best     []Choice
}

// witness is called when a bin was found for a task, before it is placed. By rates bins that fit; it is nil for
// first fit.
func (r *Round) witness(t TaskIndex, by func(t TaskIndex, b int32, variant int8) float64) {
	if r.watch == nil || r.tasks[t].ID != r.watch.task {
		return
	}
	w := r.watch
	w.feasible, w.best = 0, nil
	s := r.shapeFor(TaskIndex(t))
	for _, b := range r.liveBins() {
		v := r.fit(s, b)
		if v < 0 || !r.allowed(int32(t), b) {
			continue
		}
		w.feasible++
		c := Choice{Agent: r.agents[r.homes[b].agent].id, Role: r.roleOn(b)}
		if by != nil {
			c.Score, c.Scored = by(t, b, v), true
		} else if w.feasible > 3 {
			continue
		}
		w.best = append(w.best, c)
	}
	slices.SortStableFunc(w.best, func(x, y Choice) int {
		// Descending; NaN compares below every number.
		return cmp.Compare(y.Score, x.Score)
	})
	w.best = w.best[:min(3, len(w.best))]
}
