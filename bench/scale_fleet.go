package main

import (
	"fmt"

	"github.com/berth-go/berth/bench/naive"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// scaleColumns sort as the competitor counts, so that both sides add up scores in the same order.
var scaleColumns = [4]string{"cpus", "mem", "scratch", "throughput"}

// scaleFleet is a workload of the competitor as offers and tasks. Agents have ports, four attributes and
// host names of their own besides.
type scaleFleet struct {
	w       *naive.Workload
	offers  []placement.Offer
	tasks   []placement.Task // arrivals
	running []placement.Running
	bin     map[placement.AgentID]int32
}

func newScaleFleet(spec naive.Spec) (*scaleFleet, error) {
	f := &scaleFleet{w: naive.Generate(spec), bin: make(map[placement.AgentID]int32, spec.Bins)}
	for b := range spec.Bins {
		row := f.w.Capacity[b*f.w.Cols:][:f.w.Cols]
		offer, err := scaleOffer(b, fmt.Sprintf("offer-%d", b), row)
		if err != nil {
			return nil, err
		}
		offer.Standing = true
		f.offers = append(f.offers, offer)
		f.bin[offer.Agent] = int32(b)
	}
	needs, err := needsOf(f.w)
	if err != nil {
		return nil, err
	}
	f.tasks = arrivals(f.w, needs)
	for i, l := range f.w.Live {
		f.running = append(f.running, placement.Running{Agent: f.offers[l.Bin].Agent,
			Task: placement.Task{ID: placement.TaskID(fmt.Sprintf("running-%d", i)), Needs: needs[l.Shape]}})
	}
	return f, nil
}

func needsOf(w *naive.Workload) ([]resources.Quantities, error) {
	needs := make([]resources.Quantities, len(w.Needs)/w.Cols)
	for s := range needs {
		var q [4]resources.Quantity
		for c, n := range w.Need(int32(s)) {
			q[c] = resources.Quantity{Name: scaleColumns[c], Amount: resources.Amount(n)}
		}
		var err error
		if needs[s], err = resources.NewQuantities(q[:]...); err != nil {
			return nil, err
		}
	}
	return needs, nil
}

func arrivals(w *naive.Workload, needs []resources.Quantities) []placement.Task {
	tasks := make([]placement.Task, len(w.Tasks))
	for i, s := range w.Tasks {
		tasks[i] = placement.Task{ID: placement.TaskID(fmt.Sprintf("task-%d", i)), Needs: needs[s]}
	}
	return tasks
}

// scaleOffer offers a row of an agent.
func scaleOffer(agent int, id string, row []int64) (placement.Offer, error) {
	pieces := []resources.Resource{{Name: "ports", Value: resources.RangesOf(resources.MustRanges("[31000-32000]"))}}
	for c, n := range row {
		pieces = append(pieces, resources.Resource{Name: scaleColumns[c], Value: resources.ScalarOf(resources.Amount(n))})
	}
	all, err := resources.New(pieces...)
	if err != nil {
		return placement.Offer{}, err
	}
	attributes, err := resources.ParseAttributes(fmt.Sprintf("rack:r%d;zone:z%d;generation:%d;kernel:k%d", agent/40, zoneOf(int32(agent)), agent%5, agent%2))
	if err != nil {
		return placement.Offer{}, err
	}
	name := fmt.Sprintf("agent-%d", agent)
	return placement.Offer{ID: placement.OfferID(id), Agent: placement.AgentID(name), Hostname: name + ".example",
		Resources: all, Attributes: attributes}, nil
}

// choices are the competitor's bins of a result: one for each arrival, -1 for those without a place.
func (f *scaleFleet) choices(r placement.Result) []int32 {
	choices := make([]int32, len(f.tasks))
	at := 0 // assignments are in the order of the tasks
	for i := range f.tasks {
		choices[i] = -1
		if at < len(r.Assignments) && r.Assignments[at].Task == f.tasks[i].ID {
			choices[i] = f.bin[r.Assignments[at].Agent]
			at++
		}
	}
	return choices
}
