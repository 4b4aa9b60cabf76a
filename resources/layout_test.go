package resources_test

import (
	"slices"
	"testing"

	"github.com/berth-go/berth/resources"
)

func TestLayoutIsOfPlainScalarsAndRanges(t *testing.T) {
	for text, want := range map[string]bool{
		"cpus:2;mem:512;ports:[1-2]": true,
		"":                           true,
		"cpus:2;zones:{a,b}":         false,
		"cpus(role):2;mem:512":       false,
		"cpus:2;cpus(role):2":        false,
	} {
		if _, ok := resources.MustParse(text).Layout(); ok != want {
			t.Errorf("%q has a layout: %v, want %v", text, ok, want)
		}
	}
	twice := resources.MustParse("x:1").Plus(resources.MustParse("x:[1-2]"))
	if _, ok := twice.Layout(); ok || twice.Len() != 2 {
		t.Errorf("%v has a layout", twice)
	}
	if l, _ := resources.MustParse("cpus:2;mem:512;ports:[1-2]").Layout(); l.Scalars() != 2 || l.Ranges() != 1 {
		t.Errorf("%d scalars and %d ranges, want 2 and 1", l.Scalars(), l.Ranges())
	}
}

func TestLayoutReads(t *testing.T) {
	l, _ := resources.MustParse("cpus:2;load:1;mem:512;ports:[1-2];spans:[5-6];tape:1").Layout()
	const none = -1
	for _, c := range []struct {
		text    string
		amounts []int64 // of cpus, load, mem, tape
		ports   string
		spans   string
		ok      bool
	}{
		{"cpus:2;load:1;mem:512;ports:[1-2];spans:[5-6];tape:1", []int64{2000, 1000, 512_000, 1000}, "[1-2]", "[5-6]", true},
		{"load:0.5;spans:[7-9];tape:3", []int64{none, 500, none, 3000}, "[0-0]", "[7-9]", true},
		{"ports:[31000-32000]", []int64{none, none, none, none}, "[31000-32000]", "[0-0]", true},
		{"", []int64{none, none, none, none}, "[0-0]", "[0-0]", true},
		{"cpus:1;disk:2", nil, "", "", false},
		{"aaa:1;cpus:1", nil, "", "", false},
		{"cpus:1;zzz:1", nil, "", "", false},
		{"cpus:[1-2]", nil, "", "", false},
		{"cpus(role):1", nil, "", "", false},
		{"cpus:1;mem:70368744177.665", nil, "", "", false},
	} {
		nothing := resources.MustRanges("[0-0]")
		amounts, ranges := []int64{none, none, none, none}, []resources.Ranges{nothing, nothing}
		ok := l.Read(resources.MustParse(c.text), amounts, ranges)
		if ok != c.ok {
			t.Errorf("%q: %v, want %v", c.text, ok, c.ok)
		} else if ok && (!slices.Equal(amounts, c.amounts) || ranges[0].String() != c.ports || ranges[1].String() != c.spans) {
			t.Errorf("%q: %v and %v, want %v, %s and %s", c.text, amounts, ranges, c.amounts, c.ports, c.spans)
		}
	}
}
