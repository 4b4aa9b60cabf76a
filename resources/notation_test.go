package resources

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// The tables of this package write resources in a notation of their own: the text of
// Parse, followed by modifiers for what that cannot express, entries separated by '|'.
//
//	+S(role,principal)             one more layer, static
//	+D(role,principal,key=value)   one more layer, dynamic; labels as many as needed
//	+alloc(role) +rev +shared +rp(provider)
//	+pv(id,path,host,ro)           a persistent volume; host and ro may be left out
//	+vol(path)                     a mount point without persistence
//	+src(TYPE,root,id=i,profile=p,vendor=v)

// rlist reads a list of resources, valid or not.
func rlist(text string) []Resource {
	var out []Resource
	for part := range strings.SplitSeq(text, "|") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, rone(part))
		}
	}
	return out
}

// rs reads a collection; all must be valid.
func rs(text string) Resources { return Must(rlist(text)...) }

// rone reads one resource.
func rone(text string) Resource {
	words := strings.Fields(text)
	name, value, _ := strings.Cut(words[0], ":")
	r := Resource{Name: name, Value: must(ParseValue(value))}
	if base, role, ok := strings.Cut(name, "("); ok {
		r.Name = base
		r.Reservations = []Reservation{{Role: strings.TrimSuffix(role, ")")}}
	}
	for _, w := range words[1:] {
		kind, rest, _ := strings.Cut(strings.TrimPrefix(w, "+"), "(")
		var args []string
		if rest != "" {
			args = strings.Split(strings.TrimSuffix(rest, ")"), ",")
		}
		modify(&r, kind, args)
	}
	return r
}

func modify(r *Resource, kind string, args []string) {
	arg := func(i int) Optional {
		if i < len(args) {
			return Some(args[i])
		}
		return Optional{}
	}
	if r.Disk == nil && (kind == "pv" || kind == "vol" || kind == "src" || kind == "disk") {
		r.Disk = new(Disk)
	}
	switch kind {
	case "S", "D":
		x := Reservation{Role: args[0], Dynamic: kind == "D", Principal: arg(1)}
		if len(args) > 2 {
			x.Labels.set = true
			for _, l := range args[2:] {
				k, v, ok := strings.Cut(l, "=")
				if k != "" {
					x.Labels.l = append(x.Labels.l, Label{k, Optional{v, ok}})
				}
			}
		}
		r.Reservations = append(slices.Clip(r.Reservations), x)
	case "alloc":
		r.AllocatedTo = args[0]
	case "rp":
		r.Provider = args[0]
	case "rev":
		r.Revocable = true
	case "shared":
		r.Shared = true
	case "pv":
		r.Disk.Persistence = &Persistence{ID: args[0]}
		if len(args) > 1 {
			r.Disk.Volume = &Volume{ContainerPath: args[1], ReadOnly: arg(3).text == "ro"}
			if arg(2).text != "" {
				r.Disk.Volume.HostPath = arg(2)
			}
		}
	case "by":
		r.Disk.Persistence.Principal = arg(0)
	case "vol":
		r.Disk.Volume = &Volume{ContainerPath: args[0]}
	case "src":
		r.Disk.Source = source(args)
	case "disk":
	default:
		panic("unknown modifier " + kind)
	}
}

func source(args []string) *DiskSource {
	s := &DiskSource{Type: DiskType(slices.Index(diskTypeNames[:], args[0]))}
	for _, a := range args[1:] {
		k, v, named := strings.Cut(a, "=")
		switch {
		case k == "id":
			s.ID = Some(v)
		case k == "profile":
			s.Profile = Some(v)
		case k == "vendor":
			s.Vendor = Some(v)
		case k == "path" && named:
			s.Path = &Directory{Some(v)}
		case k == "mount" && named:
			s.Mount = &Directory{Some(v)}
		case s.Type == DiskMount:
			s.Mount = &Directory{Some(a)}
		default:
			s.Path = &Directory{Some(a)}
		}
	}
	return s
}

// evaluate performs the operation of a table row. The outcome is a collection, or
// something that prints as the table says.
func evaluate(left, op, right string) any {
	l := rs(left)
	switch op {
	case "+":
		return l.Plus(rs(right))
	case "-":
		return l.Minus(rs(right))
	case "==":
		return l.Equal(rs(right))
	case "contains":
		return l.Contains(rs(right))
	case "contains quantities":
		return l.ContainsQuantities(MustQuantities(right))
	case "find":
		if found, ok := l.Find(rs(right)); ok {
			return found
		}
		return "none"
	case "count":
		return l.Count(rone(right))
	case "unreserved":
		return l.Unreserved()
	case "reserved":
		return l.Reserved(right)
	case "to unreserved":
		return l.ToUnreserved()
	case "allocatable to":
		return l.AllocatableTo(right)
	case "allocated":
		return l.Allocate(right)
	case "named":
		return l.Named(right)
	case "shared":
		return l.Shared()
	case "nonshared":
		return l.NonShared()
	case "volumes":
		return l.PersistentVolumes()
	case "shrink to":
		return l.ShrinkTo(MustQuantities(right))
	case "shrink within":
		return l.ShrinkWithin(MustLimits(right))
	case "quantities":
		return l.Quantities()
	case "entries":
		return l.Len()
	case "print":
		return l
	}
	panic("unknown operation " + op)
}

// checkRow compares the outcome of a row: want is in the notation for collections, and
// the printed outcome otherwise.
func checkRow(t *testing.T, left, op, right, want string) {
	t.Helper()
	got := evaluate(left, op, right)
	r, ok := got.(Resources)
	if !ok || op == "print" {
		if s := fmt.Sprint(got); s != want {
			t.Errorf("%s %s %s: got %s, want %s", left, op, right, s, want)
		}
		return
	}
	if g, w := r.strict(), rs(want).strict(); !slices.Equal(g, w) {
		t.Errorf("%s %s %s:\ngot  %v\nwant %v", left, op, right, g, w)
	}
}
