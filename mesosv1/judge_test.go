package mesosv1

import (
	"errors"
	"fmt"
	"slices"
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
		if !m.running[id] && e.Type == mesos.ExecutorInfo_DEFAULT && own.Quantities().Get("cpus") < resources.MustAmount("0.01") {
			return fmt.Errorf("default executor %s has too few cpus", id)
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
