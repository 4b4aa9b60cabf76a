// Mutate asks whether the tests would notice a change. It makes small changes to Go files, one at a time and
// without touching the files (go's -overlay), runs the tests, and counts the changes that the tests reject.
//
//	go -C tools run ./mutate -dir .. -sample 300 -tests ./resources 'resources/*.go'
//
// Changes that do not compile are not counted. What survives is listed by file, line and change: either a test is
// missing there, or the change makes no difference.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

type config struct {
	dir     string
	tests   []string
	first   string
	gcflags string
	exec    []string
	limit   time.Duration
	workers int
	args    []string // of the test binaries
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("mutate: ")
	var c config
	tests := flag.String("tests", ".", "folders of the packages whose tests are run, separated by commas; the first that fails decides")
	sample := flag.Int("sample", 0, "how many changes to try, drawn at random; 0 is all of them")
	seed := flag.Uint64("seed", 1, "seed of the sample")
	short := flag.Bool("short", true, "run the tests with -short")
	flag.StringVar(&c.dir, "dir", ".", "folder of the module")
	flag.StringVar(&c.first, "first", "", "tests to run before all tests, like go test -run: quick ones that reject much")
	flag.StringVar(&c.gcflags, "gcflags", "", "flags for the compiler; \"-N -l\" saves a third of its time, where tests count no allocations")
	wrapper := flag.String("exec", "", "what runs a test binary; by it a change that eats memory can be held, as with \"prlimit --as=4000000000\"")
	flag.DurationVar(&c.limit, "limit", time.Minute, "time for one run of the tests; a run that takes longer counts as a rejection")
	flag.IntVar(&c.workers, "workers", 2, "how many changes to try at a time")
	flag.Parse()
	c.tests, c.exec = strings.Split(*tests, ","), strings.Fields(*wrapper)
	c.args = []string{"-test.failfast", "-test.timeout", c.limit.String()}
	if *short {
		c.args = append(c.args, "-test.short")
	}
	mutants, err := collect(c.dir, flag.Args())
	if err != nil {
		log.Fatal(err)
	}
	if n := *sample; n > 0 && n < len(mutants) {
		rand.New(rand.NewPCG(*seed, 0)).Shuffle(len(mutants), func(i, j int) { mutants[i], mutants[j] = mutants[j], mutants[i] })
		mutants = mutants[:n]
	}
	if err := c.report(mutants); err != nil {
		log.Fatal(err)
	}
}

// collect finds all changes to the files that the patterns name.
func collect(dir string, patterns []string) ([]mutant, error) {
	var mutants []mutant
	for _, pattern := range patterns {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			found, err := mutantsOf(file)
			if err != nil {
				return nil, err
			}
			mutants = append(mutants, found...)
		}
	}
	if len(mutants) == 0 {
		return nil, errors.New("nothing to change in the files given")
	}
	return mutants, nil
}

func (c *config) report(mutants []mutant) error {
	work, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if c.test(filepath.Join(work, "none")) != survived {
		return errors.New("the tests fail, or do not compile, without any change")
	}
	outcomes := make([]outcome, len(mutants))
	next := make(chan int)
	var group sync.WaitGroup
	for range c.workers {
		group.Go(func() {
			for i := range next {
				outcomes[i] = c.try(mutants[i], filepath.Join(work, fmt.Sprint(i)))
				fmt.Printf("%s %s\n", outcomes[i], mutants[i])
			}
		})
	}
	for i := range mutants {
		next <- i
	}
	close(next)
	group.Wait()
	var count [3]int
	for _, o := range outcomes {
		count[o]++
	}
	fmt.Printf("\n%d changes that compile, %d rejected by the tests: %.1f %%\n", count[killed]+count[survived], count[killed],
		100*float64(count[killed])/float64(max(count[killed]+count[survived], 1)))
	return nil
}

type outcome int

const (
	killed outcome = iota
	survived
	invalid
)

func (o outcome) String() string { return [...]string{"rejected", "SURVIVED", "invalid "}[o] }

// try runs the tests against one change.
func (c *config) try(m mutant, work string) outcome {
	changed := work + ".go"
	overlay := work + ".json"
	path, err := filepath.Abs(m.file)
	if err != nil {
		return invalid
	}
	text, _ := json.Marshal(map[string]any{"Replace": map[string]string{path: changed}})
	if os.WriteFile(changed, m.apply(), 0o600) != nil || os.WriteFile(overlay, text, 0o600) != nil {
		return invalid
	}
	return c.test(work, "-overlay", overlay)
}

// test builds the tests, package by package, and runs them.
func (c *config) test(work string, flags ...string) outcome {
	binary := work + ".test"
	defer os.Remove(binary)
	for _, tests := range c.tests {
		args := append([]string{"test", "-c", "-o", binary, "-vet=off", "-ldflags=-s -w", "-gcflags=" + c.gcflags}, flags...)
		if !c.run(c.dir, "go", append(args, tests)...) {
			return invalid // what does not compile does not compile in the first package
		}
		folder := filepath.Join(c.dir, tests)
		if c.first != "" && !c.run(folder, binary, append(c.args, "-test.run", c.first)...) || !c.run(folder, binary, c.args...) {
			return killed
		}
	}
	return survived
}

// run runs a program in a folder and says whether it succeeded.
func (c *config) run(folder, program string, args ...string) bool {
	if program != "go" {
		args = slices.Concat(c.exec, []string{program}, args)
		program, args = args[0], args[1:]
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*c.limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = folder
	cmd.WaitDelay = time.Second
	return cmd.Run() == nil
}
