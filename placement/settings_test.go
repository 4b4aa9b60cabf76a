package placement

import (
	"reflect"
	"testing"
	"time"
	"unsafe"

	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

// TestSettingsCarryAll fails when a part of the configuration that changes a result is not among the [Settings] that an
// observer sees, or does not come back out of their options.
func TestSettingsCarryAll(t *testing.T) {
	without := map[string]string{
		"running":  "Input.Running",
		"observer": "changes no result",
		"workers":  "changes no result",
		"backoff":  "changes no result but those of later rounds, through Task.ReadyAt",
		"watch":    "of Explain, which is not observed",
	}
	examples := map[reflect.Type]any{
		reflect.TypeFor[Packer]():                     FirstFit(),
		reflect.TypeFor[time.Time]():                  time.Unix(7, 7),
		reflect.TypeFor[func(AgentID) ports.Policy](): func(AgentID) ports.Policy { return ports.BestFit() },
		reflect.TypeFor[map[string]float64]():         map[string]float64{"a": 2},
		reflect.TypeFor[map[string]bool]():            map[string]bool{"r1": true},
		reflect.TypeFor[*limitList]():                 &limitList{all: []Limit{{Owner: "a", Tasks: 2}}},
		reflect.TypeFor[*tierList](): &tierList{all: []Tier{{Priority: 1, Capacity: map[string]resources.Amount{"cpus": 1}}},
			capacity: []map[string]resources.Amount{{"cpus": 1}}},
		reflect.TypeFor[*overcommit](): &overcommit{factors: map[string]resources.Amount{"cpus": 1500}},
		reflect.TypeFor[*headroom]():   &headroom{free: map[string]resources.Amount{"cpus": 1}},
		reflect.TypeFor[disabledSet](): disabledSet{"a": time.Unix(9, 0)},
	}
	var full config
	fields := reflect.ValueOf(&full).Elem()
	for i := range fields.NumField() {
		f := fields.Field(i)
		f = reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem()
		name := fields.Type().Field(i).Name
		example, ok := examples[f.Type()]
		switch {
		case without[name] != "":
		case ok:
			f.Set(reflect.ValueOf(example))
		case f.CanInt():
			f.SetInt(3)
		case f.CanUint():
			f.SetUint(3)
		case f.CanFloat():
			f.SetFloat(0.5)
		case f.Kind() == reflect.Bool:
			f.SetBool(true)
		case f.Kind() == reflect.String:
			f.SetString("rack")
		default:
			t.Fatalf("this test has no example of the option %s", name)
		}
	}
	settings := full.settings()
	for i, s := 0, reflect.ValueOf(settings); i < s.NumField(); i++ {
		if s.Field(i).IsZero() {
			t.Errorf("Settings.%s is not filled", s.Type().Field(i).Name)
		}
	}
	back := newConfig(settings.Options())
	got := reflect.ValueOf(&back).Elem()
	for i := range fields.NumField() {
		name := fields.Type().Field(i).Name
		if without[name] != "" {
			continue
		}
		g, w := got.Field(i), fields.Field(i)
		if w.Kind() == reflect.Func {
			if g.IsNil() {
				t.Errorf("the option %s is lost", name)
			}
			continue
		}
		g = reflect.NewAt(g.Type(), unsafe.Pointer(g.UnsafeAddr())).Elem()
		w = reflect.NewAt(w.Type(), unsafe.Pointer(w.UnsafeAddr())).Elem()
		same := reflect.DeepEqual(g.Interface(), w.Interface())
		if p, ok := w.Interface().(Packer); ok {
			same = packerName(back.packer) == packerName(p)
		}
		if !same {
			t.Errorf("the option %s is %v, and out of the settings that observers see %v", name, w.Interface(), g.Interface())
		}
	}
}
