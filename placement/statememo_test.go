package placement

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestStateMemo compares it with a map, across growing and being cleared when it is full.
func TestStateMemo(t *testing.T) {
	m, twin := newStateMemo(), map[string]float64{}
	rng := rand.New(rand.NewPCG(1, 2))
	long := strings.Repeat("k", maxMemoKeys/1000)
	cleared := 0
	for i := range 40_000 {
		key := fmt.Sprint(rng.IntN(10_000))
		if i > 30_000 {
			key += long
		}
		s, known := m.find([]byte(key))
		want, ok := twin[key]
		if known != ok || (known && s.worth != want) {
			t.Fatalf("%d: %.10q: %v, %v; want %v, %v", i, key, s.worth, known, want, ok)
		}
		if known {
			continue
		}
		m.put(s, []byte(key), float64(i))
		if twin[key] = float64(i); m.count == 0 {
			clear(twin)
			cleared++
		}
	}
	if cleared == 0 || len(m.slots) < 1<<12 {
		t.Errorf("cleared %d times, %d slots", cleared, len(m.slots))
	}
}
