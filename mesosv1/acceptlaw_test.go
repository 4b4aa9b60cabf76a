package mesosv1

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// TestAcceptLaw checks over random offers, tasks and launches that the master would refuse nothing of any call, that every
// task is in a call or has an error, and that the offers that were used end, once.
func TestAcceptLaw(t *testing.T) {
	cases := 10_000
	if testing.Short() {
		cases = 2000
	}
	seen := map[string]int{}
	for seed := range uint64(cases) {
		g := rand.New(rand.NewPCG(seed, 6))
		s := lawScene(t, g)
		result, err := placement.Assign(s.order, lawTasks(g, s), placement.WithPieces(), placement.WithExplain(0))
		if err != nil {
			seen["odd offers"]++
			continue
		}
		a := Accepter{Framework: "f", Principal: "me", Offer: s.find, Launch: lawLaunch(g)}
		calls, err := a.Accept(result.Assignments)
		ended, launched, failed := map[string]bool{}, 0, 0
		for _, c := range calls {
			if err := judge(s.find, ended, c.Call); err != nil {
				t.Fatalf("seed %d: %v\n%s", seed, err, tell(c))
			}
			launched += len(c.Launched)
			failed += len(c.Failed)
			seen[c.Call.Type.String()]++
			if c.Call.Accept != nil {
				for _, op := range c.Call.Accept.Operations {
					seen[op.Type.String()]++
				}
			}
		}
		if launched+failed != len(result.Assignments) || (err != nil) != (failed > 0) {
			t.Fatalf("seed %d: %d launched and %d failed of %d; %v", seed, launched, failed, len(result.Assignments), err)
		}
		for _, p := range result.Assignments {
			for _, id := range p.Offers {
				if !ended[string(id)] {
					t.Fatalf("seed %d: offer %s is in no call", seed, id)
				}
			}
		}
		seen["launched"] += launched
		seen["failed"] += failed
		if errors.Is(err, resources.ErrNotContained) && !strings.Contains(err.Error(), "the executor needs") {
			t.Fatalf("seed %d: what was placed is not contained: %v", seed, err)
		}
		for _, want := range []error{ErrLaunch, ErrExecutor, ErrVolume, resources.ErrRevocable, resources.ErrNotContained, resources.ErrDuplicate} {
			if errors.Is(err, want) {
				seen["error: "+want.Error()]++
			}
		}
	}
	t.Log(seen)
	for _, what := range []string{"ACCEPT", "DECLINE", "RESERVE", "CREATE", "LAUNCH", "LAUNCH_GROUP"} {
		if seen[what] < cases/200 {
			t.Errorf("only %d %s in %d cases", seen[what], what, cases)
		}
	}
	if seen["failed"] > seen["launched"] || seen["odd offers"] > cases/20 {
		t.Errorf("too few good cases: %v", seen)
	}
}

// lawScene makes offers with everything: reservations of all kinds, revocable resources, disks, volumes.
func lawScene(t testing.TB, g *rand.Rand) *scene {
	s := newScene(t)
	bare := g.IntN(4) == 0
	role := []string{"web", "web/api"}[g.IntN(2)]
	for i := range 1 + g.IntN(5) {
		agent := fmt.Sprint("a", g.IntN(3))
		var all []resources.Resource
		for range 2 + g.IntN(6) {
			all = append(all, lawResource(g, role, fmt.Sprint(i)))
		}
		var r resources.Resources
		for _, x := range all {
			one, err := resources.New(x)
			if err != nil {
				continue
			}
			r = r.Plus(one)
		}
		if !bare {
			r = r.Allocate(role)
		}
		o := Offer{Offer: placement.Offer{ID: placement.OfferID(fmt.Sprint("o", i)), Agent: placement.AgentID(agent), Role: role, Resources: r}}
		if g.IntN(3) == 0 {
			o.Executors = []string{"e1"}
		}
		s.add(o)
	}
	return s
}

func lawResource(g *rand.Rand, role, unique string) resources.Resource {
	dynamic := func() resources.Reservation {
		r := resources.Reservation{Role: role, Dynamic: true}
		if g.IntN(2) == 0 {
			r.Principal = resources.Some("me")
		}
		if g.IntN(2) == 0 {
			r.Labels = resources.NewLabels(resources.Label{Key: "k"})
		}
		return r
	}
	var stack []resources.Reservation
	switch g.IntN(6) {
	case 0:
		stack = []resources.Reservation{{Role: role}}
	case 1:
		stack = []resources.Reservation{{Role: "web"}}
		if role != "web" && g.IntN(2) == 0 {
			stack = append(stack, dynamic())
		}
	case 2:
		stack = []resources.Reservation{dynamic()}
	}
	r := resources.Resource{Reservations: stack, Value: resources.ScalarOf(resources.Amount(1+g.IntN(16)) * 500)}
	switch g.IntN(9) {
	case 0, 1, 2:
		r.Name = "cpus"
	case 3, 4:
		r.Name = "mem"
	case 5:
		r.Name = "ports"
		r.Value = resources.RangesOf(resources.MustRanges("[" + unique + "000-" + unique + "005]"))
	default:
		r.Name = "disk"
		switch g.IntN(5) {
		case 0:
			root := resources.Directory{Root: resources.Some("/m" + unique + fmt.Sprint(g.IntN(100)))}
			r.Disk = &resources.Disk{Source: &resources.DiskSource{Type: resources.DiskMount, Mount: &root}}
		case 1:
			root := resources.Directory{Root: resources.Some("/p")}
			r.Disk = &resources.Disk{Source: &resources.DiskSource{Type: resources.DiskPath, Path: &root}}
		case 2:
			r.Reservations = []resources.Reservation{dynamic()}
			r.Disk = &resources.Disk{Persistence: &resources.Persistence{ID: "v" + unique + fmt.Sprint(g.IntN(1000))}, Volume: &resources.Volume{ContainerPath: "d"}}
			r.Shared = g.IntN(2) == 0
		}
	}
	if len(r.Reservations) == 0 && (r.Name == "cpus" || r.Name == "mem") && g.IntN(3) == 0 {
		r.Revocable = true
	}
	return r
}

func lawTasks(g *rand.Rand, s *scene) (tasks []placement.Task) {
	var volumes []string
	for _, o := range s.order {
		for r := range o.Resources.PersistentVolumes().All() {
			volumes = append(volumes, r.Disk.Persistence.ID)
		}
	}
	for i := range 1 + g.IntN(8) {
		t := placement.Task{ID: placement.TaskID(fmt.Sprint("t", i)), Revocable: placement.RevocablePolicy(g.IntN(3))}
		var q []resources.Quantity
		for _, name := range []string{"cpus", "mem", "disk"} {
			if g.IntN(2) == 0 {
				q = append(q, resources.Quantity{Name: name, Amount: resources.Amount(1+g.IntN(8)) * 250})
			}
		}
		t.Needs, _ = resources.NewQuantities(q...)
		if g.IntN(4) == 0 {
			t.Ports.Dynamic = 1 + g.IntN(3)
		}
		switch g.IntN(8) {
		case 0:
			t.Disks = []placement.DiskRequest{{Kind: placement.MountDisk, Amount: 1}}
		case 1:
			t.Disks = []placement.DiskRequest{{Kind: placement.PathDisk, Amount: 250}}
		case 2, 3:
			if len(volumes) > 0 {
				t.Disks = []placement.DiskRequest{{Kind: placement.VolumeDisk, ID: volumes[g.IntN(len(volumes))]}}
			}
		}
		tasks = append(tasks, t)
	}
	return tasks
}

// lawLaunch asks for everything an Accepter can do, at random.
func lawLaunch(g *rand.Rand) func(placement.Assignment) (Launch, error) {
	return func(a placement.Assignment) (Launch, error) {
		l, err := command(a)
		if g.IntN(3) == 0 {
			l, err = underExecutor(fmt.Sprint("e", g.IntN(3)), "")(a)
			if g.IntN(2) == 0 {
				l.ExecutorNeeds = resources.MustQuantities("cpus:0.1")
			}
			if g.IntN(3) == 0 {
				l.Group = "pod on " + string(a.Agent)
				l.Info.Executor.ExecutorID.Value = "pods"
				if a.Agent == "a0" {
					l.Info.Executor.Type = mesos.ExecutorInfo_DEFAULT
				}
			}
		}
		if g.IntN(2) == 0 {
			l.Keep = &Keep{}
		}
		if g.IntN(3) == 0 {
			v := NewVolume{ID: "new-" + string(a.Task), Path: "data", Shared: g.IntN(3) == 0}
			v.Kind = []placement.DiskKind{0, 0, placement.PathDisk, placement.MountDisk}[g.IntN(4)]
			if g.IntN(2) == 0 {
				v.Amount = 250
			}
			l.Volumes = []NewVolume{v}
		}
		if g.IntN(40) == 0 {
			err = errors.New("no image")
		}
		return l, err
	}
}
