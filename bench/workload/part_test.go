package workload

import (
	"testing"

	"github.com/berth-go/berth/placement"
)

func TestPart(t *testing.T) {
	w := &Workload{Name: "w", Optimum: 2}
	for _, agent := range []placement.AgentID{"a", "b", "a", "c", "d", "b", "c"} {
		w.Offers = append(w.Offers, placement.Offer{Agent: agent})
	}
	for _, id := range []placement.TaskID{"0", "1", "2", "3", "4"} {
		w.Tasks = append(w.Tasks, placement.Task{ID: id})
	}
	if w.Part(1) != w || w.Part(0) != w {
		t.Error("a whole is not its own part")
	}
	half := w.Part(2)
	agents, tasks := "", ""
	for _, o := range half.Offers {
		agents += string(o.Agent)
	}
	for _, k := range half.Tasks {
		tasks += string(k.ID)
	}
	if agents != "aacc" || tasks != "024" || half.Name != "w" || half.Optimum != 0 {
		t.Errorf("half has offers of %s and tasks %s, optimum %d", agents, tasks, half.Optimum)
	}
}
