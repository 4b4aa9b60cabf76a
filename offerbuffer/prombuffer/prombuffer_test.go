package prombuffer_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/berth-go/berth/offerbuffer"
	"github.com/berth-go/berth/offerbuffer/prombuffer"
	"github.com/berth-go/berth/placement"
)

func Example() {
	buffer, _ := offerbuffer.New(offerbuffer.Config{MaxHold: time.Minute})
	now := time.Unix(0, 0)
	_ = buffer.Add(now, placement.Offer{ID: "o1", Agent: "a"}, placement.Offer{ID: "o2", Agent: "b"})
	buffer.Tick(now)
	_ = buffer.Used("o1")
	buffer.Tick(now.Add(time.Minute))

	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(prombuffer.NewCollector(buffer.Stats))
	families, err := registry.Gather()
	if err != nil {
		fmt.Println(err)
	}
	for _, f := range families {
		for _, m := range f.Metric {
			label := ""
			for _, l := range m.Label {
				label += " " + l.GetValue()
			}
			if v := m.GetCounter().GetValue(); v > 0 {
				fmt.Println(f.GetName()+label, v)
			}
			if h := m.GetHistogram(); h != nil {
				fmt.Println(f.GetName(), h.GetSampleCount(), h.GetSampleSum(), len(h.Bucket))
			}
		}
	}
	// Output:
	// offerbuffer_added_total 2
	// offerbuffer_declined_total held for the maximum time 1
	// offerbuffer_ended_total declined 1
	// offerbuffer_ended_total used 1
	// offerbuffer_held_seconds 2 60 9
	// offerbuffer_released_total at once 2
}

// TestDescribed checks that everything collected is described, also without any offers.
func TestDescribed(t *testing.T) {
	buffer, err := offerbuffer.New(offerbuffer.Config{})
	if err != nil {
		t.Fatal(err)
	}
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(prombuffer.NewCollector(buffer.Stats))
	if _, err := registry.Gather(); err != nil {
		t.Error(err)
	}
}
