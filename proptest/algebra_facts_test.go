package proptest

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/google/go-cmp/cmp"

	"github.com/berth-go/berth/resources"
)

// facts is all there is to know about a resource, copied into types that have no method Equal: Equal does not look
// at mount points, nor at who created a volume.
type facts struct {
	Name, Kind, Value, AllocatedTo, Provider string
	Revocable, Shared                        bool
	Stack                                    []layerFacts
	Disk                                     *diskFacts
}

type layerFacts struct {
	Role      string
	Dynamic   bool
	Principal string
	Labels    []string
}

type diskFacts struct{ Source, Persistence, Volume []string }

// factsOf copies what r holds, entry by entry.
func factsOf(r resources.Resources) []facts {
	out := make([]facts, 0, r.Len())
	for x := range r.All() {
		out = append(out, factsOfOne(x))
	}
	return out
}

func factsOfOne(x resources.Resource) facts {
	f := facts{
		Name: x.Name, Kind: x.Value.Kind().String(), Value: x.Value.String(), AllocatedTo: x.AllocatedTo, Provider: x.Provider,
		Revocable: x.Revocable, Shared: x.Shared,
	}
	for _, l := range x.Reservations {
		f.Stack = append(f.Stack, layerFacts{l.Role, l.Dynamic, optionalFacts(l.Principal), labelFacts(l.Labels)})
	}
	if x.Disk == nil {
		return f
	}
	f.Disk = &diskFacts{}
	if s := x.Disk.Source; s != nil {
		f.Disk.Source = append([]string{
			s.Type.String(), directoryFacts(s.Path), directoryFacts(s.Mount), optionalFacts(s.Vendor), optionalFacts(s.ID), optionalFacts(s.Profile),
		}, labelFacts(s.Metadata)...)
	}
	if p := x.Disk.Persistence; p != nil {
		f.Disk.Persistence = []string{p.ID, optionalFacts(p.Principal)}
	}
	if v := x.Disk.Volume; v != nil {
		f.Disk.Volume = []string{v.ContainerPath, optionalFacts(v.HostPath), map[bool]string{true: "RO", false: "RW"}[v.ReadOnly]}
	}
	return f
}

func optionalFacts(o resources.Optional) string {
	if text, ok := o.Get(); ok {
		return "is " + text
	}
	return "unset"
}

func directoryFacts(d *resources.Directory) string {
	if d == nil {
		return "none"
	}
	return "root " + optionalFacts(d.Root)
}

func labelFacts(l resources.Labels) []string {
	if !l.IsSet() {
		return nil
	}
	out := []string{"set"}
	for i := range l.Len() {
		out = append(out, l.At(i).Key+" "+optionalFacts(l.At(i).Value))
	}
	return out
}

// differs says in which respect b is not the same as a, mount points and the like included.
func diffFacts(a, b []facts) string {
	if reflect.DeepEqual(a, b) { // much faster than a difference
		return ""
	}
	return cmp.Diff(a, b)
}

func differs(a, b resources.Resources) string { return diffFacts(factsOf(a), factsOf(b)) }

// differsAnyOrder is differs for collections whose equal entries may come in any order.
func differsAnyOrder(a, b resources.Resources) string {
	if d := differs(a, b); d == "" {
		return ""
	}
	l, r := inOrder(factsOf(a)), inOrder(factsOf(b))
	if slices.Equal(l, r) {
		return ""
	}
	for i := range min(len(l), len(r)) {
		if l[i] != r[i] {
			return l[i] + "\n" + r[i]
		}
	}
	return fmt.Sprintf("%d entries and %d", len(l), len(r))
}

func inOrder(f []facts) []string {
	out := make([]string, len(f))
	for i := range f {
		d := f[i].Disk
		f[i].Disk = nil
		out[i] = fmt.Sprintf("%+v", f[i])
		if d != nil {
			out[i] += fmt.Sprintf("%+v", *d)
		}
	}
	slices.Sort(out)
	return out
}
