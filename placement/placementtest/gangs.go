package placementtest

import (
	"slices"

	"github.com/berth-go/berth/placement"
)

// gang is what there is of one: its tasks, and the agents of those placed and of those running.
type gang struct {
	tasks       []*placement.Task
	in, running []placement.AgentID
	out         []placement.TaskID
}

// checkGangs checks that of every gang enough is placed, or nothing, and where it must be.
func (c *checker) checkGangs(result *placement.Result) {
	on := map[placement.TaskID]placement.AgentID{}
	for i := range result.Assignments {
		on[result.Assignments[i].Task] = result.Assignments[i].Agent
	}
	var names []string
	gangs := map[string]*gang{}
	for i := range c.tasks {
		t := &c.tasks[i]
		if t.Gang == "" {
			continue
		}
		g := gangs[t.Gang]
		if g == nil {
			g = &gang{}
			gangs[t.Gang] = g
			names = append(names, t.Gang)
		}
		g.tasks = append(g.tasks, t)
		if agent, ok := on[t.ID]; ok {
			g.in = append(g.in, agent)
		} else {
			g.out = append(g.out, t.ID)
		}
	}
	for i := range c.running {
		if g := gangs[c.running[i].Task.Gang]; g != nil {
			g.running = append(g.running, c.running[i].Agent)
		}
	}
	for _, name := range names {
		if g := gangs[name]; len(g.in) > 0 {
			c.checkGang(name, g)
		}
	}
}

func (c *checker) checkGang(name string, g *gang) {
	t := g.tasks[0]
	if least := t.GangMin; least > 0 && len(g.in)+len(g.running) < least {
		c.report(t.ID, ErrGang, "%d tasks of gang %q are placed and %d run, at least %d must", len(g.in), name, len(g.running), least)
	} else if least == 0 {
		for _, id := range g.out {
			c.report(id, ErrGang, "not placed, but %d of the %d tasks of gang %q are", len(g.in), len(g.tasks), name)
		}
	}
	if !t.GangOneAgent {
		return
	}
	for _, agent := range g.in {
		if agent != g.in[0] || (len(g.running) > 0 && !slices.Contains(g.running, agent)) {
			c.report(t.ID, ErrGang, "gang %q is to be on one agent, but is on %q, and runs on %q", name, g.in, g.running)
			return
		}
	}
}
