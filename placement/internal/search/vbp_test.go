package search

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
)

// instance is one vector bin packing instance with identical bins.
type instance struct {
	name     string
	capacity []int64
	items    [][]int64
	optimum  int // -1: unknown
}

const dataDir = "../../../../shared/data/"

func readInstances(t testing.TB, set string) []instance {
	f, err := os.Open(dataDir + "vbp_" + set + ".txt.gz")
	if err != nil {
		t.Skipf("no instances here: %v", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var out []instance
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		out = append(out, parseInstance(t, lines.Text()))
	}
	if lines.Err() != nil {
		t.Fatal(lines.Err())
	}
	return out
}

func parseInstance(t testing.TB, line string) instance {
	parts := strings.Split(line, ";")
	row := func(text string) []int64 {
		var out []int64
		for _, f := range strings.Fields(text) {
			n, err := strconv.ParseInt(f, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, n)
		}
		return out
	}
	in := instance{name: parts[0], capacity: row(parts[3]), optimum: int(row(parts[4])[0])}
	for _, item := range strings.Split(parts[6], ",") {
		in.items = append(in.items, row(item))
		for c, a := range in.items[len(in.items)-1] {
			// A few published triplets need less than nothing of a resource,
			// which no task can: they ask for nothing here, so the optimum
			// of those instances may be above the one published.
			in.items[len(in.items)-1][c] = max(a, 0)
		}
	}
	// The order in the files gives the solution away.
	rng := rand.New(rand.NewPCG(1, 2))
	rng.Shuffle(len(in.items), func(i, j int) { in.items[i], in.items[j] = in.items[j], in.items[i] })
	return in
}

// scored are the instances the bars are about.
func scored(all []instance) []instance {
	var out []instance
	for _, in := range all {
		if strings.HasSuffix(in.name, "_0") && in.optimum > 0 {
			out = append(out, in)
		}
	}
	return out
}

// problem gives every item its own shape unless rows are equal, and as many
// bins as items.
func (in instance) problem() *Problem {
	p := &Problem{Columns: len(in.capacity)}
	shapes := map[string]int32{}
	for _, row := range in.items {
		key := fmt.Sprint(row)
		s, known := shapes[key]
		if !known {
			s = int32(len(shapes))
			shapes[key] = s
			p.Need = append(p.Need, row...)
		}
		p.Shape = append(p.Shape, s)
		p.Free = append(p.Free, in.capacity...)
	}
	return p
}

// binsUsed verifies the packing of an instance without the code under test.
func (in instance) binsUsed(t testing.TB, bin []int32) int {
	t.Helper()
	load := map[int32][]int64{}
	for i, b := range bin {
		if b < 0 || int(b) >= len(in.items) {
			t.Fatalf("%s: item %d is in bin %d", in.name, i, b)
		}
		if load[b] == nil {
			load[b] = make([]int64, len(in.capacity))
		}
		for c, a := range in.items[i] {
			if load[b][c] += a; load[b][c] > in.capacity[c] {
				t.Fatalf("%s: bin %d is over-full", in.name, b)
			}
		}
	}
	return len(load)
}
