package placement

import (
	"math/rand/v2"
	"strconv"
	"testing"
)

// TestIDTable compares the table with a map, while IDs are put in, found and taken out. Tables are small, so that IDs often have to move up,
// and from the end to the start.
func TestIDTable(t *testing.T) {
	g := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		var rows []string
		table := newIDTable(g.IntN(8), func(row int32) string { return rows[row] })
		want := map[string]int32{}
		most := 1 + g.IntN(40)
		for range 200 {
			id := strconv.Itoa(g.IntN(most))
			row, has := want[id]
			if got, ok := table.find(id); ok != has || ok && got != row {
				t.Fatalf("%q: found %d, %v, want %d, %v", id, got, ok, row, has)
			}
			switch g.IntN(3) {
			case 0:
				if got, ok := table.remove(id); ok != has || ok && got != row {
					t.Fatalf("%q: removed %d, %v, want %d, %v", id, got, ok, row, has)
				}
				if delete(want, id); has {
					rows[row] = "" // as of one that left
				}
			default:
				if rows = append(rows, id); table.add(id, int32(len(rows)-1)) == has {
					t.Fatalf("%q is new: %v, want %v", id, has, !has)
				}
				if !has {
					want[id] = int32(len(rows) - 1)
				}
			}
			if table.taken != len(want) {
				t.Fatalf("%d are taken, want %d", table.taken, len(want))
			}
		}
	}
}
