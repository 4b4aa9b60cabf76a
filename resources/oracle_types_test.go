package resources

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
)

// deviation is a difference of which the test has found the reason.
type deviation struct {
	name string
	error
}

// found is a question to Find. The recorded answer depends on the order in which entries
// were added, so it is compared with that of the same search in that order, too.
type found struct{ canonical, inserted, targets Resources }

// inserted reads resources in the order given; later ones merge into earlier ones.
func (a *oracleArgs) inserted(key string) Resources {
	var out []entry
	for _, r := range a.list(a.raw[key]) {
		if r.Validate() != nil || r.IsEmpty() {
			continue
		}
		e := newEntry(r)
		if i := slices.IndexFunc(out, func(x entry) bool { return !x.whole && x.compare(&e) == 0 }); i >= 0 {
			out[i].value = out[i].value.plus(e.value)
		} else {
			out = append(out, e)
		}
	}
	return Resources{out}
}

// search looks for every target on its own, as Mesos does.
func (f found) search(r Resources) (out Resources, ok bool) {
	for _, t := range f.targets.e {
		pieces, ok := r.findOne(t)
		if !ok {
			return Resources{}, false
		}
		out = out.Plus(pieces)
	}
	return out, true
}

func (f found) compare(l *oracleLine) error {
	same := func(r Resources, ok bool) error {
		if none := string(l.Result["resources"]) == "null"; none || !ok {
			if none == ok {
				return fmt.Errorf("got %v, %v, want %s", r, ok, l.Result["resources"])
			}
			return nil
		}
		return sameLists(r.strict(), l.Result["resources"])
	}
	if err := same(f.search(f.inserted)); err != nil {
		return fmt.Errorf("in the order given: %w", err)
	}
	if err := same(f.search(f.canonical)); err != nil {
		return &deviation{"order-dependent", err}
	}
	if err := same(f.canonical.Find(collect(slices.Clone(f.targets.e)))); err != nil {
		return &deviation{"find-multi", err}
	}
	return nil
}

// printed are the printed entries of a collection, sorted.
type printed []string

type shrunk struct {
	r  *Resource
	ok bool
}

// messages are Resource messages in the order given.
type messages []string

func oracleUpgrade(a *oracleArgs) (any, error) {
	p, list, err := oracleList(a.raw["resources"])
	if err != nil {
		return nil, err
	}
	var out messages
	for _, n := range list {
		w, err := p.resource(n)
		if err != nil {
			return nil, err
		}
		r, err := w.upgrade()
		if err != nil {
			return nil, err
		}
		if r.Value, err = w.value(false); err != nil {
			return nil, err
		}
		out = append(out, string(must(r.JSON(FormatPost))))
	}
	return out, nil
}

// oracleFormat converts one message after the other; those behind a failure stay.
func oracleFormat(a *oracleArgs, f Format) (any, error) {
	var out messages
	var failed error
	p, list, err := oracleList(a.raw["resources"])
	if err != nil {
		return nil, err
	}
	for _, n := range list {
		w, err := p.resource(n)
		if err != nil {
			return nil, err
		}
		r, err := w.upgrade()
		if err != nil {
			return nil, err
		}
		if r.Value, err = w.value(false); err != nil {
			return nil, err
		}
		b, err := r.JSON(f)
		if failed == nil {
			failed = err
		}
		if failed != nil {
			b = must(r.JSON(FormatPost))
		}
		out = append(out, string(b))
	}
	return out, failed
}

func sameMessages(got messages, raw json.RawMessage) error {
	var g, w []any
	for _, s := range got {
		var x any
		if err := json.Unmarshal([]byte(s), &x); err != nil {
			return err
		}
		g = append(g, x)
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		return err
	}
	for _, list := range [][]any{g, w} {
		for _, x := range list {
			sortSets(x)
		}
	}
	if !reflect.DeepEqual(g, w) {
		return fmt.Errorf("got  %v\nwant %v", g, w)
	}
	return nil
}

// sortSets sorts the items of sets, whose order this package does not keep.
func sortSets(x any) {
	m, _ := x.(map[string]any)
	set, _ := m["set"].(map[string]any)
	items, _ := set["item"].([]any)
	slices.SortFunc(items, func(a, b any) int {
		if a.(string) < b.(string) {
			return -1
		}
		return 1
	})
}

func oracleValue(raw json.RawMessage) (Value, error) {
	n, err := parseJSON(raw)
	if err != nil {
		return Value{}, err
	}
	p := &jsonReader{text: raw}
	m := p.message(n, &err)
	if t, ok := m.message("text"); ok {
		return TextOf(t.text(t.need("value"))), err
	}
	m.fields = append(m.fields, field{"name", node{value: "x"}})
	n.value = m.fields
	w, err := p.resource(n)
	if err != nil {
		return Value{}, err
	}
	return w.value(false)
}

func (l *oracleLine) compareAttributes(got Attributes) error {
	var want []json.RawMessage
	if err := json.Unmarshal(l.Result["attributes"], &want); err != nil {
		return err
	}
	if got.Len() != len(want) {
		return fmt.Errorf("got %v, want %s", got, want)
	}
	for i, raw := range want {
		var name struct{ Name string }
		if err := json.Unmarshal(raw, &name); err != nil {
			return err
		}
		v, err := oracleValue(raw)
		if err != nil {
			return err
		}
		if x := got.At(i); x.Name != name.Name || !x.Value.Equal(v) {
			return fmt.Errorf("got %v, want %s", x, raw)
		}
	}
	var texts []string
	if err := json.Unmarshal(l.Result["texts"], &texts); err != nil {
		return err
	}
	for i, x := range texts {
		if got.At(i).String() != x {
			return fmt.Errorf("prints %q, want %q", got.At(i), x)
		}
	}
	return nil
}

// aggregate is what a collection adds up to.
type aggregate struct{ Resources }

func (g aggregate) compare(raw json.RawMessage) error {
	var want map[string]any
	if err := json.Unmarshal(raw, &want); err != nil {
		return err
	}
	for key := range want {
		if got := g.get(key); !reflect.DeepEqual(got, normal(want[key])) {
			return fmt.Errorf("%s: got %v, want %v", key, got, want[key])
		}
	}
	return nil
}

func normal(x any) any {
	b, _ := json.Marshal(x)
	return string(b)
}

func (g aggregate) get(key string) any {
	r := g.Resources
	scalar := func(name string) Amount { return r.Total(name, KindScalar).Amount() }
	switch key {
	case "names":
		return normal(r.Names())
	case "types":
		types := map[string]string{}
		for x := range r.All() {
			types[x.Name] = x.Value.Kind().String()
		}
		return normal(types)
	case "size":
		n := 0
		for i, x := range slices.Collect(r.All()) {
			if i == 0 || !x.Shared || !x.Equal(r.At(i-1)) {
				n++
			}
		}
		return normal(n)
	case "cpus", "gpus":
		return normal(scalar(key).Float64())
	case "cpus_scalar", "gpus_scalar", "mem_scalar", "disk_scalar":
		return normal(scalar(key[:len(key)-len("_scalar")]).Float64())
	case "mem_bytes", "disk_bytes":
		return normal(float64(scalar(key[:len(key)-len("_bytes")]).Whole() << 20))
	case "features":
		return normal(map[string]any{"item": slices.Collect(r.Total(key, KindSet).Set().All())})
	case "ports":
		var list []map[string]uint64
		for x := range r.Total(key, KindRanges).Ranges().All() {
			list = append(list, map[string]uint64{"begin": x.Begin, "end": x.End})
		}
		return normal(map[string]any{"range": list})
	}
	return "unknown: " + key
}
