package placement

import (
	"encoding/binary"

	"github.com/berth-go/berth/resources"
)

// kit is what device units a bin has, whatever their state, and its role. Bins with equal kits share one, so
// that what follows from it is worked out once.
type kit struct {
	id     int32
	roleID int32
	makes  []int32 // per unit
}

// unitMake is what units of one make have in common.
type unitMake struct {
	kind, model string
	capacity    resources.Amount
}

// kits interns the kits of a round's bins.
type kits struct {
	round *Round
	list  []*kit
	byKey map[string]int32
	of    []*kit // per bin, nil where it is not known
	makes []unitMake
	ids   map[unitMake]int32
	key   []byte
}

func newKits(r *Round) *kits {
	return &kits{round: r, byKey: map[string]int32{}, ids: map[unitMake]int32{}}
}

// at is the kit of a bin.
func (k *kits) at(b int32) *kit {
	for int(b) >= len(k.of) {
		k.of = append(k.of, nil)
	}
	if k.of[b] == nil {
		k.of[b] = k.intern(b)
	}
	return k.of[b]
}

// refresh is for bins that changed: an agent may have come back with other devices.
func (k *kits) refresh(b int32) {
	if int(b) >= len(k.of) || k.of[b] == nil {
		return
	}
	bn, old := &k.round.bins[b], k.of[b]
	same := old.roleID == k.round.homes[b].role && len(old.makes) == len(bn.units)
	for j := 0; same && j < len(bn.units); j++ {
		u, m := &bn.units[j], &k.makes[old.makes[j]]
		same = u.capacity == m.capacity && u.kind == m.kind && u.model == m.model
	}
	if !same {
		k.of[b] = nil
	}
}

func (k *kits) intern(b int32) *kit {
	bn, role := &k.round.bins[b], k.round.homes[b].role
	made := &kit{id: int32(len(k.list)), roleID: role, makes: make([]int32, len(bn.units))}
	k.key = binary.AppendVarint(k.key[:0], int64(role))
	for j := range bn.units {
		u := &bn.units[j]
		m := unitMake{u.kind, u.model, u.capacity}
		id, ok := k.ids[m]
		if !ok {
			id = int32(len(k.makes))
			k.ids[m] = id
			k.makes = append(k.makes, m)
		}
		made.makes[j] = id
		k.key = binary.AppendUvarint(k.key, uint64(id))
	}
	if id, ok := k.byKey[string(k.key)]; ok {
		return k.list[id]
	}
	k.byKey[string(k.key)] = made.id
	k.list = append(k.list, made)
	return made
}
