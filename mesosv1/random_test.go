package mesosv1

import (
	"fmt"
	"math/rand/v2"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/berth-go/berth/resources"
)

// maker makes random messages. Those it makes are valid and in the form this package
// writes, unless wild is set: then they may be in any form, and may be nonsense.
type maker struct {
	*rand.Rand
	wild bool
}

func newMaker(seed uint64) *maker { return &maker{Rand: rand.New(rand.NewPCG(seed, 7))} }

func (g *maker) chance(n int) bool { return g.IntN(n) == 0 }

// odd is chance, but never for maker that are not wild.
func (g *maker) odd(n int) bool { return g.wild && g.chance(n) }

func (g *maker) text() string {
	return []string{"a", "b", "a/b", "x y", "", "é", "a:b;c", "\x00", "*"}[g.IntN(9)]
}

func (g *maker) maybe() *string {
	if g.chance(2) {
		return nil
	}
	s := g.text()
	return &s
}

func (g *maker) role() *string {
	s := []string{"a", "b", "web"}[g.IntN(3)]
	switch {
	case g.odd(10):
		return nil
	case g.odd(10):
		s = g.text()
	}
	return &s
}

func (g *maker) labels() *mesos.Labels {
	if g.chance(2) {
		return nil
	}
	l := &mesos.Labels{}
	for range g.IntN(3) {
		l.Labels = append(l.Labels, mesos.Label{Key: g.text(), Value: g.maybe()})
	}
	return l
}

func (g *maker) scalar() float64 {
	if g.odd(8) {
		return []float64{-1, 0.0004, 1.0005, 4.0005, 1e11, 1e12, 2e12, 1e300, -0.0001, 0}[g.IntN(10)]
	}
	return resources.Amount(1 + g.Int64N(1<<(1+g.IntN(45)))).Float64()
}

func (g *maker) ranges() *mesos.Value_Ranges {
	out := &mesos.Value_Ranges{}
	at := uint64(g.IntN(40000))
	for range 1 + g.IntN(5) {
		r := mesos.Value_Range{Begin: at, End: at + uint64(g.IntN(20))}
		at = r.End + 2 + uint64(g.IntN(9))
		out.Range = append(out.Range, r)
	}
	if g.odd(3) {
		for range g.IntN(4) {
			i := g.IntN(len(out.Range))
			out.Range[i].Begin = out.Range[0].Begin + uint64(g.IntN(60))
		}
		g.Shuffle(len(out.Range), func(i, j int) { out.Range[i], out.Range[j] = out.Range[j], out.Range[i] })
	}
	if g.chance(20) && !g.wild {
		out.Range = append(out.Range, mesos.Value_Range{Begin: 1<<64 - 9, End: 1<<64 - 1})
	}
	return out
}

func (g *maker) set() *mesos.Value_Set {
	if g.odd(4) {
		return &mesos.Value_Set{Item: []string{g.text(), g.text()}}
	}
	return &mesos.Value_Set{Item: []string{"a", "b", "c"}[:1+g.IntN(3)]}
}

// resource makes a resource with that name, "disk" for one that may have a disk.
func (g *maker) resource(name string) mesos.Resource {
	m := mesos.Resource{Name: name}
	kind := g.IntN(3)
	if name == "disk" {
		kind = 0
	}
	if kind == 0 || g.odd(20) {
		m.Type, m.Scalar = mesos.SCALAR.Enum(), &mesos.Value_Scalar{Value: g.scalar()}
	}
	if kind == 1 || g.odd(20) {
		m.Type, m.Ranges = mesos.RANGES.Enum(), g.ranges()
	}
	if kind == 2 || g.odd(20) {
		m.Type, m.Set = mesos.SET.Enum(), g.set()
	}
	if g.odd(30) {
		m.Type = mesos.TEXT.Enum()
	}
	g.reserve(&m)
	if g.chance(2) {
		role := "web"
		m.AllocationInfo = &mesos.Resource_AllocationInfo{Role: &role}
	}
	if g.chance(4) {
		m.ProviderID = &mesos.ResourceProviderID{Value: "p"}
	}
	if g.chance(4) {
		m.Revocable = &mesos.Resource_RevocableInfo{}
	}
	if name == "disk" && g.chance(2) || g.odd(9) {
		m.Disk = g.disk()
	}
	if m.Disk.GetPersistence() != nil && g.chance(2) || g.odd(9) {
		m.Shared = &mesos.Resource_SharedInfo{}
	}
	return m
}

func (g *maker) reserve(m *mesos.Resource) {
	role := ""
	for i := range g.IntN(4) {
		r := mesos.Resource_ReservationInfo{Type: mesos.Resource_ReservationInfo_DYNAMIC.Enum(), Principal: g.maybe(), Labels: g.labels()}
		if i == 0 && g.chance(2) || g.odd(9) {
			r.Type = mesos.Resource_ReservationInfo_STATIC.Enum()
		}
		if g.odd(20) {
			r.Type = mesos.Resource_ReservationInfo_UNKNOWN.Enum()
		}
		if r.Role = g.role(); r.Role != nil && i > 0 {
			*r.Role = role + "/" + *r.Role
		}
		role = r.GetRole()
		m.Reservations = append(m.Reservations, r)
	}
	if !g.wild {
		return
	}
	if g.chance(2) {
		m.Role = g.role()
	}
	if g.chance(3) {
		m.Reservation = &mesos.Resource_ReservationInfo{Principal: g.maybe(), Labels: g.labels()}
	}
	if len(m.Reservations) > 0 && g.chance(2) {
		r := m.Reservations[0]
		m.Role, m.Reservation = r.Role, &mesos.Resource_ReservationInfo{Principal: r.Principal, Labels: r.Labels}
	}
	if m.Reservation != nil && g.chance(12) {
		m.Reservation.Role = g.role()
	}
}

func (g *maker) disk() *mesos.Resource_DiskInfo {
	d := &mesos.Resource_DiskInfo{}
	if g.chance(2) {
		d.Persistence = &mesos.Resource_DiskInfo_Persistence{ID: g.text(), Principal: g.maybe()}
	}
	if g.chance(2) {
		mode := mesos.RW
		if g.chance(2) {
			mode = mesos.RO
		}
		d.Volume = &mesos.Volume{Mode: &mode, ContainerPath: g.text(), HostPath: g.maybe()}
	}
	if g.chance(3) {
		return d
	}
	s := &mesos.Resource_DiskInfo_Source{Type: mesos.Resource_DiskInfo_Source_Type(1 + g.IntN(4))}
	s.Vendor, s.ID, s.Profile, s.Metadata = g.maybe(), g.maybe(), g.maybe(), g.labels()
	switch {
	case g.odd(20):
		s.Type = 0
	case s.Type == mesos.Resource_DiskInfo_Source_PATH || g.odd(9):
		s.Path = &mesos.Resource_DiskInfo_Source_Path{Root: g.maybe()}
	case s.Type == mesos.Resource_DiskInfo_Source_MOUNT || g.odd(9):
		s.Mount = &mesos.Resource_DiskInfo_Source_Mount{Root: g.maybe()}
	}
	d.Source = s
	return d
}

// offer makes an offer to the role web. Its resources are in canonical order and do not
// merge: every one has a name of its own, in rising order.
func (g *maker) offer(id int) mesos.Offer {
	o := mesos.Offer{Hostname: g.text()}
	o.ID.Value, o.AgentID.Value, o.FrameworkID.Value = fmt.Sprint("o", id), fmt.Sprint("a", g.IntN(9)), g.text()
	role := "web"
	o.AllocationInfo = &mesos.Resource_AllocationInfo{Role: &role}
	for i := range g.IntN(6) {
		name := fmt.Sprint("r", i)
		if i == 0 {
			name = "disk"
		}
		m := g.resource(name)
		m.Reservations, m.AllocationInfo = nil, o.AllocationInfo
		o.Resources = append(o.Resources, m)
	}
	for i := range g.IntN(4) {
		a := mesos.Attribute{Name: fmt.Sprint("n", i/2), Type: mesos.TEXT}
		switch g.IntN(3) {
		case 0:
			a.Type, a.Scalar = mesos.SCALAR, &mesos.Value_Scalar{Value: g.scalar()}
		case 1:
			a.Type, a.Ranges = mesos.RANGES, g.ranges()
		default:
			a.Text = &mesos.Value_Text{Value: "t" + g.text()}
		}
		o.Attributes = append(o.Attributes, a)
	}
	for range g.IntN(3) {
		o.ExecutorIDs = append(o.ExecutorIDs, mesos.ExecutorID{Value: g.text()})
	}
	if g.chance(2) {
		o.URL = &mesos.URL{Scheme: "http", Address: mesos.Address{Hostname: g.maybe(), IP: g.maybe(), Port: 5051}, Path: g.maybe(),
			Query: []mesos.Parameter{{Key: "k", Value: g.text()}}, Fragment: g.maybe()}
	}
	if g.chance(2) {
		o.Domain = &mesos.DomainInfo{FaultDomain: &mesos.DomainInfo_FaultDomain{}}
		o.Domain.FaultDomain.Region.Name, o.Domain.FaultDomain.Zone.Name = "eu", "z"+g.text()
	}
	if g.chance(2) {
		o.Unavailability = &mesos.Unavailability{Start: mesos.TimeInfo{Nanoseconds: int64(g.Uint64())}}
		if g.chance(2) {
			o.Unavailability.Duration = &mesos.DurationInfo{Nanoseconds: int64(g.Uint64() >> 1)}
		}
	}
	return o
}
