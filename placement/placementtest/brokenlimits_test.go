package placementtest

import (
	"time"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

func limited(l placement.Limit) func(*fixture) {
	return func(f *fixture) { f.opts = append(f.opts, WithLimits(placement.Limit{Tasks: 100}, l)) }
}

func bound(name, amount string) map[string]resources.Amount {
	return map[string]resources.Amount{name: resources.MustAmount(amount)}
}

var brokenGangs = []broken{
	{"less than the least", ErrGang, func(f *fixture) {
		for _, id := range []placement.TaskID{"gang1", "gang2"} {
			f.task(id).GangMin = 3
		}
		f.opts = append(f.opts, WithRunning(placement.Running{Task: placement.Task{ID: "r", Gang: "other"}, Agent: "c"}))
	}, nil},
	{"on two agents", ErrGang, func(f *fixture) {
		for _, id := range []placement.TaskID{"gang1", "gang2"} {
			f.task(id).GangOneAgent = true
		}
		f.send("gang2", "b", "", "o3")
		f.cut("gang2", resources.MustParse("cpus:0.1"))
	}, []error{ErrConstraint, ErrForbidden}},
	{"not where it runs", ErrGang, func(f *fixture) {
		for _, id := range []placement.TaskID{"gang1", "gang2"} {
			f.task(id).GangOneAgent = true
		}
		f.opts = append(f.opts, WithRunning(placement.Running{Task: placement.Task{ID: "r", Gang: "g"}, Agent: "c"}))
	}, nil},
}

var brokenBatch = []broken{
	{"too early", ErrReady, func(f *fixture) { f.task("scalar").ReadyAt = time.Time{}.Add(1) }, nil},
	{"too many", ErrBatch, func(f *fixture) { f.opts = append(f.opts, WithBatch(len(f.Assignments)-1)) }, nil},
}

func tiered(capacity map[string]resources.Amount, buckets ...placement.Bucket) func(*fixture) {
	return func(f *fixture) {
		f.opts = append(f.opts, WithTiers(placement.Tier{Priority: 1}, placement.Tier{Capacity: capacity, Buckets: buckets}))
	}
}

var brokenTiers = []broken{
	{"above the capacity", ErrTier, tiered(bound("cpus", "5")), nil},
	{"above the guarantees", ErrTier, tiered(nil, placement.Bucket{Owner: "max", Guarantee: bound("cpus", "0.1")}), nil},
	{"what is guaranteed to one with tasks", ErrTier, tiered(bound("cpus", "50"), placement.Bucket{Owner: "max", Guarantee: bound("cpus", "49")}), nil},
	{"what is reserved", ErrTier, tiered(bound("cpus", "50"), placement.Bucket{Owner: "idle", Guarantee: bound("cpus", "49"), Reserve: true}), nil},
	{"running ones count", ErrTier, func(f *fixture) {
		tiered(bound("cpus", "50"))(f)
		f.opts = append(f.opts, WithRunning(placement.Running{Task: placement.Task{ID: "r", Needs: need("cpus:49")}, Agent: "c"}))
	}, nil},
}

var brokenLimits = []broken{
	{"too many tasks", ErrLimit, limited(placement.Limit{Owner: "max", Tasks: 1}), nil},
	{"no tasks at all", ErrLimit, limited(placement.Limit{Group: "max", Tasks: -1}), nil},
	{"too much of all", ErrLimit, limited(placement.Limit{Most: bound("cpus", "5")}), nil},
	{"too much of an owner", ErrLimit, limited(placement.Limit{Owner: "max", Most: bound("cpus", "0.199")}), nil},
	{"too much of each group", ErrLimit, limited(placement.Limit{Group: placement.Each, Most: bound("cpus", "0.19")}), nil},
	{"too much of each owner", ErrLimit, limited(placement.Limit{Owner: placement.Each, Most: bound("cpus", "0.19")}), nil},
	{"the first is too much", ErrLimit, limited(placement.Limit{Owner: "pair", Most: bound("cpus", "0.099")}), nil},
	{"too many ports", ErrLimit, limited(placement.Limit{Most: bound("ports", "5")}), nil},
	{"too many devices", ErrLimit, limited(placement.Limit{Most: bound("device:gpu", "3.1")}), nil},
	{"running ones count", ErrLimit, func(f *fixture) {
		limited(placement.Limit{Owner: "max", Tasks: 2})(f)
		f.opts = append(f.opts, WithRunning(placement.Running{Task: placement.Task{ID: "r", Owner: "max"}, Agent: "c"}))
	}, nil},
}

var brokenOvercommit = []broken{
	{"of a part", ErrCapacity, func(f *fixture) { f.opts = append(f.opts, WithOvercommit(map[string]float64{"cpus": 0.7})) }, nil},
	{"of what is to be kept", ErrCapacity, func(f *fixture) { f.opts = append(f.opts, WithHeadroom(bound("mem", "950"))) }, nil},
	{"of what running ones use", ErrCapacity, func(f *fixture) {
		f.opts = append(f.opts, WithHeadroom(bound("unknown", "1")), WithOvercommit(map[string]float64{"cpus": 0.5}),
			WithRunning(placement.Running{Task: placement.Task{ID: "r", Needs: need("cpus:2")}, Agent: "b"}))
	}, []error{ErrConstraint}},
}
