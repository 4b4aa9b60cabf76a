package placement

import "encoding/binary"

// groups finds bins that are in the same state because nothing has happened to them yet, so that a score
// that depends on the state alone is worked out once for all of them.
type groups struct {
	of    []int32 // per bin, -1 once it was touched
	score []grouped
}

// grouped is the score of a group for the shape it was last asked about, plus one.
type grouped struct {
	shape int32
	fits  bool
	score float64
}

func newGroups(r *Round, k *kits) *groups {
	g := &groups{of: make([]int32, len(r.bins))}
	ids := map[string]int32{}
	var key []byte
	for b := range g.of {
		key = binary.AppendUvarint(key[:0], uint64(k.at(int32(b)).id))
		for _, a := range r.freeRow(int32(b)) {
			key = binary.AppendVarint(key, a)
		}
		for _, a := range r.capacityRow(int32(b)) {
			key = binary.AppendVarint(key, a)
		}
		for j := range r.bins[b].units {
			u := &r.bins[b].units[j]
			key = append(binary.AppendVarint(key, int64(u.free)), flag(u.users > 0))
			key = append(binary.AppendUvarint(key, uint64(len(u.tag))), u.tag...)
		}
		id, ok := ids[string(key)]
		if !ok {
			id = int32(len(ids))
			ids[string(key)] = id
		}
		g.of[b] = id
	}
	g.score = make([]grouped, len(ids))
	return g
}

// at is where the score of a bin's group is kept, nil if the bin is in none.
func (g *groups) at(b int32) *grouped {
	if g == nil || int(b) >= len(g.of) || g.of[b] < 0 {
		return nil
	}
	return &g.score[g.of[b]]
}

func (g *groups) leave(b int32) {
	if g != nil && int(b) < len(g.of) {
		g.of[b] = -1
	}
}
