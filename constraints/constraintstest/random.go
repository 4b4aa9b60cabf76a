package constraintstest

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/resources"
)

// epoch is the time of the random worlds.
var epoch = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

func pick[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }

// wordsOf splits a constraint's text into the words that may be operands.
func wordsOf(text string) []string {
	words := strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_-./:@+", r)
	})
	words = slices.DeleteFunc(words, func(w string) bool { return strings.HasPrefix(w, "@") })
	slices.Sort(words)
	return slices.Compact(words)
}

func groups(words []string) []string { return append([]string{"own", "other", ""}, words...) }

// randomWorld makes a few agents with the attributes that reads declares, and puts a few
// tasks on them.
func randomWorld(rng *rand.Rand, reads constraints.Reads, words []string) *World {
	names := append([]string{"noise"}, reads.Attributes...)
	for _, c := range reads.Counts {
		names = append(names, c.By)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	ids := append([]string{"m1", "m2", "m3", "m4", "m5"}, words...)
	rng.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	var agents []Agent
	for _, id := range ids[:1+rng.IntN(min(6, len(ids)))] {
		agents = append(agents, randomAgent(rng, id, names, words))
	}
	w := New(agents...)
	w.Lasts = time.Duration(rng.IntN(4)) * time.Hour
	if rng.IntN(4) > 0 {
		w.Now = epoch
	}
	for range rng.IntN(8) {
		w.Place(pick(rng, groups(words)), pick(rng, w.Agents()))
	}
	for _, g := range groups(words) {
		w.Pending[g] = rng.IntN(6)
	}
	return w
}

func randomAgent(rng *rand.Rand, id string, names, words []string) Agent {
	a := Agent{ID: id}
	if rng.IntN(4) == 0 {
		a.Hostname = pick(rng, append([]string{"host"}, words...))
	}
	for _, name := range names {
		if name != "" && rng.IntN(4) > 0 {
			a.More = append(a.More, resources.Attribute{Name: name, Value: randomValue(rng, words)})
		}
	}
	if rng.IntN(3) == 0 {
		start := epoch.Add(time.Duration(rng.IntN(7)-3) * time.Hour)
		a.Down = &Window{Start: start}
		if rng.IntN(2) == 0 {
			a.Down.End = start.Add(time.Duration(1+rng.IntN(3)) * time.Hour)
		}
	}
	return a
}

func randomValue(rng *rand.Rand, words []string) resources.Value {
	word := pick(rng, append([]string{"r1", "r2"}, words...))
	switch rng.IntN(8) {
	case 0:
		return resources.ScalarOf(resources.Amount(rng.IntN(12)) * resources.One / 2)
	case 1:
		return resources.ScalarOf(resources.Amount(epoch.Unix()-rng.Int64N(30)*3600) * resources.One)
	case 2:
		begin := rng.Uint64N(5)
		r, err := resources.NewRanges(resources.Range{Begin: begin, End: begin + rng.Uint64N(5)})
		if err == nil {
			return resources.RangesOf(r)
		}
	case 3:
		return resources.SetOf(resources.MustSet(word, word+"x"))
	case 4:
		if a, err := resources.ParseAmount(word); err == nil {
			return resources.ScalarOf(a + resources.Amount(rng.IntN(3)-1))
		}
	}
	return resources.TextOf(word)
}
