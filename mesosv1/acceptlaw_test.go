package mesosv1

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// judge is an independent master: it reads calls from their messages and does their operations one by one on the offers. It
// returns what it would refuse.
func judge(find func(placement.OfferID) (Offer, bool), ended map[string]bool, call *scheduler.Call) error {
	var ids []mesos.OfferID
	if call.Type == scheduler.Call_ACCEPT {
		ids = call.Accept.OfferIDs
	} else {
		ids = call.Decline.OfferIDs
	}
	var left resources.Resources
	var first Offer
	running := map[string]bool{}
	for i, id := range ids {
		o, ok := find(placement.OfferID(id.Value))
		if !ok || ended[id.Value] {
			return fmt.Errorf("offer %s is not outstanding", id.Value)
		}
		ended[id.Value] = true
		if i == 0 {
			first = o
		} else if call.Type == scheduler.Call_ACCEPT && (o.Agent != first.Agent || o.Role != first.Role) {
			return fmt.Errorf("offers of several agents or roles")
		}
		for _, e := range o.Executors {
			running[e] = true
		}
		left = left.Plus(o.Resources)
	}
	if call.Type != scheduler.Call_ACCEPT {
		return nil
	}
	m := &agentMaster{left: left.Allocate(first.Role), role: first.Role, known: left.PersistentVolumes(), running: running, executors: map[string]mesos.ExecutorInfo{}, uses: map[string]resources.Resources{}, tasks: map[string]bool{}}
	last := mesos.Offer_Operation_Type(0)
	rank := []mesos.Offer_Operation_Type{0, mesos.Offer_Operation_RESERVE, mesos.Offer_Operation_CREATE, mesos.Offer_Operation_LAUNCH, mesos.Offer_Operation_LAUNCH_GROUP}
	for i, op := range call.Accept.Operations {
		if slices.Index(rank, op.Type) < slices.Index(rank, last) {
			return fmt.Errorf("operation %d: %v after %v", i, op.Type, last)
		}
		last = op.Type
		if err := m.do(&op); err != nil {
			return fmt.Errorf("operation %d, %v: %w", i, op.Type, err)
		}
	}
	return nil
}

type agentMaster struct {
	left, known resources.Resources
	role        string
	running     map[string]bool
	executors   map[string]mesos.ExecutorInfo
	uses        map[string]resources.Resources
	tasks       map[string]bool
}

func (m *agentMaster) do(op *mesos.Offer_Operation) error {
	switch op.Type {
	case mesos.Offer_Operation_RESERVE:
		r, err := FromResources(op.Reserve.Resources)
		if err != nil {
			return err
		}
		return m.apply(resources.Reserve{Resources: list(r.Allocate(m.role))})
	case mesos.Offer_Operation_CREATE:
		r, err := FromResources(op.Create.Volumes)
		if err != nil {
			return err
		}
		return m.apply(resources.Create{Volumes: list(r.Allocate(m.role))})
	case mesos.Offer_Operation_LAUNCH:
		for _, t := range op.Launch.TaskInfos {
			if (t.Command == nil) == (t.Executor == nil) {
				return errors.New("not one of command and executor")
			}
			if err := m.launch(&t, t.Executor); err != nil {
				return fmt.Errorf("task %s: %w", t.TaskID.Value, err)
			}
		}
		return nil
	case mesos.Offer_Operation_LAUNCH_GROUP:
		e := op.LaunchGroup.Executor
		if e.FrameworkID == nil || len(op.LaunchGroup.TaskGroup.Tasks) == 0 {
			return errors.New("no framework id, or no tasks")
		}
		for _, t := range op.LaunchGroup.TaskGroup.Tasks {
			if err := m.launch(&t, &e); err != nil {
				return fmt.Errorf("task %s: %w", t.TaskID.Value, err)
			}
		}
		return nil
	}
	return fmt.Errorf("unexpected")
}

func (m *agentMaster) apply(op resources.Operation) (err error) {
	err = resources.ValidateOperation(op, resources.OperationContext{
		Principal: resources.Some("me"), Accept: true, Checkpointed: m.known,
		Framework: &resources.Framework{MultiRole: true, Roles: []string{m.role}, SharedResources: true},
		Agent:     resources.AgentCapabilities{HierarchicalRole: true, ReservationRefinement: true},
	})
	if err != nil {
		return err
	}
	m.left, err = m.left.Apply(op)
	m.known = m.left.PersistentVolumes()
	return err
}

func (m *agentMaster) launch(t *mesos.TaskInfo, e *mesos.ExecutorInfo) error {
	if m.tasks[t.TaskID.Value] {
		return errors.New("launched twice")
	}
	m.tasks[t.TaskID.Value] = true
	has, err := FromResources(t.Resources)
	if err != nil {
		return err
	}
	check := resources.TaskResources{Task: list(has.Allocate(m.role)), Offered: m.left}
	total := has.Allocate(m.role)
	if e != nil {
		id := e.ExecutorID.Value
		own, err := FromResources(e.Resources)
		if err != nil {
			return err
		}
		check.Executor, check.ExecutorRunning = list(own.Allocate(m.role)), m.running[id]
		if !m.running[id] {
			total = total.Plus(own.Allocate(m.role))
		}
		if known, ok := m.executors[id]; ok && !known.Equal(*e) {
			return fmt.Errorf("executor %s is another", id)
		}
		m.executors[id], m.running[id] = *e, true
		m.uses[id] = m.uses[id].Plus(total)
		for _, name := range m.uses[id].Names() {
			if n := m.uses[id].Named(name); !n.Revocable().IsEmpty() && !n.NonRevocable().IsEmpty() {
				return fmt.Errorf("%s is both revocable and not under executor %s", name, id)
			}
		}
	}
	if err := check.Validate(); err != nil {
		return err
	}
	m.left = m.left.Minus(total.NonShared())
	return nil
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

// TestJudgeNotices checks the judge: calls with one thing wrong are found out.
func TestJudgeNotices(t *testing.T) {
	for name, spoil := range map[string]func(*scheduler.Call_Accept){
		"more than offered": func(a *scheduler.Call_Accept) {
			a.Operations[2].Launch.TaskInfos[0].Resources[0].Scalar.Value = 9
		},
		"another principal": func(a *scheduler.Call_Accept) {
			who := "you"
			a.Operations[0].Reserve.Resources[0].Reservations[0].Principal = &who
		},
		"no reservation": func(a *scheduler.Call_Accept) { a.Operations = a.Operations[1:] },
		"order":          func(a *scheduler.Call_Accept) { slices.Reverse(a.Operations) },
		"task twice": func(a *scheduler.Call_Accept) {
			a.Operations[2].Launch.TaskInfos = append(a.Operations[2].Launch.TaskInfos, a.Operations[2].Launch.TaskInfos[0])
		},
		"unknown offer":   func(a *scheduler.Call_Accept) { a.OfferIDs[0].Value = "x" },
		"offer twice":     func(a *scheduler.Call_Accept) { a.OfferIDs = append(a.OfferIDs, a.OfferIDs[0]) },
		"agents mixed":    func(a *scheduler.Call_Accept) { a.OfferIDs = append(a.OfferIDs, mesos.OfferID{Value: "o2"}) },
		"another volume":  func(a *scheduler.Call_Accept) { a.Operations[1].Create.Volumes[0].Disk.Persistence.ID = "w" },
		"no task command": func(a *scheduler.Call_Accept) { a.Operations[2].Launch.TaskInfos[0].Command = nil },
	} {
		s := newScene(t)
		s.offer("o1", "a1", "web", "cpus:4;disk:10")
		s.offer("o2", "a2", "web", "cpus:4")
		launch := func(a placement.Assignment) (Launch, error) {
			l, err := command(a)
			l.Keep, l.Volumes = &Keep{}, []NewVolume{{ID: "v", Path: "p"}}
			return l, err
		}
		a := Accepter{Framework: "f", Principal: "me", Offer: s.find, Launch: launch}
		calls, err := a.Accept(s.place(task("t", "cpus:2;disk:10")))
		if err != nil || len(calls) != 1 || judge(s.find, map[string]bool{}, calls[0].Call) != nil {
			t.Fatalf("%s: the call is bad to begin with: %v, %v", name, err, calls)
		}
		spoil(calls[0].Call.Accept)
		if judge(s.find, map[string]bool{}, calls[0].Call) == nil {
			t.Errorf("%s: not noticed", name)
		}
	}
}
