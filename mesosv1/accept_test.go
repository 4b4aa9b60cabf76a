package mesosv1

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// scene is offers and what was placed on them.
type scene struct {
	t      testing.TB
	offers map[placement.OfferID]Offer
	order  []placement.Offer
}

func newScene(t testing.TB) *scene { return &scene{t: t, offers: map[placement.OfferID]Offer{}} }

func (s *scene) offer(id, agent, role, text string, executors ...string) {
	s.t.Helper()
	r := resources.MustParse(text)
	if role != "" {
		r = r.Allocate(role)
	}
	s.add(Offer{Offer: placement.Offer{ID: placement.OfferID(id), Agent: placement.AgentID(agent), Role: role, Resources: r}, Executors: executors})
}

func (s *scene) add(o Offer) {
	s.offers[o.ID] = o
	s.order = append(s.order, o.Offer)
}

func (s *scene) find(id placement.OfferID) (Offer, bool) {
	o, ok := s.offers[id]
	return o, ok
}

func (s *scene) place(tasks ...placement.Task) []placement.Assignment {
	s.t.Helper()
	result, err := placement.Assign(s.order, tasks, placement.WithPieces(), placement.WithPacker(placement.FirstFit()))
	if err != nil {
		s.t.Fatal(err)
	}
	if len(result.Failures) > 0 {
		s.t.Fatalf("not placed: %v", result.Failures[0].Why)
	}
	return result.Assignments
}

func task(id, needs string) placement.Task {
	return placement.Task{ID: placement.TaskID(id), Needs: resources.MustQuantities(needs)}
}

func command(a placement.Assignment) (Launch, error) {
	value := "run"
	return Launch{Info: mesos.TaskInfo{Name: string(a.Task), Command: &mesos.CommandInfo{Value: &value}}}, nil
}

func underExecutor(id, needs string) func(placement.Assignment) (Launch, error) {
	return func(a placement.Assignment) (Launch, error) {
		info := mesos.TaskInfo{Name: string(a.Task), Executor: &mesos.ExecutorInfo{Type: mesos.ExecutorInfo_CUSTOM, ExecutorID: mesos.ExecutorID{Value: id}}}
		return Launch{Info: info, ExecutorNeeds: resources.MustQuantities(needs)}, nil
	}
}

// tell is what a call says, in a line.
func tell(c Call) string {
	var b strings.Builder
	switch {
	case c.Call == nil:
		b.WriteString("nothing")
	case c.Call.Type == scheduler.Call_DECLINE:
		fmt.Fprint(&b, "DECLINE ", c.Offers)
	default:
		fmt.Fprint(&b, "ACCEPT ", c.Offers)
		for _, op := range c.Call.Accept.Operations {
			b.WriteString(" " + op.Type.String())
			switch op.Type {
			case mesos.Offer_Operation_RESERVE:
				b.WriteString("(" + texts(op.Reserve.Resources) + ")")
			case mesos.Offer_Operation_CREATE:
				b.WriteString("(" + texts(op.Create.Volumes) + ")")
			case mesos.Offer_Operation_LAUNCH:
				for _, t := range op.Launch.TaskInfos {
					fmt.Fprintf(&b, " %s[%s]", t.TaskID.Value, texts(t.Resources))
					if t.Executor != nil {
						fmt.Fprintf(&b, " by %s[%s]", t.Executor.ExecutorID.Value, texts(t.Executor.Resources))
					}
				}
			case mesos.Offer_Operation_LAUNCH_GROUP:
				fmt.Fprintf(&b, " %s[%s]", op.LaunchGroup.Executor.ExecutorID.Value, texts(op.LaunchGroup.Executor.Resources))
				for _, t := range op.LaunchGroup.TaskGroup.Tasks {
					fmt.Fprintf(&b, " %s[%s]", t.TaskID.Value, texts(t.Resources))
				}
			}
		}
	}
	if len(c.Failed) > 0 {
		fmt.Fprint(&b, "; failed ", c.Failed)
	}
	return b.String()
}

func texts(list []mesos.Resource) string {
	r, err := FromResources(list)
	if err != nil {
		return err.Error()
	}
	return strings.ReplaceAll(r.Unallocate().String(), "; ", ";")
}

func (s *scene) accept(launch func(placement.Assignment) (Launch, error), assignments []placement.Assignment) ([]string, error) {
	a := Accepter{Framework: "f", Principal: "me", Offer: s.find, Launch: launch}
	calls, err := a.Accept(assignments)
	var out []string
	for _, c := range calls {
		out = append(out, tell(c))
	}
	return out, err
}

func expectCalls(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("calls:\n %s\nshould be\n %s", strings.Join(got, "\n "), strings.Join(want, "\n "))
	}
}

func TestAcceptPlain(t *testing.T) {
	s := newScene(t)
	s.offer("o1", "a1", "web", "cpus:2;mem:100;ports:[1000-1010]")
	s.offer("o2", "a1", "web", "cpus(web):2;mem:100")
	s.offer("o3", "a2", "web", "cpus:4;mem:100")
	big := task("t1", "cpus:3;mem:150")
	big.Ports.Dynamic = 2
	got, err := s.accept(command, s.place(big, task("t2", "cpus:2"), task("t3", "cpus:1")))
	if err != nil {
		t.Error(err)
	}
	expectCalls(t, got,
		"ACCEPT [o1 o2] LAUNCH t1[cpus:1;cpus(reservations: [(STATIC,web)]):2;mem:150;ports:[1000-1001]] t3[cpus:1]",
		"ACCEPT [o3] LAUNCH t2[cpus:2]")
}

func TestAcceptKeepAndVolumes(t *testing.T) {
	s := newScene(t)
	s.offer("o1", "a1", "web", "cpus:2;cpus(web):1;mem:100;disk:500")
	keep := func(a placement.Assignment) (Launch, error) {
		l, err := command(a)
		l.Keep = &Keep{}
		if a.Task == "t2" {
			l.Volumes = []NewVolume{{ID: "v1", Path: "data", Amount: 200 * resources.One}}
		}
		return l, err
	}
	got, err := s.accept(keep, s.place(task("t1", "cpus:2;mem:10"), task("t2", "cpus:1;disk:300")))
	if err != nil {
		t.Error(err)
	}
	expectCalls(t, got, "ACCEPT [o1]"+
		" RESERVE(cpus(reservations: [(DYNAMIC,web,me)]):1;mem(reservations: [(DYNAMIC,web,me)]):10)"+
		" RESERVE(cpus(reservations: [(DYNAMIC,web,me)]):1;disk(reservations: [(DYNAMIC,web,me)]):300)"+
		" CREATE(disk(reservations: [(DYNAMIC,web,me)])[v1:data]:200)"+
		" LAUNCH t1[cpus(reservations: [(STATIC,web)]):1;cpus(reservations: [(DYNAMIC,web,me)]):1;mem(reservations: [(DYNAMIC,web,me)]):10]"+
		" t2[cpus(reservations: [(DYNAMIC,web,me)]):1;disk(reservations: [(DYNAMIC,web,me)]):100;disk(reservations: [(DYNAMIC,web,me)])[v1:data]:200]")
}

func TestAcceptExecutors(t *testing.T) {
	s := newScene(t)
	s.offer("o1", "a1", "web", "cpus:8;mem:800")
	s.offer("o2", "a2", "web", "cpus:8;mem:800", "e")
	first := s.place(task("t1", "cpus:2;mem:100"), task("t2", "cpus:2;mem:100"), task("t3", "cpus:8"))
	got, err := s.accept(underExecutor("e", "cpus:0.5;mem:32"), first)
	if err != nil {
		t.Error(err)
	}
	// The second task on a1 and the one on a2 find the executor there.
	expectCalls(t, got,
		"ACCEPT [o1] LAUNCH t1[cpus:1.5;mem:68] by e[cpus:0.5;mem:32] t2[cpus:2;mem:100] by e[cpus:0.5;mem:32]",
		"ACCEPT [o2] LAUNCH t3[cpus:8] by e[{}]")
}

func TestAcceptGroup(t *testing.T) {
	s := newScene(t)
	s.offer("o1", "a1", "web", "cpus:8;mem:800")
	pod := func(a placement.Assignment) (Launch, error) {
		if a.Task == "alone" {
			return command(a)
		}
		l, err := underExecutor("e", "cpus:1")(a)
		l.Group = "pod"
		if a.Task == "bad" {
			err = errors.New("no image")
		}
		return l, err
	}
	got, err := s.accept(pod, s.place(task("t1", "cpus:2"), task("alone", "cpus:1"), task("t2", "mem:64")))
	if err != nil {
		t.Error(err)
	}
	expectCalls(t, got, "ACCEPT [o1] LAUNCH alone[cpus:1] LAUNCH_GROUP e[cpus:1] t1[cpus:1] t2[mem:64]")
	got, err = s.accept(pod, s.place(task("t1", "cpus:2"), task("alone", "cpus:1"), task("bad", "mem:64")))
	if err == nil || !strings.Contains(err.Error(), "no image") || !errors.Is(err, ErrLaunch) {
		t.Error(err)
	}
	expectCalls(t, got, "ACCEPT [o1] LAUNCH alone[cpus:1]; failed [bad t1]")
}

// TestAcceptFaults has everything that must not cost the other tasks or bins their calls.
func TestAcceptFaults(t *testing.T) {
	oops := errors.New("no such image")
	bad := func(f func(*Launch)) func(placement.Assignment) (Launch, error) {
		return func(a placement.Assignment) (Launch, error) {
			l, err := command(a)
			if a.Task == "bad" {
				f(&l)
			}
			return l, err
		}
	}
	for _, c := range []struct {
		name   string
		launch func(placement.Assignment) (Launch, error)
		want   error
	}{
		{"launch data cannot be had", func(a placement.Assignment) (Launch, error) {
			if a.Task == "bad" {
				return Launch{}, oops
			}
			return command(a)
		}, oops},
		{"panic", bad(func(l *Launch) { panic("oh") }), ErrLaunch},
		{"neither command nor executor", bad(func(l *Launch) { l.Info.Command = nil }), ErrLaunch},
		{"both command and executor", bad(func(l *Launch) { l.Info.Executor = &mesos.ExecutorInfo{} }), ErrLaunch},
		{"task id", bad(func(l *Launch) { l.Info.TaskID.Value = "a/b" }), ErrLaunch},
		{"task id twice", bad(func(l *Launch) { l.Info.TaskID.Value = "good" }), ErrLaunch},
		{"limit", bad(func(l *Launch) { l.Info.Limits = map[string]mesos.Value_Scalar{"cpus": {Value: 0.5}} }), resources.ErrTask},
		{"volume without disk", bad(func(l *Launch) { l.Volumes = []NewVolume{{ID: "v", Path: "p"}} }), ErrVolume},
		{"executor too big", bad(func(l *Launch) {
			l.Info.Command, l.Info.Executor = nil, &mesos.ExecutorInfo{ExecutorID: mesos.ExecutorID{Value: "e"}}
			l.ExecutorNeeds = resources.MustQuantities("cpus:5")
		}), resources.ErrNotContained},
		{"group without executor", bad(func(l *Launch) { l.Group = "g" }), ErrLaunch},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t)
			s.offer("o1", "a1", "web", "cpus:4")
			s.offer("o2", "a2", "web", "cpus:4")
			s.offer("o3", "a3", "web", "cpus:4")
			bad := s.place(task("good", "cpus:3"), task("bad", "cpus:1"), task("other", "cpus:4"))
			got, err := s.accept(c.launch, bad)
			var e *CallError
			if !errors.Is(err, c.want) || !errors.As(err, &e) || e.Task != "bad" || e.Agent != "a1" {
				t.Errorf("error %v, should be %v", err, c.want)
			}
			expectCalls(t, got, "ACCEPT [o1] LAUNCH good[cpus:3]; failed [bad]", "ACCEPT [o2] LAUNCH other[cpus:4]")
		})
	}
}

// TestAcceptOfferFaults has offers that the master would refuse together.
func TestAcceptOfferFaults(t *testing.T) {
	fresh := func() *scene {
		s := newScene(t)
		s.offer("o1", "a1", "web", "cpus:4")
		s.offer("o2", "a2", "web", "cpus:4")
		s.offer("r", "a1", "db", "cpus:4")
		return s
	}
	assign := func(task, agent string, offers ...placement.OfferID) placement.Assignment {
		return placement.Assignment{Task: placement.TaskID(task), Agent: placement.AgentID(agent), Role: "web", Offers: offers,
			Pieces: resources.MustParse("cpus:1").Allocate("web")}
	}
	good := assign("good", "a2", "o2")
	for _, c := range []struct {
		name string
		bad  placement.Assignment
		want error
		call string
	}{
		{"unknown offer", assign("bad", "a1", "o1", "gone"), ErrMissing, "DECLINE [o1]; failed [bad]"},
		{"no offers", assign("bad", "a1"), ErrMissing, "nothing; failed [bad]"},
		{"only unknown offers", assign("bad", "a1", "gone"), ErrMissing, "nothing; failed [bad]"},
		{"offer in two bins", assign("bad", "a1", "o2", "o1"), ErrUsed, "DECLINE [o1]; failed [bad]"},
		{"offer twice", assign("bad", "a1", "o1", "o1"), ErrUsed, "DECLINE [o1]; failed [bad]"},
		{"agents mixed", assign("bad", "a3", "o1"), ErrMixed, "DECLINE [o1]; failed [bad]"},
		{"roles mixed", assign("bad", "a1", "o1", "r"), ErrMixed, "DECLINE [o1 r]; failed [bad]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := fresh().accept(command, []placement.Assignment{good, c.bad})
			if !errors.Is(err, c.want) {
				t.Errorf("error %v, should be %v", err, c.want)
			}
			expectCalls(t, got, "ACCEPT [o2] LAUNCH good[cpus:1]", c.call)
		})
	}
	t.Run("group on two agents", func(t *testing.T) {
		got, err := fresh().accept(func(a placement.Assignment) (Launch, error) {
			l, err := underExecutor("e", "")(a)
			l.Group = "pod"
			return l, err
		}, []placement.Assignment{good, assign("bad", "a1", "o1")})
		if !errors.Is(err, ErrSplit) {
			t.Error(err)
		}
		expectCalls(t, got, "DECLINE [o2]; failed [good]", "DECLINE [o1]; failed [bad]")
	})
}

// TestAcceptDefaultExecutor checks that a default executor has the cpus that masters want of it, and of no other.
func TestAcceptDefaultExecutor(t *testing.T) {
	for _, c := range []struct {
		kind  mesos.ExecutorInfo_Type
		needs string
		there bool
		want  string
	}{
		{mesos.ExecutorInfo_DEFAULT, "cpus:0.01;mem:32", false, "ACCEPT [o1] LAUNCH_GROUP e[cpus:0.01;mem:32] t[cpus:0.99;mem:68]"},
		{mesos.ExecutorInfo_DEFAULT, "cpus:0.009;mem:32", false, "DECLINE [o1]; failed [t]"},
		{mesos.ExecutorInfo_DEFAULT, "mem:32", false, "DECLINE [o1]; failed [t]"},
		{mesos.ExecutorInfo_DEFAULT, "", true, "ACCEPT [o1] LAUNCH_GROUP e[{}] t[cpus:1;mem:100]"},
		{mesos.ExecutorInfo_CUSTOM, "mem:32", false, "ACCEPT [o1] LAUNCH_GROUP e[mem:32] t[cpus:1;mem:68]"},
	} {
		s := newScene(t)
		if c.there {
			s.offer("o1", "a1", "web", "cpus:1;mem:100", "e")
		} else {
			s.offer("o1", "a1", "web", "cpus:1;mem:100")
		}
		got, err := s.accept(func(a placement.Assignment) (Launch, error) {
			l, err := underExecutor("e", c.needs)(a)
			l.Group, l.Info.Executor.Type = "pod", c.kind
			return l, err
		}, s.place(task("t", "cpus:1;mem:100")))
		if failed := strings.Contains(c.want, "failed"); failed != errors.Is(err, ErrLaunch) {
			t.Errorf("%v with %q: %v", c.kind, c.needs, err)
		}
		expectCalls(t, got, c.want)
	}
}

// TestAcceptRevocable checks that one executor never has both sorts of one name.
func TestAcceptRevocable(t *testing.T) {
	s := newScene(t)
	s.offer("o1", "a1", "web", "mem:500")
	o := s.offers["o1"]
	o.Resources = o.Resources.Plus(resources.Must(
		resources.Resource{Name: "cpus", Value: resources.ScalarOf(4 * resources.One), AllocatedTo: "web"},
		resources.Resource{Name: "cpus", Value: resources.ScalarOf(4 * resources.One), AllocatedTo: "web", Revocable: true}))
	s.offers["o1"], s.order[0] = o, o.Offer
	revocable := task("t2", "cpus:2")
	revocable.Revocable = placement.Only
	got, err := s.accept(underExecutor("e", ""), s.place(task("t1", "cpus:2"), revocable, task("t3", "mem:5")))
	if !errors.Is(err, resources.ErrRevocable) {
		t.Error(err)
	}
	expectCalls(t, got, "ACCEPT [o1] LAUNCH t1[cpus:2] by e[{}] t3[mem:5] by e[{}]; failed [t2]")
	got, err = s.accept(command, s.place(task("t1", "cpus:2"), revocable))
	if err != nil {
		t.Error(err)
	}
	expectCalls(t, got, "ACCEPT [o1] LAUNCH t1[cpus:2] t2[cpus{REV}:2]")
}

func TestDecline(t *testing.T) {
	for refuse, want := range map[time.Duration]float64{5 * time.Second: 5, 0: 0, -1: 0, 1e18: 365 * 24 * 3600, 1500 * time.Millisecond: 1.5} {
		c := Decline("f", refuse, "o1", "o2")
		if got := c.Decline.Filters.GetRefuseSeconds(); got != want || len(c.Decline.OfferIDs) != 2 || c.FrameworkID.Value != "f" {
			t.Errorf("%v: refuses for %v s, should be %v", refuse, got, want)
		}
	}
}
