package trace_test

import (
	"context"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/berth-go/berth/bench/trace"
	"github.com/berth-go/berth/bench/workload"
	"github.com/berth-go/berth/placement"
)

// BenchmarkRecorder measures what recording costs the rounds: record=off without, record=default with a recorder as it comes,
// record=taken rounds that are all recorded, each by a recorder of its own that works on in the background.
// Rounds with and without take turns, so that what else the machine does falls on both; slower-% compares their sums.
func BenchmarkRecorder(b *testing.B) {
	w := workload.Mixed(1_000, 10_000, 1)
	assign := func(o placement.Option) time.Duration {
		start := time.Now()
		if _, err := placement.Assign(w.Offers, w.Tasks, placement.WithPacker(placement.FirstFit()), o); err != nil {
			b.Fatal(err)
		}
		return time.Since(start)
	}
	measure := func(name string, round func(observer placement.Option) time.Duration, observer func() (placement.Option, func() trace.Counts)) {
		b.Run("agents=1000/tasks=10000/"+name, func(b *testing.B) {
			var with, without time.Duration
			recorded, seen := uint64(0), uint64(0)
			o, done := observer()
			for i := range 2 * b.N {
				if i%2 == 0 {
					without += round(nil)
					continue
				}
				with += round(o)
				if name == "round=assign/record=taken" {
					b.StopTimer()
					c := done()
					recorded, seen = recorded+c.Recorded, seen+c.Seen
					o, done = observer()
					b.StartTimer()
				}
			}
			c := done()
			recorded, seen = recorded+c.Recorded, seen+c.Seen
			b.ReportMetric(100*(float64(with)/float64(without)-1), "slower-%")
			b.ReportMetric(float64(recorded)/float64(max(1, seen)), "recorded/round")
		})
	}
	recorder := func() (placement.Option, func() trace.Counts) {
		r := trace.NewRecorder(io.Discard, trace.Options{})
		return placement.WithObserver(r), func() trace.Counts {
			if err := r.Close(); err != nil {
				b.Fatal(err)
			}
			return r.Counts()
		}
	}
	off := func() (placement.Option, func() trace.Counts) {
		return nil, func() trace.Counts { return trace.Counts{} }
	}
	measure("round=assign/record=off", assign, off)
	measure("round=assign/record=default", assign, recorder)
	measure("round=assign/record=taken", assign, recorder)
	engine := churn(b, w)
	measure("round=churn/record=off", engine, off)
	measure("round=churn/record=default", engine, recorder)
}

// churn is a round of an engine that holds 10,000 running tasks, of which 100 end and 100 new ones come.
func churn(b *testing.B, w *workload.Workload) func(placement.Option) time.Duration {
	for i := range w.Offers {
		w.Offers[i].Standing = true
	}
	e := placement.NewEngine(placement.WithPacker(placement.FirstFit()))
	if err := e.AddOffers(w.Offers...); err != nil {
		b.Fatal(err)
	}
	if err := e.Submit(w.Tasks...); err != nil {
		b.Fatal(err)
	}
	var live []placement.TaskID
	next := 0
	run := func(o placement.Option) time.Duration {
		start := time.Now()
		result, err := e.Assign(context.Background(), o)
		if err != nil {
			b.Fatal(err)
		}
		took := time.Since(start)
		for _, a := range result.Assignments {
			live = append(live, a.Task)
		}
		return took
	}
	run(nil)
	return func(o placement.Option) time.Duration {
		e.Ended(live[:100]...)
		live = live[100:]
		for range 100 {
			t := w.Tasks[next%len(w.Tasks)]
			t.ID = placement.TaskID(fmt.Sprint("more-", next))
			next++
			if err := e.Submit(t); err != nil {
				b.Fatal(err)
			}
		}
		return run(o)
	}
}
