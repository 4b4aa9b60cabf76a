package resources

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// oracleGlob matches files with answers of the C++ implementation, one operation a line.
const oracleGlob = "../../shared/data/mesos-oracle*.jsonl.gz"

// deviations are the oddities of the C++ implementation that this package does not
// share; docs/algebra.md gives the reasons.
var deviations = map[string]string{
	"mount-multiset-contains": "whole disks are a multiset",
	"label-asymmetry":         "labels compare as multisets",
	"set-order":               "sets ignore order",
	"range-max":               "ranges merge up to 2^64-1",
	"find-multi":              "find deducts between targets",
	"order-dependent":         "order is canonical",
	"metadata-representative": "order is canonical, so another copy may survive",
	"overlap-order":           "order is canonical, so overlapping ranges have merged",
	"inverted-range":          "order is canonical, so inverted ranges cannot be held",
	"large-int":               "amounts are limited",
}

type oracleLine struct {
	ID     int
	Op     string
	Args   map[string]json.RawMessage
	Result map[string]json.RawMessage
	Oddity []string
	Case   string
}

func TestOracle(t *testing.T) {
	files, _ := filepath.Glob(oracleGlob)
	if len(files) == 0 {
		t.Skipf("no file matches %s", oracleGlob)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) { replay(t, name) })
	}
}

func replay(t *testing.T, name string) {
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines, agreed, failed := 0, 0, 0
	deviated := map[string]int{}
	r := bufio.NewReader(z)
	for {
		text, err := r.ReadBytes('\n')
		if len(text) > 0 {
			var line oracleLine
			if err := json.Unmarshal(text, &line); err != nil {
				t.Fatal(err)
			}
			lines++
			diff := line.check()
			var known *deviation
			if diff == nil {
				agreed++
			} else if errors.As(diff, &known) {
				deviated[known.name]++
			} else if i := slices.IndexFunc(line.Oddity, func(o string) bool { return deviations[o] != "" }); i >= 0 {
				deviated[line.Oddity[i]]++
			} else if failed++; failed <= 40 {
				t.Errorf("line %d, %s %v: %v\n%s", line.ID, line.Op, line.Oddity, diff, text)
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d lines: %d agree, %d differ", lines, agreed, failed)
	for _, o := range slices.Sorted(maps.Keys(deviated)) {
		t.Logf("%4d differ deliberately: %s (%s)", deviated[o], deviations[o], o)
	}
}

// check performs the operation and says how the outcome differs from the recorded one.
func (l *oracleLine) check() error {
	f, ok := oracleOps[l.Op]
	if !ok {
		return fmt.Errorf("unknown operation %q", l.Op)
	}
	a := &oracleArgs{raw: l.Args}
	got, err := f(a)
	if a.err != nil {
		err = a.err
	}
	for _, key := range []string{"error", "abort"} {
		if want, bad := l.Result[key]; bad {
			if err == nil {
				return fmt.Errorf("got %v, want the %s %s", got, key, want)
			}
			return l.checkPartial(got)
		}
	}
	if err != nil {
		return fmt.Errorf("unexpected error: %w", err)
	}
	return l.compare(got)
}

// checkPartial looks at what an operation left behind when it failed half way.
func (l *oracleLine) checkPartial(got any) error {
	if l.Op != "downgrade" {
		return nil
	}
	return l.compare(got)
}

// compare compares the outcome with the recorded one, by the type of the former.
func (l *oracleLine) compare(got any) error {
	switch got := got.(type) {
	case nil:
		return l.sameJSON("valid", true)
	case bool:
		return l.sameJSON("bool", got)
	case int:
		return l.sameJSON("count", got)
	case string:
		return l.sameTexts("text", []string{got}, canonicalPrint)
	case printed:
		return l.sameTexts("entries", got, canonicalPrint)
	case []string:
		return l.sameTexts("roles", got, func(s string) string { return s })
	case map[string]float64:
		return l.sameQuantities(got)
	case Resources:
		if l.Op == "unallocate" { // Mesos leaves entries apart that have become alike
			a := oracleArgs{raw: l.Result}
			return sameLists(got.strict(), must(a.collection("resources").MarshalJSON()))
		}
		return sameLists(got.strict(), l.Result["resources"])
	case found:
		return got.compare(l)
	case shrunk:
		if err := l.sameJSON("bool", got.ok); err != nil {
			return err
		}
		return l.compare(got.r)
	case *Resource:
		if got == nil {
			return l.sameJSON("resource", nil)
		}
		return sameLists(strictly(*got), json.RawMessage("["+string(l.Result["resource"])+"]"))
	case messages:
		return sameMessages(got, l.Result["resources"])
	case map[string]Resources:
		return l.sameGroups(got)
	case Value:
		if want, err := oracleValue(l.Result["value"]); err != nil || !want.Equal(got) {
			return fmt.Errorf("got %v, want %s", got, l.Result["value"])
		}
		return nil
	case Attributes:
		return l.compareAttributes(got)
	case aggregate:
		return got.compare(l.Result["aggregate"])
	}
	return fmt.Errorf("no comparison for %T", got)
}

func (l *oracleLine) sameJSON(key string, got any) error {
	if want := string(l.Result[key]); string(must(json.Marshal(got))) != want {
		return fmt.Errorf("got %v, want %s %s", got, key, want)
	}
	return nil
}

// sameTexts compares texts after making the recorded ones canonical.
func (l *oracleLine) sameTexts(key string, got []string, canonical func(string) string) error {
	raw := l.Result[key]
	if !strings.HasPrefix(string(raw), "[") {
		raw = json.RawMessage("[" + string(raw) + "]")
	}
	var want []string
	if err := json.Unmarshal(raw, &want); err != nil {
		return err
	}
	for i := range want {
		want[i] = canonical(want[i])
	}
	if key == "entries" {
		slices.Sort(want)
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("got  %q\nwant %q", got, want)
	}
	return nil
}

func (l *oracleLine) sameQuantities(got map[string]float64) error {
	want := map[string]float64{}
	if err := json.Unmarshal(l.Result["quantities"], &want); err != nil {
		return err
	}
	for name, f := range want { // recorded before rounding
		a, err := amountWithin(f, MaxHeld)
		if err != nil {
			return err
		}
		want[name] = a.Float64()
	}
	if !maps.Equal(got, want) {
		return fmt.Errorf("got %v, want %v", got, want)
	}
	return nil
}

func (l *oracleLine) sameGroups(got map[string]Resources) error {
	want := map[string]json.RawMessage{}
	if err := json.Unmarshal(l.Result["map"], &want); err != nil {
		return err
	}
	if len(want) != len(got) {
		return fmt.Errorf("got %v, want %s", got, l.Result["map"])
	}
	for role := range want {
		if err := sameLists(got[role].strict(), want[role]); err != nil {
			return err
		}
	}
	return nil
}

// canonicalPrint puts the ranges or items at the end of a printed resource in order.
func canonicalPrint(s string) string {
	i := max(strings.LastIndex(s, ":["), strings.LastIndex(s, ":{"))
	if i < 0 {
		return s
	}
	v, err := ParseValue(s[i+1:])
	if err != nil {
		return s
	}
	return s[:i+1] + v.String()
}

// strict returns every entry with everything about it, mount points included, sorted.
func (r Resources) strict() []string { return strictly(slices.Collect(r.All())...) }

func strictly(list ...Resource) []string {
	out := []string{}
	for _, x := range list {
		x.Reservations = slices.Clone(x.Reservations)
		for i := range x.Reservations {
			x.Reservations[i].Labels.l = x.Reservations[i].Labels.sorted()
		}
		b, err := x.MarshalJSON()
		if err != nil {
			panic(err)
		}
		out = append(out, string(b))
	}
	slices.Sort(out)
	return out
}

func sameLists(got []string, raw json.RawMessage) error {
	var want []Resource
	if string(raw) == "null" {
		return fmt.Errorf("got %v, want none", got)
	}
	p, list, err := oracleList(raw)
	if err != nil {
		return err
	}
	for _, n := range list {
		w, err := p.resource(n)
		if err != nil {
			return err
		}
		r, err := w.convert()
		if err != nil {
			return err
		}
		want = append(want, r)
	}
	if w := strictly(want...); !slices.Equal(got, w) {
		return fmt.Errorf("got  %v\nwant %v", strings.Join(got, "\n     "), strings.Join(w, "\n     "))
	}
	return nil
}

func oracleList(raw json.RawMessage) (*jsonReader, []node, error) {
	n, err := parseJSON(raw)
	if err != nil {
		return nil, nil, err
	}
	list, ok := n.value.([]node)
	if !ok {
		return nil, nil, errors.New("not a list")
	}
	return &jsonReader{text: raw}, list, nil
}
