package trace_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/berth-go/berth/bench/trace"
	"github.com/berth-go/berth/bench/workload"
	"github.com/berth-go/berth/placement"
)

// BenchmarkRecorder measures what recording costs the rounds: record=off without, record=default with a recorder as it comes,
// record=taken rounds that are all recorded, by a recorder that is waited for after each: run that for some hundred rounds, -benchtime 300x.
// Rounds with and without take turns, in the order without, with, with, without, so that what else the machine does falls on both. slower-% compares their sums, median-slower-% and p95-slower-% what most rounds notice, and the slowest.
func BenchmarkRecorder(b *testing.B) {
	for _, s := range []struct{ agents, tasks int }{{1_000, 10_000}, {10_000, 100_000}} {
		w := workload.Mixed(s.agents, s.tasks, 1)
		name := fmt.Sprintf("agents=%d/tasks=%d", s.agents, s.tasks)
		measureRecording(b, name+"/round=assign", func() func(placement.Option) time.Duration {
			return func(o placement.Option) time.Duration {
				start := time.Now()
				if _, err := placement.Assign(w.Offers, w.Tasks, placement.WithPacker(placement.FirstFit()), o); err != nil {
					b.Fatal(err)
				}
				return time.Since(start)
			}
		})
		measureRecording(b, name+"/round=churn", func() func(placement.Option) time.Duration { return churn(b, w, 100) })
		measureRecording(b, name+"/round=idle", func() func(placement.Option) time.Duration { return churn(b, w, 0) })
	}
}

// measureRecording runs the benchmarks of one sort of round.
func measureRecording(b *testing.B, name string, make func() func(placement.Option) time.Duration) {
	var round func(placement.Option) time.Duration
	for _, r := range []struct {
		name    string
		options *trace.Options
		wait    bool
	}{{"off", nil, false}, {"default", &trace.Options{}, false}, {"taken", &trace.Options{Overhead: 1e6}, true}} {
		b.Run(name+"/record="+r.name, func(b *testing.B) {
			if round == nil {
				round = make()
			}
			var observe placement.Option
			recorder := trace.NewRecorder(io.Discard, trace.Options{})
			if r.options != nil {
				recorder = trace.NewRecorder(io.Discard, *r.options)
				observe = placement.WithObserver(recorder)
			}
			for r.wait && recorder.Counts().Recorded == 0 { // an engine looks at what runs first
				round(observe)
				recorder.Wait()
			}
			rng := rand.New(rand.NewPCG(1, 1))
			var took [2][]time.Duration // without and with
			for i := range 2 * b.N {
				// Neither what is written, which has been through the caches, nor what an engine or a recorder do from time to time is to fall on
				// rounds of one sort.
				for until := time.Now().Add(time.Duration(rng.IntN(8)) * time.Millisecond); r.wait; {
					round(nil)
					if time.Now().After(until) {
						break
					}
				}
				with := (i/2 + i) & 1
				took[with] = append(took[with], round([]placement.Option{nil, observe}[with]))
				if r.wait && with == 1 {
					recorder.Wait()
				}
			}
			report(b, took)
			if err := recorder.Close(); err != nil {
				b.Fatal(err)
			}
			c := recorder.Counts()
			b.ReportMetric(float64(c.Recorded)/float64(max(1, c.Seen)), "recorded/round")
		})
	}
}

func report(b *testing.B, took [2][]time.Duration) {
	slower := func(unit string, of func([]time.Duration) time.Duration) {
		b.ReportMetric(100*(float64(of(took[1]))/float64(of(took[0]))-1), unit)
	}
	slower("slower-%", sum)
	slower("median-slower-%", func(d []time.Duration) time.Duration { return quantile(d, 0.5) })
	slower("p95-slower-%", func(d []time.Duration) time.Duration { return quantile(d, 0.95) })
	b.ReportMetric(float64(quantile(took[0], 0.5)), "ns/round")
}

func sum(all []time.Duration) (d time.Duration) {
	for _, x := range all {
		d += x
	}
	return d
}

func quantile(all []time.Duration, q float64) time.Duration {
	return slices.Sorted(slices.Values(all))[int(q*float64(len(all)))]
}

// churn is a round of an engine that holds all running tasks of a workload, of which some end and as many new ones come.
func churn(b testing.TB, w *workload.Workload, change int) func(placement.Option) time.Duration {
	offers := slices.Clone(w.Offers)
	for i := range offers {
		offers[i].Standing = true
	}
	e := placement.NewEngine(placement.WithPacker(placement.FirstFit()))
	if err := e.AddOffers(offers...); err != nil {
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
		e.Ended(live[:change]...)
		live = live[change:]
		for range change {
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
