package trace_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/berth-go/berth/bench/trace"
	"github.com/berth-go/berth/bench/workload"
	"github.com/berth-go/berth/placement"
)

// BenchmarkRecorder measures what recording costs the rounds: record=off without, record=default with a recorder as it comes,
// record=taken rounds that are all recorded, by a recorder that is waited for between rounds.
// Rounds with and without take turns, so that what else the machine does falls on both; slower-% compares their sums,
// median-slower-% their medians, which is what most rounds notice.
func BenchmarkRecorder(b *testing.B) {
	w := workload.Mixed(1_000, 10_000, 1)
	assign := func(o placement.Option) time.Duration {
		start := time.Now()
		if _, err := placement.Assign(w.Offers, w.Tasks, placement.WithPacker(placement.FirstFit()), o); err != nil {
			b.Fatal(err)
		}
		return time.Since(start)
	}
	measure := func(name string, round func(observer placement.Option) time.Duration, observer func() (o placement.Option, wait func(), done func() trace.Counts)) {
		b.Run("agents=1000/tasks=10000/"+name, func(b *testing.B) {
			var with, without []time.Duration
			o, wait, done := observer()
			for i := range 2 * b.N {
				if i%2 == 0 {
					without = append(without, round(nil))
					continue
				}
				with = append(with, round(o))
				b.StopTimer()
				wait()
				b.StartTimer()
			}
			c := done()
			b.ReportMetric(100*(float64(sum(with))/float64(sum(without))-1), "slower-%")
			b.ReportMetric(100*(float64(median(with))/float64(median(without))-1), "median-slower-%")
			b.ReportMetric(float64(c.Recorded)/float64(max(1, c.Seen)), "recorded/round")
		})
	}
	recorder := func(o trace.Options, wait bool) func() (placement.Option, func(), func() trace.Counts) {
		return func() (placement.Option, func(), func() trace.Counts) {
			r := trace.NewRecorder(io.Discard, o)
			return placement.WithObserver(r), func() {
					for c := r.Counts(); wait && c.Recorded < c.Seen; c = r.Counts() {
						time.Sleep(time.Millisecond)
					}
				}, func() trace.Counts {
					if err := r.Close(); err != nil {
						b.Fatal(err)
					}
					return r.Counts()
				}
		}
	}
	off := func() (placement.Option, func(), func() trace.Counts) {
		return nil, func() {}, func() trace.Counts { return trace.Counts{} }
	}
	usual, taken := recorder(trace.Options{}, false), recorder(trace.Options{Overhead: 1e6}, true)
	measure("round=assign/record=off", assign, off)
	measure("round=assign/record=default", assign, usual)
	measure("round=assign/record=taken", assign, taken)
	engine := churn(b, w)
	measure("round=churn/record=off", engine, off)
	measure("round=churn/record=default", engine, usual)
	measure("round=churn/record=taken", engine, taken)
}

func sum(all []time.Duration) (d time.Duration) {
	for _, x := range all {
		d += x
	}
	return d
}

func median(all []time.Duration) time.Duration {
	return slices.Sorted(slices.Values(all))[len(all)/2]
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
