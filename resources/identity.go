package resources

import (
	"slices"
	"strings"
)

// entry is one resource of a collection. What identifies it is kept apart from how much
// there is: arithmetic copies one pointer and compares one string.
type entry struct {
	*identity
	value Value
}

// identity is everything about a resource but its value. It is never modified. What most readers look at comes first, with the
// name of res, so that it takes them one cache line.
type identity struct {
	kind  Kind
	whole bool     // entries never merge, and match only when the values are equal too
	plain bool     // there is nothing to it but kind and name
	res   Resource // Value is zero
	key   string   // equal for equal identities; its order is the canonical order
}

// common are the identities that nearly every agent has: made once, they are compared by address, and stay in the cache of a
// processor that reads many offers.
var common = [...]*identity{
	newIdentity(Resource{Name: "cpus"}), newIdentity(Resource{Name: "mem"}), newIdentity(Resource{Name: "disk"}),
	newIdentity(Resource{Name: "gpus"}), newIdentity(Resource{Name: "ports", Value: Value{kind: KindRanges}}),
}

func newEntry(r Resource) entry {
	if r.isPlain() {
		for _, id := range common {
			if id.kind == r.Value.kind && id.res.Name == r.Name {
				return entry{id, r.Value}
			}
		}
	}
	return entry{newIdentity(r), r.Value}
}

// isPlain says whether name and value are all there is to say of r.
func (r *Resource) isPlain() bool {
	return len(r.Reservations) == 0 && r.AllocatedTo == "" && r.Provider == "" && r.Disk == nil && !r.Revocable && !r.Shared
}

func newIdentity(r Resource) *identity {
	id := &identity{kind: r.Value.kind, whole: r.Whole() || r.Shared, plain: r.isPlain(), res: r}
	id.res.Value = Value{}
	id.res.Reservations = slices.Clone(r.Reservations)
	id.res.Disk = r.Disk.clone()
	var space [256]byte
	id.key = string(id.appendKey(space[:0]))
	return id
}

func (e *entry) resource() Resource {
	r := e.res
	r.Value = e.value
	r.Reservations = slices.Clip(r.Reservations)
	return r
}

// compare is the canonical order. It is 0 for entries that merge, and for equal whole ones.
func (e *entry) compare(o *entry) int {
	if e.identity != o.identity {
		if c := strings.Compare(e.key, o.key); c != 0 {
			return c
		}
	}
	if !e.whole {
		return 0
	}
	return e.value.compare(o.value)
}

func compareEntries(a, b entry) int { return a.compare(&b) }

// appendKey appends the parts of the identity in canonical order: by name, then
// unreserved before reserved, regular before revocable, and plain before special.
// Every string is escaped and terminated, so keys are equal only when all parts are.
func (id *identity) appendKey(b []byte) []byte {
	r := &id.res
	b = appendKeyString(b, r.Name)
	b = append(b, byte(id.kind), byte(len(r.Reservations)>>8), byte(len(r.Reservations)))
	for _, res := range r.Reservations {
		b = appendKeyString(b, res.Role)
		b = append(b, bit(res.Dynamic))
		b = appendKeyOptional(b, res.Principal)
		b = appendKeyLabels(b, res.Labels)
	}
	b = append(b, bit(r.Revocable), bit(r.Shared))
	b = appendKeyString(b, r.AllocatedTo)
	b = appendKeyString(b, r.Provider)
	if r.Disk == nil {
		return append(b, 0)
	}
	b = append(b, 1)
	if s := r.Disk.Source; s != nil {
		b = append(b, 1, byte(s.Type))
		b = appendKeyDirectory(b, s.Path)
		b = appendKeyDirectory(b, s.Mount)
		b = appendKeyOptional(b, s.Vendor)
		b = appendKeyOptional(b, s.ID)
		b = appendKeyOptional(b, s.Profile)
		b = appendKeyLabels(b, s.Metadata)
	} else {
		b = append(b, 0)
	}
	if p := r.Disk.Persistence; p != nil {
		return appendKeyString(append(b, 1), p.ID)
	}
	return append(b, 0)
}

func bit(f bool) byte {
	if f {
		return 1
	}
	return 0
}

// appendKeyString keeps the order of strings: the end sorts below every character.
func appendKeyString(b []byte, s string) []byte {
	if strings.IndexByte(s, 0) < 0 {
		return append(append(b, s...), 0, 1)
	}
	for i := range len(s) {
		b = append(b, s[i])
		if s[i] == 0 {
			b = append(b, 0xff)
		}
	}
	return append(b, 0, 1)
}

func appendKeyOptional(b []byte, o Optional) []byte {
	b = append(b, bit(o.set))
	return appendKeyString(b, o.text)
}

func appendKeyLabels(b []byte, l Labels) []byte {
	if !l.set {
		return append(b, 0)
	}
	for _, x := range l.sorted() {
		b = appendKeyString(append(b, 2), x.Key)
		b = appendKeyString(b, x.Value.text)
	}
	return append(b, 1)
}

func appendKeyDirectory(b []byte, d *Directory) []byte {
	if d == nil {
		return append(b, 0)
	}
	return appendKeyOptional(append(b, 1), d.Root)
}
