package proptest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/berth-go/berth/resources"
)

// deal is an operation that the master would accept, what it needs, and the operation that undoes it.
type deal struct {
	needs    stock
	op, undo resources.Operation
	ctx      resources.OperationContext
	divides  bool // a disk is divided that can only be taken whole
}

// deals are ways to make an operation of each kind out of any resource; they return false when it is not fit for that.
var deals = []func(maker, resources.Resource) (deal, bool){
	reserve, rereserve, create, grow, shrinkVolume, createDisk,
}

func reserve(m maker, r resources.Resource) (deal, bool) {
	before := stock{r}
	r.Reservations = append(append([]resources.Reservation{}, r.Reservations...), m.layer(r.Reservations, true))
	if n := len(r.Reservations); r.AllocatedTo != "" {
		r.Reservations[n-1].Role = r.AllocatedTo
	}
	d := deal{needs: before, op: resources.Reserve{Resources: stock{r}}, undo: resources.Unreserve{Resources: stock{r}}}
	return d, !r.Persistent()
}

// rereserve is for operators: it replaces the stack.
func rereserve(m maker, r resources.Resource) (deal, bool) {
	if len(r.Reservations) == 0 || r.AllocatedTo != "" {
		return deal{}, false
	}
	to := r
	to.Reservations = []resources.Reservation{m.layer(nil, true)}
	d := deal{needs: stock{r}, op: resources.Reserve{Resources: stock{to}, Source: stock{r}}, undo: resources.Reserve{Resources: stock{r}, Source: stock{to}}}
	return d, r.DynamicallyReserved()
}

func create(m maker, r resources.Resource) (deal, bool) {
	if r.Name != "disk" || r.Persistent() || r.Revocable {
		return deal{}, false
	}
	if r.Disk != nil && r.Disk.Source == nil {
		r.Disk = nil // a root disk with an empty Disk is not what a volume is made of
	}
	v := m.volume(r)
	r.Reservations = v.Reservations
	return deal{needs: stock{r}, op: resources.Create{Volumes: stock{v}}, undo: resources.Destroy{Volumes: stock{v}}}, true
}

func grow(m maker, r resources.Resource) (deal, bool) {
	d, ok := create(m, r)
	if !ok || r.Value.Kind() != resources.KindScalar || r.Whole() {
		return deal{}, false
	}
	v, add := d.op.(resources.Create).Volumes[0], d.needs[0]
	v.Shared = false
	grown := v
	add.Value = resources.ScalarOf(1 + resources.Amount(m.Int64N(9000)))
	grown.Value = resources.ScalarOf(v.Value.Amount() + add.Value.Amount())
	return deal{needs: stock{v, add}, op: resources.GrowVolume{Volume: v, Addition: add}, undo: resources.ShrinkVolume{Volume: grown, Subtract: add.Value.Amount()}}, true
}

func shrinkVolume(m maker, r resources.Resource) (deal, bool) {
	d, ok := create(m, r)
	if !ok || r.Value.Kind() != resources.KindScalar || r.Value.Amount() < 2 {
		return deal{}, false
	}
	v, freed := d.op.(resources.Create).Volumes[0], d.needs[0]
	v.Shared = false
	by := 1 + resources.Amount(m.Int64N(int64(v.Value.Amount()-1)))
	shrunk := v
	shrunk.Value, freed.Value = resources.ScalarOf(v.Value.Amount()-by), resources.ScalarOf(by)
	d = deal{needs: stock{v}, op: resources.ShrinkVolume{Volume: v, Subtract: by}, undo: resources.GrowVolume{Volume: shrunk, Addition: freed}}
	d.divides = freed.Whole()
	return d, true
}

// createDisk has no undo: nobody but the provider knows what comes of it.
func createDisk(m maker, r resources.Resource) (deal, bool) {
	if r.Disk == nil || r.Disk.Source == nil {
		return deal{}, false
	}
	r.Provider = "store"
	op := resources.CreateDisk{Source: r, Target: resources.DiskMount}
	if !r.Disk.Source.Profile.IsSet() {
		op.TargetProfile = resources.Some("fast")
	}
	d := deal{needs: stock{r}, op: op}
	if m.IntN(2) == 0 {
		d.op = resources.DestroyDisk{Source: r}
	}
	return d, true
}

// deal makes a deal that the master would accept; ValidateOperation knows. It gives up sometimes.
func (m maker) deal() (deal, bool) {
	for range 100 {
		r := m.resource()
		d, ok := oneOf(m, deals...)(m, r)
		if !ok || r.IsEmpty() { // destroying an empty volume finds that it is still there
			continue
		}
		if role := d.needs[0].AllocatedTo; role != "" {
			d.ctx.Framework = &resources.Framework{ID: "f", Roles: []string{role}, MultiRole: true, SharedResources: true}
		}
		d.ctx.Agent = resources.AgentCapabilities{HierarchicalRole: true, ReservationRefinement: true, ResizeVolume: true}
		if resources.ValidateOperation(d.op, d.ctx) == nil {
			return d, true
		}
	}
	return deal{}, false
}

// conserves: an operation that the master would accept, on what it needs and more, keeps every total and everything
// but reservations and volumes, and can be undone.
func conserves(m algebra) any {
	return func(s stock, seed uint64) string {
		d, ok := newMaker(seed).deal()
		if !ok {
			return ""
		}
		pool := stock(append(append(stock{}, s...), d.needs...)).sum()
		what := fmt.Sprintf("\npool = %v\noperation = %T %+v", pool, d.op, d.op)
		after, err := m.apply(pool, d.op)
		if d.undo == nil {
			if !errors.Is(err, resources.ErrUnsupported) || !after.IsEmpty() {
				return fmt.Sprintf("the error is %v%s", err, what)
			}
			return ""
		}
		if _, isCreate := d.op.(resources.Create); err != nil && isCreate && errors.Is(err, resources.ErrConservation) && clashes(s, d) {
			return ""
		}
		if err != nil {
			return err.Error() + what
		}
		if wrong := m.sameTotals(pool, after); wrong != "" {
			return wrong + what
		}
		if !d.divides && !m.equal(bare(pool), bare(after)) {
			return fmt.Sprintf("bare %v\nthen %v%s", bare(pool), bare(after), what)
		}
		if doubled(pool) || clashes(s, d) {
			return ""
		}
		back, err := m.apply(after, d.undo)
		if err != nil || !m.equal(back, pool) {
			return fmt.Sprintf("undone %v, %v%s", back, err, what)
		}
		return ""
	}
}

// sameTotals compares totals of every name and kind, and quantities unless a port or item is there more than once:
// then it is once what it was twice when two reservations become one.
func (m algebra) sameTotals(a, b resources.Resources) string {
	for _, r := range []resources.Resources{a, b} {
		for x := range r.All() {
			if was, is := a.Total(x.Name, x.Value.Kind()), b.Total(x.Name, x.Value.Kind()); !was.Equal(is) {
				return fmt.Sprintf("%s: from %v to %v", x.Name, was, is)
			}
		}
	}
	if was, is := m.quantities(a), m.quantities(b); !was.Equal(is) && !doubled(a) {
		return fmt.Sprintf("quantities from %v to %v", was, is)
	}
	return ""
}

// doubled reports whether a port or an item is in r more than once, under different reservations for example.
func doubled(r resources.Resources) bool {
	for i := range r.Len() {
		for j := range i {
			x, y := r.At(i), r.At(j)
			if x.Name == y.Name && (!x.Value.Ranges().Intersect(y.Value.Ranges()).IsEmpty() || !x.Value.Set().Intersect(y.Value.Set()).IsEmpty()) {
				return true
			}
		}
	}
	return false
}

// clashes reports whether the volume of a deal is there already. One shared volume more is no more disk.
func clashes(s stock, d deal) bool {
	c, ok := d.op.(resources.Create)
	return ok && s.sum().Count(c.Volumes[0]) > 0
}

// bare is r without reservations and volumes.
func bare(r resources.Resources) resources.Resources {
	var out stock
	for x := range r.All() {
		x.Reservations, x.Shared = nil, false
		if x.Persistent() {
			var d *resources.Disk
			if s := x.Disk.Source; s != nil {
				d = &resources.Disk{Source: s}
			}
			x.Disk = d
		}
		out = append(out, x)
	}
	return out.sum()
}

// TestDeals: valid operations of every kind are met, each with what undoes it.
func TestDeals(t *testing.T) {
	met := map[string]int{}
	for seed := range uint64(2000) {
		if d, ok := newMaker(seed).deal(); ok {
			met[fmt.Sprintf("%T %T", d.op, d.undo)]++
		}
	}
	for _, want := range []string{
		"Reserve resources.Unreserve", "Reserve resources.Reserve", "Create resources.Destroy", "GrowVolume resources.ShrinkVolume",
		"ShrinkVolume resources.GrowVolume", "CreateDisk <nil>", "DestroyDisk <nil>",
	} {
		if met["resources."+want] < 20 {
			t.Errorf("only %d operations %s", met["resources."+want], want)
		}
	}
}
