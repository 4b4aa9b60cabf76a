package proptest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/placement/placementtest"
	"github.com/berth-go/berth/resources"
)

// source writes a value as Go code, to be pasted into a test: what a law found becomes a row of a table.
func source(v any) string {
	var b strings.Builder
	writeSource(&b, reflect.ValueOf(v), "")
	return b.String()
}

// spelled are the types that are written by what parses them.
func spelled(v any) (string, bool) {
	switch v := v.(type) {
	case resources.Resources:
		text := v.String()
		if back, err := resources.Parse(text); err != nil || !back.Equal(v) {
			return "resources.Must(" + source(slices.Collect(v.All())) + "...)", true
		}
		return fmt.Sprintf("resources.MustParse(%s)", quote(text)), true
	case resources.Quantities:
		return fmt.Sprintf("resources.MustQuantities(%s)", quote(v.String())), true
	case resources.Attributes:
		return fmt.Sprintf("resources.MustAttributes(%s)", quote(v.String())), true
	case resources.Ranges:
		return fmt.Sprintf("resources.MustRanges(%s)", quote(v.String())), true
	case resources.Value:
		switch v.Kind() {
		case resources.KindScalar:
			return fmt.Sprintf("resources.ScalarOf(%d)", int64(v.Amount())), true
		case resources.KindRanges:
			return "resources.RangesOf(" + source(v.Ranges()) + ")", true
		case resources.KindSet:
			return "resources.SetOf(resources.MustSet(" + source(slices.Collect(v.Set().All())) + "...))", true
		}
		return "resources.TextOf(" + quote(v.Text()) + ")", true
	case resources.Optional:
		text, _ := v.Get()
		return "resources.Some(" + quote(text) + ")", true
	case resources.Labels:
		var labels []resources.Label
		for i := range v.Len() {
			labels = append(labels, v.At(i))
		}
		return "resources.NewLabels(" + source(labels) + "...)", true
	case constraints.Constraint:
		if text := v.String(); strings.HasPrefix(text, "placementtest.") {
			return text, true
		}
		return fmt.Sprintf("constraints.Must(constraints.ParseOne(%s))", quote(v.String())), true
	case time.Time:
		v = v.UTC()
		return fmt.Sprintf("time.Date(%d, %d, %d, %d, %d, %d, %d, time.UTC)", v.Year(), v.Month(), v.Day(), v.Hour(), v.Minute(), v.Second(), v.Nanosecond()), true
	}
	return "", false
}

func quote(text string) string {
	if strings.Contains(text, `"`) && !strings.Contains(text, "`") {
		return "`" + text + "`"
	}
	return fmt.Sprintf("%q", text)
}

// writeSource leaves fields out that are zero.
func writeSource(b *strings.Builder, v reflect.Value, indent string) {
	if !v.IsValid() {
		b.WriteString("nil")
		return
	}
	if v.CanInt() {
		b.WriteString(strconv.FormatInt(v.Int(), 10))
		return
	}
	if v.CanUint() {
		b.WriteString(strconv.FormatUint(v.Uint(), 10))
		return
	}
	if text, ok := spelled(v.Interface()); ok && !(v.Kind() == reflect.Interface && v.IsNil()) {
		b.WriteString(text)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		b.WriteString(v.Type().String() + "{")
		sep := ""
		for i := range v.NumField() {
			if !v.Field(i).IsZero() {
				b.WriteString(sep + v.Type().Field(i).Name + ": ")
				writeSource(b, v.Field(i), indent)
				sep = ", "
			}
		}
		b.WriteString("}")
	case reflect.Slice:
		b.WriteString(v.Type().String() + "{")
		lines := v.Type().Elem().Kind() == reflect.Struct && indent == ""
		for i := range v.Len() {
			switch {
			case lines:
				b.WriteString("\n\t")
			case i > 0:
				b.WriteString(", ")
			}
			writeSource(b, v.Index(i), "\t")
			if lines {
				b.WriteString(",")
			}
		}
		if lines {
			b.WriteString("\n")
		}
		b.WriteString("}")
	case reflect.Pointer:
		b.WriteString("&")
		writeSource(b, v.Elem(), indent)
	case reflect.Interface:
		writeSource(b, v.Elem(), indent)
	case reflect.String:
		b.WriteString(quote(v.String()))
	default: // numbers and truth values, whatever their types print themselves as
		fmt.Fprintf(b, "%#v", v)
	}
}

// TestSource: the code that is printed compiles, and makes the input again.
func TestSource(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	const program = `package main

import (
	"fmt"
	"time"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/placement/placementtest"
	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

var (
	_ ports.Request
	_ resources.Amount
	_ constraints.Constraint
	_ time.Time
)

func show(in placementtest.Input) {
	res, err := placement.Assign(in.Offers, in.Tasks, in.Options(placement.WithPacker(placement.BestFit()))...)
	fmt.Printf("%%+v %%v\n", res.Assignments, err)
}

func main() {
%s}
`
	var calls, want strings.Builder
	for seed := range uint64(25) {
		in := placementtest.Generate(seed, rich)
		fmt.Fprintf(&calls, "\tshow(%s)\n", source(in))
		res, err := placement.Assign(in.Offers, in.Tasks, in.Options(placement.WithPacker(placement.BestFit()))...)
		fmt.Fprintf(&want, "%+v %v\n", res.Assignments, err)
	}
	dir, err := os.MkdirTemp(".", "testdata-source")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "main.go"), fmt.Appendf(nil, program, calls.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := exec.Command("go", "run", "./"+dir).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %.3000s", err, got)
	}
	if string(got) != want.String() {
		t.Errorf("the code printed makes other inputs: got\n%.2000s\nwant\n%.2000s", got, want.String())
	}
}
