package offersim

import (
	"context"
	"runtime"
	"sync"
)

// RunAll runs every policy on so many clusters, with the seed of the configuration and those that follow it, and merges the
// results of a policy. Runs share the processors; the results do not depend on how many there are. Step is called after each run.
func RunAll(ctx context.Context, c Config, policies []Policy, runs int, step func()) ([]Result, error) {
	type job struct{ policy, run int }
	jobs := make(chan job)
	results := make([][]Result, len(policies))
	errs := make([]error, len(policies)*runs)
	for p := range results {
		results[p] = make([]Result, runs)
	}
	var workers sync.WaitGroup
	var stepping sync.Mutex
	for range min(runtime.GOMAXPROCS(0), len(errs)) {
		workers.Go(func() {
			for j := range jobs {
				own := c
				own.Seed += uint64(j.run)
				results[j.policy][j.run], errs[j.policy*runs+j.run] = Run(ctx, own, policies[j.policy])
				stepping.Lock()
				step()
				stepping.Unlock()
			}
		})
	}
	for p := range policies {
		for run := range runs {
			jobs <- job{p, run}
		}
	}
	close(jobs)
	workers.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	merged := make([]Result, len(policies))
	for p := range policies {
		merged[p] = Merge(results[p])
	}
	return merged, nil
}
