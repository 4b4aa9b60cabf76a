package resources

import (
	"fmt"
	"strconv"
	"unicode/utf8"
)

// MarshalJSON implements [encoding/json.Marshaler] with [FormatPost].
func (r Resource) MarshalJSON() ([]byte, error) { return r.JSON(FormatPost) }

// MarshalJSON implements [encoding/json.Marshaler] with [FormatPost]. A shared resource
// is repeated as often as there are copies of it.
func (r Resources) MarshalJSON() ([]byte, error) { return r.JSON(FormatPost) }

// JSON returns r as a JSON object of the given format. It fails with [ErrFormat] when
// the format cannot express r, and with [ErrSyntax] when a string is not UTF-8.
func (r Resource) JSON(f Format) ([]byte, error) {
	if f == FormatPre && r.Refined() {
		return nil, fmt.Errorf("%w: %v has refined reservations", ErrFormat, r)
	}
	w := &objectWriter{}
	w.element(func() { w.resource(r, f) })
	if !utf8.Valid(w.b) {
		return nil, fmt.Errorf("%w: %q is not UTF-8", ErrSyntax, r)
	}
	return w.b, nil
}

// JSON returns r as a JSON array of the given format, in canonical order. It fails like
// [Resource.JSON], as a whole.
func (r Resources) JSON(f Format) ([]byte, error) {
	out := []byte{'['}
	for i, e := range r.e {
		if i > 0 {
			out = append(out, ',')
		}
		b, err := e.resource().JSON(f)
		if err != nil {
			return nil, err
		}
		out = append(out, b...)
	}
	return append(out, ']'), nil
}

// objectWriter writes JSON objects field by field.
type objectWriter struct {
	b     []byte
	comma bool // something precedes in this object or array
}

func (w *objectWriter) name(s string) {
	if w.comma {
		w.b = append(w.b, ',')
	}
	w.comma = true
	w.b = append(appendJSONString(w.b, s), ':')
}

func (w *objectWriter) text(name, s string) {
	w.name(name)
	w.b = appendJSONString(w.b, s)
}

func (w *objectWriter) optional(name string, o Optional) {
	if o.set {
		w.text(name, o.text)
	}
}

// object writes a field that is an object.
func (w *objectWriter) object(name string, fields func()) {
	w.name(name)
	w.comma = false
	w.element(fields)
}

// array writes a field that is an array of n elements, nothing if there are none.
func (w *objectWriter) array(name string, n int, element func(i int)) {
	if n == 0 {
		return
	}
	w.name(name)
	w.b = append(w.b, '[')
	w.comma = false
	for i := range n {
		element(i)
	}
	w.b = append(w.b, ']')
	w.comma = true
}

// element writes an object that is an element of an array, or a value.
func (w *objectWriter) element(fields func()) {
	if w.comma {
		w.b = append(w.b, ',')
	}
	w.b = append(w.b, '{')
	w.comma = false
	fields()
	w.b = append(w.b, '}')
	w.comma = true
}

func (w *objectWriter) resource(r Resource, f Format) {
	w.text("name", r.Name)
	w.text("type", r.Value.kind.String())
	w.value(r.Value)
	if f == FormatPre || f == FormatEndpoint && !r.Refined() {
		role := "*"
		if len(r.Reservations) > 0 {
			role = r.Role()
		}
		w.text("role", role)
		if r.DynamicallyReserved() {
			w.object("reservation", func() { w.reservation(r.Reservations[0]) })
		}
	}
	if f != FormatPre {
		w.array("reservations", len(r.Reservations), func(i int) {
			w.element(func() {
				kind := reservedStatic
				if r.Reservations[i].Dynamic {
					kind = reservedDynamic
				}
				w.text("type", reservationKinds[kind])
				w.text("role", r.Reservations[i].Role)
				w.reservation(r.Reservations[i])
			})
		})
	}
	if r.AllocatedTo != "" {
		w.object("allocation_info", func() { w.text("role", r.AllocatedTo) })
	}
	if r.Provider != "" {
		w.object("provider_id", func() { w.text("value", r.Provider) })
	}
	if r.Disk != nil {
		w.object("disk", func() { w.disk(r.Disk) })
	}
	if r.Revocable {
		w.object("revocable", func() {})
	}
	if r.Shared {
		w.object("shared", func() {})
	}
}

func (w *objectWriter) value(v Value) {
	switch v.kind {
	case KindScalar:
		w.object("scalar", func() {
			w.name("value")
			w.b = v.amount.append(w.b)
		})
	case KindRanges:
		w.object("ranges", func() {
			w.array("range", len(v.ranges), func(i int) {
				w.element(func() {
					w.name("begin")
					w.b = strconv.AppendUint(w.b, v.ranges[i].Begin, 10)
					w.name("end")
					w.b = strconv.AppendUint(w.b, v.ranges[i].End, 10)
				})
			})
		})
	case KindSet:
		w.object("set", func() {
			w.array("item", len(v.list()), func(i int) {
				if i > 0 {
					w.b = append(w.b, ',')
				}
				w.b = appendJSONString(w.b, v.list()[i])
			})
		})
	case KindText:
		w.object("text", func() { w.text("value", v.Text()) })
	}
}

// reservation writes what all formats share.
func (w *objectWriter) reservation(r Reservation) {
	w.optional("principal", r.Principal)
	w.labels("labels", r.Labels)
}

func (w *objectWriter) labels(name string, l Labels) {
	if !l.set {
		return
	}
	w.object(name, func() {
		w.array("labels", len(l.l), func(i int) {
			w.element(func() {
				w.text("key", l.l[i].Key)
				w.optional("value", l.l[i].Value)
			})
		})
	})
}

func (w *objectWriter) disk(d *Disk) {
	if p := d.Persistence; p != nil {
		w.object("persistence", func() {
			w.text("id", p.ID)
			w.optional("principal", p.Principal)
		})
	}
	if v := d.Volume; v != nil {
		w.object("volume", func() {
			w.text("container_path", v.ContainerPath)
			w.optional("host_path", v.HostPath)
			w.text("mode", volumeModes[bit(v.ReadOnly)])
		})
	}
	if s := d.Source; s != nil {
		w.object("source", func() {
			w.text("type", s.Type.String())
			w.directory("path", s.Path)
			w.directory("mount", s.Mount)
			w.optional("vendor", s.Vendor)
			w.optional("id", s.ID)
			w.optional("profile", s.Profile)
			w.labels("metadata", s.Metadata)
		})
	}
}

func (w *objectWriter) directory(name string, d *Directory) {
	if d != nil {
		w.object(name, func() { w.optional("root", d.Root) })
	}
}

// appendJSONString appends s in quotes; bytes beyond ASCII are copied as they are.
func appendJSONString(b []byte, s string) []byte {
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ' || c == 0x7f:
			b = fmt.Appendf(b, `\u%04x`, c)
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}
