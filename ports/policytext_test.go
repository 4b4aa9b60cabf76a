package ports_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/berth-go/berth/ports"
)

func TestPolicyText(t *testing.T) {
	for text, p := range map[string]ports.Policy{
		"lowest":                       ports.LowestFirst(),
		"bestfit":                      ports.BestFit(),
		"random(18446744073709551615)": ports.Random(1<<64 - 1),
		"avoidrecent(1024;8000)":       ports.AvoidRecent(ports.NewRecent(1024).Use(8000)),
		"avoidrecent(0)":               ports.AvoidRecent(ports.Recent{}),
		"avoidrecent(3;8001,8000,0)":   ports.AvoidRecent(ports.NewRecent(3).Use(9, 8001, 8000, 0)),
	} {
		got, err := p.MarshalText()
		if err != nil || string(got) != text {
			t.Errorf("MarshalText of %s: %q, %v", text, got, err)
		}
		back := ports.Random(7) // is overwritten, even by the zero value
		if err := back.UnmarshalText(got); err != nil || !reflect.DeepEqual(back, p) {
			t.Errorf("UnmarshalText(%s): %v, %v", text, back, err)
		}
	}
	p := ports.BestFit()
	if err := p.UnmarshalText(nil); err != nil || !reflect.DeepEqual(p, ports.LowestFirst()) {
		t.Errorf("the empty text is read as %v, %v", p, err)
	}
	for _, text := range []string{"highest", "random", "random()", "random(-1)", "random(1", "lowest(1)", "avoidrecent", "avoidrecent()",
		"avoidrecent(-1)", "avoidrecent(2;)", "avoidrecent(2;1,2,3)", "avoidrecent(0;1,1)", "avoidrecent(0;65536)", "avoidrecent)"} {
		if err := p.UnmarshalText([]byte(text)); !errors.Is(err, ports.ErrPolicy) {
			t.Errorf("UnmarshalText(%q): %v", text, err)
		}
	}
}

func FuzzPolicyText(f *testing.F) {
	f.Add("avoidrecent(3;8001,8000,0)")
	f.Add("random(7)")
	f.Fuzz(func(t *testing.T, text string) {
		var p, back ports.Policy
		if p.UnmarshalText([]byte(text)) != nil {
			return
		}
		written, _ := p.MarshalText()
		if err := back.UnmarshalText(written); err != nil || !reflect.DeepEqual(back, p) {
			t.Fatalf("%q reads as %q, which does not read back: %v", text, written, err)
		}
	})
}
