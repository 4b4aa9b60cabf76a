package mesosv1

import (
	"testing"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	mesosres "github.com/mesos/mesos-go/api/v1/lib/resources"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler/operations"

	"github.com/berth-go/berth/resources"
)

// The tests in this file give the same input to mesos-go v0.0.11 and to package
// resources. They fail when ours is wrong, and log when mesos-go is right, which would
// mean that its pinned version changed and that the fault can go from the list.

func fault(t *testing.T, still bool) {
	t.Helper()
	if !still {
		t.Log("mesos-go no longer has this fault")
	}
}

func ported(t *testing.T, list ...mesos.Resource) resources.Resources {
	t.Helper()
	r, err := FromResources(list)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func portsOf(begin, end uint64) mesos.Resource {
	return mesosres.Build().Name(mesosres.NamePorts).Ranges(mesosres.BuildRanges().Span(begin, end).Ranges).Resource
}

// Summing ports: the running sum has no type, is taken for a scalar, and loses its ranges.
func TestFaultSumOfPorts(t *testing.T) {
	a, b := portsOf(8000, 8009), portsOf(9000, 9009)
	theirs, _ := mesosres.Ports(a, b)
	fault(t, theirs.Size() != 20)

	ours := ported(t, a, b).Total("ports", resources.KindRanges)
	if got := ours.String(); got != "[8000-8009, 9000-9009]" {
		t.Errorf("the ports add up to %s", got)
	}
	if got := ported(t, a, b).Quantities().Get("ports"); got != 20*resources.One {
		t.Errorf("there are %v ports, want 20", got)
	}
}

// The same happens to sets.
func TestFaultSumOfSets(t *testing.T) {
	name := mesosres.Name("disks")
	set := func(items ...string) mesos.Resource { return mesosres.Build().Name(name).Set(items...).Resource }
	theirs, _ := name.Sum(set("sda"), set("sdb"))
	fault(t, len(theirs.GetSet().GetItem()) != 2)

	if got := ported(t, set("sda"), set("sdb")).Total("disks", resources.KindSet).String(); got != "{sda, sdb}" {
		t.Errorf("the sets add up to %s", got)
	}
}

// UNRESERVE removes one layer of a reservation; mesos-go removes all of them, because
// it copies the lower layers into a slice of length 0.
func TestFaultWholeStackPopped(t *testing.T) {
	role := func(s string) *string { return &s }
	refined := mesosres.NewCPUs(4).Resource
	refined.Reservations = []mesos.Resource_ReservationInfo{
		{Type: mesos.Resource_ReservationInfo_STATIC.Enum(), Role: role("eng")},
		{Type: mesos.Resource_ReservationInfo_DYNAMIC.Enum(), Role: role("eng/web")},
	}
	unreserve := &mesos.Offer_Operation{
		Type:      mesos.Offer_Operation_UNRESERVE,
		Unreserve: &mesos.Offer_Operation_Unreserve{Resources: []mesos.Resource{refined}},
	}
	theirs, err := operations.Apply(unreserve, []mesos.Resource{refined}, nil)
	fault(t, err != nil || len(theirs) != 1 || len(theirs[0].Reservations) != 1)

	r, err := FromResource(&refined)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := resources.Must(r).Apply(resources.Unreserve{Resources: []resources.Resource{r}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := ours.String(), "cpus(reservations: [(STATIC,eng)]):4"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Copies of a shared volume are one volume that several tasks may use; mesos-go adds up
// their sizes, and then cannot take one copy away again.
func TestFaultSharedVolumes(t *testing.T) {
	web := "web"
	volume := mesosres.NewDisk(64).Disk("v1", "data").Resource
	volume.Disk.Volume.Mode = mesos.RW.Enum()
	volume.Reservations = []mesos.Resource_ReservationInfo{{Type: mesos.Resource_ReservationInfo_DYNAMIC.Enum(), Role: &web}}
	volume.Shared = &mesos.Resource_SharedInfo{}
	two := mesos.Resources{}.Plus(volume, volume)
	size, _ := mesosres.Disk(two...)
	fault(t, size != 64 || len(two.Minus(volume)) != 1 || !mesosres.Contains(two.Minus(volume), volume))

	ours := ported(t, volume, volume)
	one := ported(t, volume)
	if got := ours.Quantities().String(); got != "disk:64" {
		t.Errorf("two copies are %s, want disk:64", got)
	}
	if got := ours.Count(one.At(0)); got != 2 {
		t.Errorf("%d copies, want 2", got)
	}
	if !ours.Minus(one).Equal(one) || !ours.Minus(one).Minus(one).IsEmpty() {
		t.Errorf("taking copies away one by one leaves %v, then %v", ours.Minus(one), ours.Minus(one).Minus(one))
	}
}

// GPUs are whole numbers to mesos-go, whatever the agent says.
func TestFaultTruncatedGPUs(t *testing.T) {
	gpus := func(n float64) mesos.Resource { return mesosres.Build().Name(mesosres.NameGPUs).Scalar(n).Resource }
	theirs, _ := mesosres.GPUs(gpus(1.25), gpus(0.5))
	fault(t, theirs != 2) // 1.75 is returned as 1

	if got := ported(t, gpus(1.25), gpus(0.5)).Quantities().Get("gpus"); got != resources.MustAmount("1.75") {
		t.Errorf("%v gpus, want 1.75", got)
	}
}

// mesos-go prints resources but has nothing that reads them, not even what it printed.
func TestFaultNoParser(t *testing.T) {
	ours, err := resources.Parse("cpus:4;mem(web):1024;ports:[8000-8099,9000-9000];disks:{sda,sdb}")
	if err != nil {
		t.Fatal(err)
	}
	list, err := ToResources(ours)
	if err != nil {
		t.Fatal(err)
	}
	if err := mesosres.Validate(list...); err != nil {
		t.Errorf("mesos-go refuses what was read: %v", err)
	}
	if !ported(t, list...).Equal(ours) {
		t.Errorf("%v came back as %v", ours, list)
	}
}

// Contains of mesos-go looks at one reservation after the other but never deducts, so
// asking for the same thing twice succeeds; merged collections cannot be asked that way.
func TestFaultContainsTwice(t *testing.T) {
	cpus := mesosres.NewCPUs(1).Resource
	fault(t, mesosres.ContainsAll([]mesos.Resource{cpus}, []mesos.Resource{cpus, cpus}))

	if one := ported(t, cpus); one.Contains(ported(t, cpus, cpus)) {
		t.Error("one CPU contains two")
	}
}

// SumAndCompare, the check that an operation neither makes nor destroys resources,
// compares the old totals with the old totals.
func TestFaultTotalsNotCompared(t *testing.T) {
	one, two := mesosres.NewCPUs(1).Resource, mesosres.NewCPUs(2).Resource
	fault(t, mesosres.SumAndCompare([]mesos.Resource{one}, two))

	if ported(t, one).Quantities().Equal(ported(t, two).Quantities()) {
		t.Error("one CPU is as much as two")
	}
}
