package resources

import (
	"errors"
	"slices"
	"testing"
)

// applyCases: resources, operations on them one after the other, and what becomes of
// them, or why the last one fails.
var applyCases = []struct {
	id, have string
	ops      []Operation
	want     string
	err      error
}{
	{id: "OPR-01", have: "cpus:1|mem:512", ops: []Operation{Reserve{Resources: rlist("cpus:1 +D(role,p)")}}, want: "mem:512|cpus:1 +D(role,p)"},
	{id: "OPR-02", have: "cpus:1|mem:512", ops: []Operation{Reserve{Resources: rlist("cpus:2 +D(role,p)")}}, err: ErrNotContained},
	{id: "OPR-03", have: "cpus(a):1", ops: []Operation{Reserve{Resources: rlist("cpus:1 +S(a) +D(a/b,p)")}}, want: "cpus:1 +S(a) +D(a/b,p)"},
	{id: "OPR-04", have: "cpus:1 +D(r)|mem:512 +D(r)", ops: []Operation{Unreserve{rlist("cpus:1 +D(r)")}}, want: "mem:512 +D(r)|cpus:1"},
	{id: "OPR-05", have: "cpus:1 +D(r)|mem:512 +D(r)", ops: []Operation{Unreserve{rlist("cpus:2 +D(r)")}}, err: ErrNotContained},
	{id: "OPR-08", have: "disk(role):1000", ops: []Operation{Create{rlist("disk(role):2000 +pv(1,p)")}}, err: ErrNotContained},
	{id: "OPR-09", have: "disk(role):200 +src(MOUNT,m)", ops: []Operation{Create{rlist("disk(role):200 +src(MOUNT,m) +pv(1,p)")}}, want: "disk(role):200 +src(MOUNT,m) +pv(1,p)"},
	{id: "OPR-09", have: "disk(role):200 +src(MOUNT,m)", ops: []Operation{Create{rlist("disk(role):50 +src(MOUNT,m) +pv(1,p)")}}, err: ErrNotContained},
	{id: "OPR-10", have: "disk(role):1000", ops: []Operation{Create{rlist("disk(role):200 +pv(1,p) +shared")}}, want: "disk(role):800|disk(role):200 +pv(1,p) +shared"},
	{id: "OPR-11", have: "disk(role):1000", ops: []Operation{
		Create{rlist("disk(role):200 +pv(1,p) +shared")}, Destroy{rlist("disk(role):200 +pv(1,p) +shared")},
	}, want: "disk(role):1000"},
	{id: "OPR-12", have: "disk(role):200 +pv(1,p) +shared|disk(role):200 +pv(1,p) +shared", ops: []Operation{Destroy{rlist("disk(role):200 +pv(1,p) +shared")}}, err: ErrOperation},
	{id: "OPR-14", have: "disk(role):128 +pv(1,p)", ops: []Operation{ShrinkVolume{rone("disk(role):128 +pv(1,p)"), 64 * One}}, want: "disk(role):64 +pv(1,p)|disk(role):64"},
	{id: "OPR-15", have: "disk(role):128 +src(PATH,m) +pv(1,p)", ops: []Operation{ShrinkVolume{rone("disk(role):128 +src(PATH,m) +pv(1,p)"), 64 * One}},
		want: "disk(role):64 +src(PATH,m) +pv(1,p)|disk(role):64 +src(PATH,m)"},
	{id: "OPR-17", have: "cpus:1", ops: []Operation{nil}, err: ErrUnsupported}, // LAUNCH and LAUNCH_GROUP are no Operation at all
	{id: "OPR-17", have: "cpus:1", ops: []Operation{CreateDisk{}}, err: ErrUnsupported},
	{id: "OPR-17", have: "cpus:1", ops: []Operation{DestroyDisk{}}, err: ErrUnsupported},
	{id: "OPR-19", have: "cpus:4", ops: []Operation{Reserve{rlist("cpus:2 +D(r)"), rlist("cpus:1")}}, err: ErrConservation},
	{id: "OPR-19", have: "ports:[1-4]", ops: []Operation{Reserve{rlist("ports:[5-5] +D(r)"), rlist("ports:[1-1]")}}, err: ErrConservation},
	{id: "OPR-19", have: "disk(r):10 +pv(1,p)", ops: []Operation{ShrinkVolume{rone("disk(r):10 +pv(1,p)"), 11 * One}}, err: ErrConservation}, // Mesos dies of it

	{have: "disk(r):10 +pv(1,p)", ops: []Operation{ShrinkVolume{rone("disk(r):10 +pv(1,p)"), 10 * One}}, want: "disk(r):10"},
	// What is not valid is ignored.
	{have: "disk(r):10 +pv(1,p)|disk(r):5", ops: []Operation{GrowVolume{rone("disk(r):10 +pv(1,p)"), Resource{Name: "disk"}}}, want: "disk(r):10 +pv(1,p)|disk(r):5"},
	{have: "cpus(a):2", ops: []Operation{Unreserve{[]Resource{{Value: ScalarOf(One)}, rone("cpus(a):1")}}}, want: "cpus(a):1|cpus:1"},
	{have: "disk(r):10", ops: []Operation{Create{[]Resource{{Name: "x", Disk: &Disk{}}}}, Destroy{[]Resource{{Name: "x", Disk: &Disk{}}}}}, want: "disk(r):10"},
	{have: "disk(r):10 +pv(1,p)|disk(r):5", ops: []Operation{GrowVolume{rone("disk(r):10 +pv(1,p)"), rone("disk(r):5")}}, want: "disk(r):15 +pv(1,p)"},
	{have: "disk(r):10 +pv(1,p) +rp(X)", ops: []Operation{GrowVolume{rone("disk(r):10 +pv(1,p) +rp(X)"), rone("disk(r):5")}}, err: ErrUnsupported},
	{have: "disk(r):10 +pv(1,p) +rp(X)", ops: []Operation{ShrinkVolume{rone("disk(r):10 +pv(1,p) +rp(X)"), One}}, err: ErrUnsupported},
	{have: "cpus:1", ops: []Operation{Unreserve{rlist("cpus:1")}}, err: ErrReservation},        // Mesos dies of it
	{have: "cpus:1", ops: []Operation{Reserve{Resources: rlist("cpus:1")}}, err: ErrOperation}, // Mesos dies of it
	{have: "cpus:1|mem:1", ops: []Operation{Reserve{Resources: rlist("cpus:1 +D(a) +D(b)|mem:1 +D(a)")}}, want: "cpus:1|mem:1 +D(a)"},
}

func TestApplyCases(t *testing.T) {
	for _, tt := range applyCases {
		t.Run(rowName(tt.id, tt.have), func(t *testing.T) {
			r := rs(tt.have)
			var err error
			for _, op := range tt.ops {
				if err != nil {
					t.Fatal(err)
				}
				r, err = r.Apply(op)
			}
			if !errors.Is(err, tt.err) {
				t.Fatalf("%v; want %v", err, tt.err)
			}
			if err == nil && !slices.Equal(r.strict(), rs(tt.want).strict()) {
				t.Errorf("got %v; want %v", r, rs(tt.want))
			}
		})
	}
}

var (
	allAgent   = AgentCapabilities{HierarchicalRole: true, ReservationRefinement: true, ResizeVolume: true}
	asOperator = OperationContext{Agent: allAgent}
	asP        = OperationContext{Agent: allAgent, Principal: Some("p")}
	asRole1    = OperationContext{Agent: allAgent, Framework: &Framework{MultiRole: true, Roles: []string{"role1", "role2"}, SharedResources: true}}
	stored     = OperationContext{Agent: allAgent, Checkpointed: rs("disk(r):10 +pv(1,p)|disk(r):10 +pv(2,p) +shared"), Used: rs("disk(r):10 +pv(2,p) +shared +alloc(r)")}
	accepting  = OperationContext{Agent: allAgent, Framework: asRole1.Framework, Accept: true}
	rawPool    = rone("disk:10 +rp(X) +src(RAW,profile=fast)")
	rawPlain   = rone("disk:10 +rp(X) +src(RAW)")
)

// judgeCases: an operation, who asks, and what the master would say.
var judgeCases = []struct {
	id   string
	op   Operation
	ctx  OperationContext
	want error
}{
	{"MST-13", Reserve{Resources: rlist("cpus:1 +D(other) +alloc(other)")}, asRole1, ErrAllocation},
	{"MST-13", Reserve{Resources: rlist("cpus:1 +D(role1) +alloc(role1)")}, asRole1, nil},
	{"MST-14", Reserve{Resources: rlist("cpus:1 +D(*)")}, asOperator, ErrReservation},
	{"MST-15", Reserve{Resources: rlist("cpus:1 +D(role1,p)")}, asP, nil},
	{"MST-15", Reserve{Resources: rlist("cpus:1 +D(role1,other)")}, asP, ErrReservation},
	{"MST-15", Reserve{Resources: rlist("cpus:1 +D(role1)")}, asP, ErrReservation},
	{"MST-17", Reserve{Resources: rlist("cpus:1 +D(role1) +alloc(role2)")}, asRole1, ErrAllocation},
	{"MST-18", Reserve{Resources: rlist("cpus:1 +D(role1) +alloc(role1)")}, asOperator, ErrAllocation},
	{"MST-19", Reserve{Resources: rlist("cpus:1 +D(role1) +alloc(role1)|cpus:1 +D(role2) +alloc(role2)")}, asRole1, ErrAllocation},
	{"MST-21", Reserve{rlist("cpus:1 +D(role1) +alloc(role1)"), rlist("cpus:1 +alloc(role1)")}, accepting, ErrUnsupported},
	{"", Reserve{rlist("cpus:1 +D(role1)"), rlist("cpus:1 +D(role2)")}, asOperator, nil},
	{"", Reserve{rlist("cpus:1 +D(role1)"), rlist("cpus:2")}, asOperator, ErrConservation},
	{"", Reserve{rlist("cpus:1 +D(a)|mem:1 +D(a)"), rlist("cpus:1|mem:1 +D(b)")}, asOperator, ErrReservation},
	{"", Reserve{Resources: rlist("cpus:1 +D(a/b)")}, OperationContext{}, ErrUnsupported},
	{"", Reserve{Resources: rlist("cpus:1 +S(a) +D(a/b)")}, OperationContext{Agent: AgentCapabilities{HierarchicalRole: true}}, ErrUnsupported},
	{"", Reserve{Resources: rlist("cpus(a):1")}, asOperator, ErrReservation},
	{"", Reserve{}, asOperator, ErrOperation},
	{"", nil, asOperator, ErrOperation},

	{"", Reserve{Resources: []Resource{nameless}}, asOperator, ErrName},
	{"", Reserve{rlist("cpus:1 +D(a)"), []Resource{nameless}}, asOperator, ErrName},
	{"", Reserve{Resources: rlist("cpus:1 +D(a) +rp(X)|mem:1 +D(a) +rp(Y)")}, asOperator, ErrOperation},
	{"", Reserve{Resources: rlist("cpus:1 +D(role1) +alloc(role1)|mem:1 +D(role1) +alloc(role1)")}, asRole1, nil},
	{"", Reserve{Resources: rlist("cpus:1 +D(a/b)")}, OperationContext{Agent: AgentCapabilities{HierarchicalRole: true}}, nil},
	{"", Reserve{rlist("cpus:1 +D(role1)"), rlist("cpus:1")}, OperationContext{Accept: true}, ErrUnsupported},

	{"", Reserve{Resources: rlist("cpus:1 +D(role1) +alloc(role1)")}, OperationContext{Framework: &Framework{Role: Some("role1")}}, nil},
	{"", Reserve{Resources: rlist("cpus:1 +D(role1) +alloc(role1)")}, OperationContext{Framework: &Framework{Role: Some("role2")}}, ErrAllocation},
	{"", Reserve{Resources: rlist("cpus:1 +D(role1) +alloc(role1)")}, OperationContext{Framework: &Framework{}}, ErrAllocation},

	{"", Unreserve{[]Resource{nameless}}, asOperator, ErrName},
	{"", Unreserve{rlist("cpus:1 +D(a) +rp(X)|mem:1 +D(a) +rp(Y)")}, asOperator, ErrOperation},
	{"", Unreserve{rlist("cpus:1 +D(a)|disk:1 +D(a) +pv(1,p)")}, asOperator, ErrDisk},
	{"MST-23", Unreserve{rlist("cpus(a):1")}, asOperator, ErrReservation},
	{"MST-23", Unreserve{rlist("disk:1 +D(a) +pv(1,p)")}, asOperator, ErrDisk},
	{"MST-23", Unreserve{rlist("cpus:1 +D(a)")}, asOperator, nil},

	{"MST-24", Create{rlist("disk(r):10 +pv(1,p)")}, asOperator, nil},
	{"MST-24", Create{rlist("disk(r):10 +pv(1,p)|cpus:1")}, asOperator, ErrDisk},
	{"MST-25", Create{rlist("disk(r):10 +pv(3,p)|disk(r):20 +pv(3,p)")}, asOperator, ErrDuplicate},
	{"MST-25", Create{rlist("disk(r):10 +pv(3,p)|disk(s):20 +pv(3,p)")}, asOperator, nil},
	{"MST-25", Create{rlist("disk(r):30 +pv(1,p)")}, stored, ErrDuplicate},
	{"MST-26", Create{rlist("disk(r):10 +pv(1,p) +by(other)")}, asP, ErrDisk},
	{"MST-26", Create{rlist("disk(r):10 +pv(1,p)")}, asP, ErrDisk},
	{"MST-26", Create{rlist("disk(r):10 +pv(1,p) +by(p)")}, asP, nil},
	{"MST-27", Create{rlist("disk(r):10 +pv(1,p,,ro)")}, asOperator, ErrDisk},
	{"MST-29", Create{rlist("disk(role1):10 +pv(1,p) +alloc(role1)|disk(role2):10 +pv(2,p) +alloc(role2)")}, asRole1, ErrAllocation},
	{"", Create{rlist("disk(a):1 +pv(1,p) +shared +alloc(a)")}, OperationContext{Framework: &Framework{}}, ErrShared},

	{"", Create{[]Resource{nameless}}, asOperator, ErrName},
	{"", Create{rlist("disk(a):1 +pv(1,p) +rp(X)|disk(a):1 +pv(2,p) +rp(Y)")}, asOperator, ErrOperation},
	{"", Create{rlist("disk(a/b):1 +pv(1,p)")}, OperationContext{}, ErrUnsupported},
	{"", Create{rlist("disk(role1):1 +pv(1,p) +shared +alloc(role1)")}, asRole1, nil},
	{"", Create{rlist("disk(a):1 +pv(1,p) +shared")}, asOperator, nil},
	{"", Create{rlist("disk(role1):1 +pv(1,p) +alloc(role1)")}, OperationContext{Framework: &Framework{}}, nil},

	{"", Destroy{[]Resource{nameless}}, stored, ErrName},
	{"", Destroy{rlist("disk(r):10 +pv(9,p) +rp(X)")}, stored, nil}, // its provider knows
	{"", Destroy{rlist("disk(r):10 +pv(1,p) +alloc(r)")}, stored, nil},
	{"MST-30", Destroy{rlist("disk(r):10 +pv(1,p)|cpus:1")}, stored, ErrDisk},
	{"MST-30", Destroy{rlist("disk(r):10 +pv(9,p)")}, stored, ErrNotContained},
	{"MST-30", Destroy{rlist("disk(r):10 +pv(2,p) +shared")}, stored, ErrDisk},
	{"MST-30", Destroy{rlist("disk(r):10 +pv(1,p)")}, stored, nil},

	{"MST-31", GrowVolume{rone("disk(r):10 +pv(1,p)"), rone("disk(r):5")}, asOperator, nil},
	{"MST-31", GrowVolume{rone("disk(r):10"), rone("disk(r):5")}, asOperator, ErrDisk},
	{"MST-31", GrowVolume{rone("disk(r):10 +pv(1,p)"), rone("disk(r):0")}, asOperator, ErrAmount},
	{"MST-31", GrowVolume{rone("disk(r):10 +src(PATH,m) +pv(1,p)"), rone("disk(r):5")}, asOperator, ErrDisk},
	{"MST-31", GrowVolume{rone("disk(r):10 +pv(1,p) +shared"), rone("disk(r):5")}, asOperator, ErrUnsupported},
	{"MST-31", GrowVolume{rone("disk(r):10 +pv(1,p) +rp(X)"), rone("disk(r):5")}, asOperator, ErrUnsupported},
	{"MST-31", GrowVolume{rone("disk(r):10 +src(MOUNT,m) +pv(1,p)"), rone("disk(r):5 +src(MOUNT,m)")}, asOperator, ErrDisk},
	{"MST-31", GrowVolume{rone("disk(r):10 +pv(1,p)"), rone("disk(r):5")}, OperationContext{}, ErrUnsupported},

	{"", GrowVolume{nameless, rone("disk(r):5")}, asOperator, ErrName},
	{"", GrowVolume{rone("disk(r):10 +pv(1,p)"), nameless}, asOperator, ErrName},
	{"", GrowVolume{rone("disk(r):10 +pv(1,p)"), rone("disk(r):5 +rp(X)")}, asOperator, ErrUnsupported},
	{"", GrowVolume{rone("disk(r):10 +pv(1,p)"), rone("disk(s):5")}, asOperator, ErrDisk},
	{"", GrowVolume{rone("disk(r):10 +pv(1,p)"), rone("disk(r):0.001")}, asOperator, nil},
	{"", GrowVolume{rone("disk(r):10 +src(PATH,m) +pv(1,p)"), rone("disk(r):5 +src(PATH,m)")}, asOperator, nil},

	{"", ShrinkVolume{nameless, One}, asOperator, ErrName},
	{"", ShrinkVolume{rone("disk(r):10 +pv(1,p)"), 10*One - 1}, asOperator, nil},
	{"", ShrinkVolume{rone("disk(r):10 +pv(1,p)"), 1}, asOperator, nil},
	{"", ShrinkVolume{rone("disk(r):10 +src(PATH,m) +pv(1,p)"), One}, asOperator, nil},
	{"MST-32", ShrinkVolume{rone("disk(r):10 +pv(1,p)"), 5 * One}, asOperator, nil},
	{"MST-32", ShrinkVolume{rone("disk(r):10"), 5 * One}, asOperator, ErrDisk},
	{"MST-32", ShrinkVolume{rone("disk(r):10 +pv(1,p)"), 0}, asOperator, ErrAmount},
	{"MST-32", ShrinkVolume{rone("disk(r):10 +pv(1,p)"), 10 * One}, asOperator, ErrAmount},
	{"MST-32", ShrinkVolume{rone("disk(r):10 +src(MOUNT,m) +pv(1,p)"), 5 * One}, asOperator, ErrDisk},
	{"MST-32", ShrinkVolume{rone("disk(r):10 +pv(1,p) +shared"), 5 * One}, asOperator, ErrUnsupported},
	{"MST-32", ShrinkVolume{rone("disk(r):10 +pv(1,p) +rp(X)"), 5 * One}, asOperator, ErrUnsupported},
	{"MST-32", ShrinkVolume{rone("disk(r):10 +pv(1,p)"), 5 * One}, OperationContext{}, ErrUnsupported},

	{"MST-33", CreateDisk{Source: rawPool, Target: DiskMount}, asOperator, nil},
	{"MST-33", CreateDisk{Source: rawPool, Target: DiskBlock}, asOperator, nil},
	{"MST-33", CreateDisk{Source: rawPlain, Target: DiskMount, TargetProfile: Some("fast")}, asOperator, nil},
	{"", CreateDisk{Source: nameless, Target: DiskMount}, asOperator, ErrName},
	{"", CreateDisk{Source: rone("disk:10 +rp(X)"), Target: DiskMount}, asOperator, ErrDisk},
	{"", CreateDisk{Source: rone("disk:10 +rp(X) +vol(p)"), Target: DiskMount}, asOperator, ErrDisk},
	{"", DestroyDisk{nameless}, asOperator, ErrName},
	{"", DestroyDisk{rone("disk:10 +rp(X)")}, asOperator, ErrDisk},
	{"MST-34", CreateDisk{Source: rawPool, Target: DiskPath}, asOperator, ErrDisk},
	{"MST-34", CreateDisk{Source: rawPool, Target: DiskMount, TargetProfile: Some("fast")}, asOperator, ErrDisk},
	{"MST-34", CreateDisk{Source: rawPlain, Target: DiskMount}, asOperator, ErrDisk},
	{"MST-34", CreateDisk{Source: rone("disk:10 +rp(X) +src(MOUNT,profile=fast)"), Target: DiskMount}, asOperator, ErrDisk},
	{"MST-34", CreateDisk{Source: rone("disk:10 +src(RAW,profile=fast)"), Target: DiskMount}, asOperator, ErrDisk},

	{"MST-35", DestroyDisk{rone("disk:10 +rp(X) +src(MOUNT,id=i)")}, asOperator, nil},
	{"MST-35", DestroyDisk{rone("disk:10 +rp(X) +src(BLOCK,id=i)")}, asOperator, nil},
	{"MST-35", DestroyDisk{rone("disk:10 +rp(X) +src(RAW,id=i)")}, asOperator, nil},
	{"MST-36", DestroyDisk{rone("disk:10 +rp(X) +src(PATH,id=i)")}, asOperator, ErrDisk},
	{"MST-36", DestroyDisk{rone("disk:10 +src(MOUNT,id=i)")}, asOperator, ErrDisk},
	{"MST-36", DestroyDisk{rone("disk:10 +rp(X) +src(MOUNT)")}, asOperator, ErrDisk},
	{"MST-36", DestroyDisk{rone("disk(r):10 +rp(X) +src(MOUNT,id=i) +pv(1,p)")}, asOperator, ErrDisk},
}

func TestJudgeCases(t *testing.T) {
	for i, tt := range judgeCases {
		t.Run(rowName(tt.id, "other"), func(t *testing.T) {
			err := ValidateOperation(tt.op, tt.ctx)
			if !errors.Is(err, tt.want) || err != nil && !errors.Is(err, ErrOperation) {
				t.Errorf("row %d, %T: %v; want %v", i, tt.op, err, tt.want)
			}
		})
	}
}

// useCases: lists of resources, and what the master finds wrong with their use.
var useCases = []struct {
	id   string
	err  error
	want error
}{
	{"MST-02", ValidateResources(rlist("cpus:1 +D(r) +rev")), ErrRevocable},
	{"MST-03", ValidateResources(rlist("disk:128 +pv(1,p)")), ErrDisk},
	{"MST-05", ValidateResources(rlist("disk(r):128 +pv(1)")), ErrDisk},
	{"MST-05", ValidateResources(rlist("disk(r):128 +pv(1,p,/host)")), ErrDisk},
	{"MST-08", ValidateResources(rlist("disk:128 +shared")), ErrShared},
	{"MST-09", ValidateResources(rlist("gpus:0.5")), ErrAmount},
	{"", ValidateResources(rlist("gpus(a):1.5|gpus:0.5")), nil}, // the sum counts
	{"", ValidateResources(rlist("gpus:1.001")), nil},           // a binary product is truncated
	{"", ValidateResources(rlist("disk:1 +disk")), ErrDisk},
	{"", ValidateResources(rlist("disk:1 +vol(p)")), ErrDisk},
	{"", ValidateResources(rlist("disk(r):1 +pv(a/b,p)")), ErrName},
	{"", ValidateResources(rlist("disk(r):1 +pv(1,p) +rev")), ErrRevocable},

	{"MST-10", validateSingleProvider(rlist("cpus:1 +rp(rp1)")), nil},
	{"MST-10", validateSingleProvider(rlist("cpus:1")), nil},
	{"MST-10", validateSingleProvider(rlist("cpus:1 +rp(rp2)|mem:1 +rp(rp2)")), nil},
	{"MST-10", validateSingleProvider(rlist("cpus:1 +rp(rp1)|mem:1 +rp(rp2)")), ErrOperation},
	{"MST-10", validateSingleProvider(rlist("cpus:1 +rp(rp1)|mem:1")), ErrOperation},
	{"MST-11", overlapping("ports:[5555-5556]", "ports:[5557-5558]"), nil},
	{"MST-11", overlapping("ports:[5555-5556]", "ports:[5555-5556]"), ErrDuplicate},
	{"MST-11", overlapping("ports:[5555-5557]", "ports:[5556-5558]"), ErrDuplicate},
	{"MST-12", overlapping("disks:{a,b}", "disks:{c,d}"), nil},
	{"MST-12", overlapping("disks:{a,b,c}", "disks:{c,d,e}"), ErrDuplicate},

	// What is not valid is ignored here, the rest is judged; the whole task is refused for it.
	{"", ValidateTaskAndExecutor([]Resource{nameless, rone("cpus:1")}, []Resource{nameless}), nil},
	{"", ValidateTaskAndExecutor([]Resource{nameless, rone("ports:[5-6]")}, []Resource{rone("ports:[6-7]"), nameless}), ErrDuplicate},
	{"", TaskResources{Task: []Resource{rone("cpus:1 +alloc(r)"), nameless}, Offered: rs("cpus:1 +alloc(r)")}.Validate(), ErrName},
	{"", TaskResources{Task: rlist("cpus:1 +alloc(r)"), Executor: []Resource{nameless}, Offered: rs("cpus:1 +alloc(r)")}.Validate(), ErrName},

	{"", ValidateTask(rlist("disk(r):1 +pv(1,p) +alloc(r)|disk(r):2 +pv(1,p) +alloc(r)")), ErrDuplicate},
	{"", ValidateTask(rlist("cpus:1 +alloc(r)|mem:1 +alloc(s)")), ErrAllocation},
	{"", ValidateTask(rlist("cpus:1 +alloc(r)|mem:1")), ErrAllocation},
	{"", ValidateExecutor(nil), nil},
	{"", ValidateTaskAndExecutor(rlist("disk(r):1 +pv(1,p)"), rlist("disk(r):2 +pv(1,p)")), ErrDuplicate},
	{"", ValidateTaskAndExecutor(rlist("cpus:1 +rev"), rlist("cpus:1")), ErrRevocable},
	{"", ValidateTaskAndExecutor(rlist("cpus:1 +rev"), rlist("mem:1|cpus:1 +rev")), nil},
	{"", TaskResources{Task: rlist("ports:[1-2] +alloc(r)"), Executor: rlist("ports:[2-3] +alloc(r)"), Offered: rs("ports:[1-3] +alloc(r)")}.Validate(), ErrDuplicate},
	{"", TaskResources{Task: rlist("cpus:1 +alloc(r)"), Limits: MustLimits("cpus:1;mem:5"), Offered: rs("cpus:1 +alloc(r)")}.Validate(), nil},
	{"", TaskResources{Task: rlist("mem:2 +alloc(r)"), Limits: MustLimits("mem:1.999"), Offered: rs("mem:2 +alloc(r)")}.Validate(), ErrAmount},
	{"MST-37", ValidateTask(nil), ErrTask},
	{"MST-38", TaskResources{Task: rlist("cpus:2 +alloc(r)"), Offered: rs("cpus:1 +alloc(r)")}.Validate(), ErrNotContained},
	{"MST-38", TaskResources{Task: rlist("cpus:2 +alloc(r)"), Offered: rs("cpus:2 +alloc(r)")}.Validate(), nil},
	{"MST-39", ValidateTask(rlist("cpus:1 +rev +alloc(r)|cpus:1 +alloc(r)")), ErrRevocable},
	{"MST-39", ValidateTask(rlist("cpus:1 +rev +alloc(r)|mem:1 +alloc(r)")), nil},
	{"", ValidateExecutor(rlist("disk(r):1 +pv(1,p) +shared +alloc(r)")), ErrShared},
	{"", TaskResources{Task: rlist("cpus:1 +alloc(r)"), Executor: rlist("cpus:1 +alloc(r)"), Offered: rs("cpus:1 +alloc(r)")}.Validate(), ErrNotContained},
	{"", TaskResources{Task: rlist("cpus:1 +alloc(r)"), Executor: rlist("cpus:1 +alloc(r)"), ExecutorRunning: true, Offered: rs("cpus:1 +alloc(r)")}.Validate(), nil},
	{"", TaskResources{Task: rlist("cpus:1 +alloc(r)"), Limits: MustLimits("cpus:0.5"), Offered: rs("cpus:1 +alloc(r)")}.Validate(), ErrAmount},
	{"", TaskResources{Task: rlist("cpus:1 +alloc(r)"), Limits: MustLimits("disk:5"), Offered: rs("cpus:1 +alloc(r)")}.Validate(), ErrName},

	{"MST-40", (&Framework{MultiRole: true, Role: Some("r")}).Validate(), ErrRole},
	{"MST-40", (&Framework{Roles: []string{"r"}}).Validate(), ErrRole},
	{"MST-40", (&Framework{MultiRole: true, Roles: []string{"r", "r"}}).Validate(), ErrDuplicate},
	{"MST-40", (&Framework{MultiRole: true, Roles: []string{"/x"}}).Validate(), ErrRole},
	{"MST-41", (&Framework{}).Validate(), nil},
	{"MST-41", (&Framework{ID: "foo/bar"}).Validate(), ErrName},
	{"", (&Framework{Role: Some("r")}).Validate(), nil},
	{"", (&Framework{Role: Some("/x")}).Validate(), ErrRole},
	{"", (&Framework{MultiRole: true, Roles: []string{"r", "s", "r"}}).Validate(), ErrDuplicate},
	{"", (&Framework{MultiRole: true, Roles: []string{"r", "s", "t"}, ID: "foo"}).Validate(), nil},
	{"", (&Framework{Principal: Some("a"), User: "u", Checkpoint: true}).ValidateUpdate(&Framework{Principal: Some("a"), User: "u", Checkpoint: true}), nil},
	{"MST-42", (&Framework{MultiRole: true, Roles: []string{"a"}}).ValidateUpdate(&Framework{MultiRole: true, Roles: []string{"b"}}), nil},
	{"MST-42", (&Framework{Principal: Some("a")}).ValidateUpdate(&Framework{}), ErrFramework},
	{"MST-42", (&Framework{User: "a"}).ValidateUpdate(&Framework{}), ErrFramework},
	{"MST-42", (&Framework{Checkpoint: true}).ValidateUpdate(&Framework{}), ErrFramework},
}

// nameless is a resource that is not valid.
var nameless = Resource{Value: ScalarOf(One)}

// overlapping is what the master says about what a task and its executor share.
func overlapping(task, executor string) error {
	return ValidateTaskAndExecutor(rlist(task), rlist(executor))
}

func TestUseCases(t *testing.T) {
	for i, tt := range useCases {
		t.Run(rowName(tt.id, "other"), func(t *testing.T) {
			if !errors.Is(tt.err, tt.want) {
				t.Errorf("row %d: %v; want %v", i, tt.err, tt.want)
			}
		})
	}
}
