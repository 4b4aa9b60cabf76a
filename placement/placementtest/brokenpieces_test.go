package placementtest

import (
	"testing"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

func pieces(id placement.TaskID, text string) func(*fixture) {
	return func(f *fixture) { f.cut(id, resources.MustParse(text)) }
}

// "web" has cpus(web):2, and "web2" the other reserved one and one unreserved.
var brokenPieces = []broken{
	{"none", ErrPieces, func(f *fixture) { f.cut("scalar", resources.Resources{}) }, nil},
	{"not asked for", ErrPieces, func(f *fixture) { f.opts = nil }, nil},
	{"too little", ErrPieces, pieces("scalar", "cpus:0.999;mem:100"), nil},
	{"too much", ErrPieces, pieces("scalar", "cpus:1.001;mem:100"), nil},
	{"more names", ErrPieces, pieces("gang1", "cpus:0.1;mem:1"), nil},
	{"other ranges", ErrPieces, func(f *fixture) {
		f.Offers[0].Resources = f.Offers[0].Resources.Plus(resources.MustParse("vlans:[1-9]"))
		pieces("gang1", "cpus:0.1;vlans:[1-1]")(f)
	}, nil},
	{"reserved to another role", ErrPieces, pieces("gang1", "cpus(batch):0.1"), nil},
	{"revocable for regular", ErrPieces, func(f *fixture) { f.cut("scalar", revocable("cpus:1").Plus(resources.MustParse("mem:100"))) }, nil},
	{"revocable and regular mixed", ErrPieces, func(f *fixture) { f.cut("only", revocable("cpus:1").Plus(resources.MustParse("cpus:1"))) }, nil},
	{"unreserved first", ErrPieces, pieces("web", "cpus:2"), nil},
	{"what another task took", ErrPieces, pieces("web2", "cpus(web):2"), nil},
	{"other ports", ErrPieces, pieces("more", "ports:[104-104]"), nil},
	{"more ports", ErrPieces, func(f *fixture) { f.cut("more", f.of("more").Pieces.Plus(resources.MustParse("ports:[104-104]"))) }, nil},
	{"no ports", ErrPieces, func(f *fixture) { f.cut("more", resources.Resources{}) }, nil},
	{"other items", ErrPieces, pieces("set2", "nics:{n4}"), nil},
	{"more items", ErrPieces, func(f *fixture) { f.cut("set2", f.of("set2").Pieces.Plus(resources.MustParse("nics:{n4}"))) }, nil},
	{"another disk", ErrPieces, func(f *fixture) { f.cut("mount", f.of("raw").Pieces) }, nil},
	{"no disk", ErrPieces, func(f *fixture) { f.cut("mount", resources.Resources{}) }, nil},
	{"shared volume that is not there", ErrPieces, func(f *fixture) {
		d := *f.of("volume").Items[0].Disk
		d.Shared = true
		f.of("volume").Items[0].Disk = &d
		f.cut("volume", resources.Must(d))
	}, []error{ErrDisks}},
}

// TestSharedVolume lets two tasks use one volume.
func TestSharedVolume(t *testing.T) {
	volume := diskOfSize("10", nil)
	volume.Disk.Persistence, volume.Shared = &resources.Persistence{ID: "v"}, true
	in := Input{
		Offers: []placement.Offer{{ID: "o", Agent: "a", Resources: resources.Must(volume)}},
	}
	for _, id := range []placement.TaskID{"1", "2"} {
		in.Tasks = append(in.Tasks, placement.Task{ID: id, Disks: []placement.DiskRequest{{Kind: placement.VolumeDisk, ID: "v"}}})
	}
	res, err := placement.Assign(in.Offers, in.Tasks, placement.WithPieces())
	if err != nil || len(res.Assignments) != 2 {
		t.Fatalf("%v, %v", res, err)
	}
	if err := in.Verify(res, WithPieces()); err != nil {
		t.Error(err)
	}
}
