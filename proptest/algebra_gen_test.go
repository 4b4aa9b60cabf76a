package proptest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/leanovate/gopter"

	"github.com/berth-go/berth/resources"
)

// stock is a list of resources that is not merged yet. It prints as what is needed to make it again, and
// shrinks by holding less.
type stock []resources.Resource

func (s stock) sum() resources.Resources { return resources.Must(s...) }

func (s stock) String() string {
	var b strings.Builder
	for i, r := range s {
		text, _ := r.MarshalJSON()
		fmt.Fprintf(&b, "\n  %d: %s", i, text)
	}
	return b.String()
}

func (s stock) shrink() gopter.Shrink {
	var smaller []stock
	if n := len(s); n > 1 {
		smaller = append(smaller, s[:n/2], s[n/2:])
	}
	for i := range s {
		smaller = append(smaller, slices.Delete(slices.Clone(s), i, i+1))
	}
	return func() (any, bool) {
		if len(smaller) == 0 {
			return nil, false
		}
		next := smaller[0]
		smaller = smaller[1:]
		return next, true
	}
}

// stocks generates up to n resources of every sort, from so few parts that identities often meet.
func stocks(n int) gopter.Gen {
	return func(p *gopter.GenParameters) *gopter.GenResult {
		m, most := newMaker(p.NextUint64()), n
		if long && m.IntN(4) == 0 {
			most = 3 * n
		}
		return gopter.NewGenResult(m.stock(m.IntN(most+1)), func(v any) gopter.Shrink { return v.(stock).shrink() })
	}
}

// heaps generates lists of up to n small stocks, now and then of many more.
func heaps(n int) gopter.Gen {
	return func(p *gopter.GenParameters) *gopter.GenResult {
		m := newMaker(p.NextUint64())
		size := m.IntN(n + 1)
		if m.IntN(20) == 0 {
			size = 60 + m.IntN(140)
		}
		heap := make([]stock, size)
		for i := range heap {
			heap[i] = m.stock(m.IntN(4))
		}
		return gopter.NewGenResult(heap, func(v any) gopter.Shrink {
			heap := v.([]stock)
			n, i := len(heap), -3 // halves first, then all but one
			if n < 2 {
				i = -1
			}
			return func() (any, bool) {
				switch i++; {
				case i >= n:
					return nil, false
				case i == -2:
					return heap[:n/2], true
				case i == -1:
					return heap[n/2:], true
				}
				return slices.Delete(slices.Clone(heap), i, i+1), true
			}
		})
	}
}

// maker makes resources.
type maker struct{ *rand.Rand }

func newMaker(seed uint64) maker { return maker{rand.New(rand.NewPCG(seed, 1))} }

func oneOf[T any](m maker, options ...T) T { return options[m.IntN(len(options))] }

func (m maker) rarely() bool { return m.IntN(5) == 0 }

// stock makes n resources; one stock of five is what operators can write, so that the short text form is met, too.
func (m maker) stock(n int) stock {
	s, plain := make(stock, n), m.rarely()
	for i := range s {
		s[i] = m.resource()
		if plain {
			s[i] = resources.Resource{Name: s[i].Name, Value: s[i].Value}
			if m.rarely() {
				s[i].Reservations = []resources.Reservation{{Role: "a"}}
			}
		}
	}
	return s
}

// resource makes a resource that is like one of a dozen, or like none.
func (m maker) resource() resources.Resource {
	if m.IntN(2) == 0 {
		return m.fresh()
	}
	r := newMaker(m.Uint64N(12) + 1).fresh()
	switch {
	case r.Whole() && !m.rarely():
	case r.Value.Kind() == resources.KindScalar:
		r.Value = m.scalar()
	case r.Value.Kind() == resources.KindRanges:
		r.Value = m.ranges()
	default:
		r.Value = m.set()
	}
	if r.Persistent() && m.rarely() {
		return moved(r)
	}
	return r
}

func (m maker) fresh() resources.Resource {
	r := resources.Resource{Reservations: m.stack(), AllocatedTo: oneOf(m, "", "", "a", "b")}
	if m.rarely() {
		r.Provider = "store"
	}
	switch m.IntN(8) {
	case 0, 1:
		r.Name, r.Value = oneOf(m, "cpus", "gpus", "mem", "thing"), m.scalar()
	case 2, 3:
		r.Name, r.Value = oneOf(m, "ports", "ports", "thing"), m.ranges()
	case 4:
		r.Name, r.Value = oneOf(m, "zones", "zones", "thing"), m.set()
	default:
		return m.disk(r)
	}
	r.Revocable = m.rarely()
	return r
}

// scalar makes amounts with thousandths, and some that are large; sums of them stay far from MaxHeld.
func (m maker) scalar() resources.Value {
	return resources.ScalarOf(oneOf(m, 1, 999, 1000, 2500, resources.Amount(m.IntN(5000)), resources.Amount(m.Int64N(1<<42))))
}

// ranges makes few integers, so that quantities do not saturate, but some are the largest there are.
func (m maker) ranges() resources.Value {
	var list []resources.Range
	base := oneOf[uint64](m, 0, 0, 31000, 1<<64-1-40)
	for range m.IntN(4) {
		begin := base + m.Uint64N(30)
		list = append(list, resources.Range{Begin: begin, End: begin + m.Uint64N(11)})
	}
	r, err := resources.NewRanges(list...)
	if err != nil {
		panic(err)
	}
	return resources.RangesOf(r)
}

func (m maker) set() resources.Value {
	items := []string{"a", "b", "c;d", "é"}
	m.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	return resources.SetOf(resources.MustSet(items[:m.IntN(4)]...))
}

// stack makes reservation stacks of up to three layers; layers above the first refine the one beneath.
func (m maker) stack() []resources.Reservation {
	var stack []resources.Reservation
	for i := range oneOf(m, 0, 0, 1, 1, 2, 3) {
		stack = append(stack, m.layer(stack, i > 0 || m.IntN(2) == 0))
	}
	return stack
}

func (m maker) layer(below []resources.Reservation, dynamic bool) resources.Reservation {
	role := oneOf(m, "a", "b")
	if n := len(below); n > 0 {
		role = below[n-1].Role + "/" + role
	}
	return resources.Reservation{Role: role, Dynamic: dynamic, Principal: m.optional("", "ops"), Labels: m.labels()}
}

func (m maker) optional(options ...string) resources.Optional {
	if m.IntN(3) > 0 {
		return resources.Optional{}
	}
	return resources.Some(oneOf(m, options...))
}

func (m maker) labels() resources.Labels {
	if m.IntN(4) > 0 {
		return resources.Labels{}
	}
	list := make([]resources.Label, m.IntN(3))
	for i := range list {
		list[i] = resources.Label{Key: oneOf(m, "k", "l"), Value: m.optional("", "v")}
	}
	return resources.NewLabels(list...)
}

// disk makes disks of every type out of r. A few hold ranges or sets, which nothing forbids.
func (m maker) disk(r resources.Resource) resources.Resource {
	r.Name, r.Value = "disk", m.scalar()
	if m.IntN(3) > 0 {
		r.Value = resources.ScalarOf(oneOf[resources.Amount](m, 5000, 10000, 12500))
	}
	if m.IntN(15) == 0 {
		r.Value = oneOf(m, m.ranges(), m.set())
	}
	source := m.source()
	if source != nil || m.IntN(10) == 0 {
		r.Disk = &resources.Disk{Source: source}
	}
	if m.IntN(2) == 0 {
		return m.volume(r)
	}
	r.Revocable = m.rarely()
	return r
}

func (m maker) source() *resources.DiskSource {
	s := &resources.DiskSource{Vendor: m.optional("", "v"), Profile: m.optional("fast"), Metadata: m.labels()}
	if m.IntN(2) == 0 {
		*s = resources.DiskSource{}
	}
	where := &resources.Directory{Root: m.optional("/1", "/2")}
	switch m.IntN(8) {
	case 0:
		s.Type, s.Path = resources.DiskPath, where
	case 1:
		s.Type, s.Mount = resources.DiskMount, where
	case 2:
		s.Type, s.ID = resources.DiskBlock, m.optional("", "one")
	case 3:
		s.Type = resources.DiskRaw
	case 4:
		s.Type, s.ID = resources.DiskRaw, resources.Some(oneOf(m, "one", "two"))
	default:
		return nil
	}
	return s
}

// volume makes a persistent volume of a disk, reserved as it must be.
func (m maker) volume(r resources.Resource) resources.Resource {
	d := resources.Disk{
		Persistence: &resources.Persistence{ID: oneOf(m, "v", "w"), Principal: m.optional("ops")},
		Volume:      &resources.Volume{ContainerPath: oneOf(m, "data", "logs")},
	}
	if r.Disk != nil {
		d.Source = r.Disk.Source
	}
	if len(r.Reservations) == 0 {
		r.Reservations = []resources.Reservation{m.layer(nil, true)}
	}
	r.Disk, r.Revocable, r.Shared = &d, false, m.IntN(2) == 0
	return r
}

// some keeps some of a stock, and of some only a part.
func (m maker) some(s stock) stock {
	var out stock
	for _, r := range s {
		switch {
		case m.IntN(3) == 0:
			continue
		case m.IntN(2) == 0 && !r.Whole():
			r.Value = m.part(r.Value)
		}
		out = append(out, r)
	}
	return out
}

func (m maker) part(v resources.Value) resources.Value {
	switch v.Kind() {
	case resources.KindScalar:
		return resources.ScalarOf(resources.Amount(m.Int64N(int64(v.Amount()) + 1)))
	case resources.KindRanges:
		return resources.RangesOf(v.Ranges().Intersect(m.ranges().Ranges()))
	}
	return resources.SetOf(v.Set().Intersect(m.set().Set()))
}

// like is the same stock in another order, with other mount points and creators.
func (m maker) like(s stock) stock {
	out := slices.Clone(s)
	m.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	for i := range out {
		if out[i].Persistent() && m.IntN(2) == 0 {
			out[i] = moved(out[i])
		}
	}
	return out
}

// moved is the same volume with another mount point and creator.
func moved(r resources.Resource) resources.Resource {
	d := *r.Disk
	d.Volume = &resources.Volume{ContainerPath: "elsewhere", ReadOnly: true}
	d.Persistence = &resources.Persistence{ID: d.Persistence.ID, Principal: resources.Some("other")}
	r.Disk = &d
	return r
}
