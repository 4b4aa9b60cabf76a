package placement

import "github.com/berth-go/berth/resources"

// maxProposals bounds the choices of units that are looked at for one task on one bin. Few bins come
// near it: units in the same state are one choice.
const maxProposals = 256

// proposer goes through the distinct choices of device units for a shape on a bin. Two units are alike
// when they are of one make and in one state; of units that are alike the lowest positions are taken. Choices come in the order
// of positions; where whole units of several makes will do, most of the first make first.
type proposer struct {
	round *Round
	kits  *kits
	lists [][][][]int32 // per shape, kit and request: the positions that it accepts

	bn    *bin
	makes []int32
	shape *shape
	want  [][]int32
	units []int32            // chosen so far
	after []resources.Amount // per unit: what is left of it under the choice
	left  int
	visit func()
	idle  [maxRequests][]int32 // scratch, per request
}

// each calls visit for every choice, with units and after set to it. But for devices, the bin must fit the shape.
func (p *proposer) each(id int32, s *shape, b int32, visit func()) {
	p.bn, p.shape, p.visit, p.left = &p.round.bins[b], s, visit, maxProposals
	k := p.kits.at(b)
	p.makes = k.makes
	p.units, p.after = p.units[:0], p.after[:0]
	for j := range p.bn.units {
		p.after = append(p.after, p.bn.units[j].free)
	}
	if len(s.devices) == 0 {
		visit()
		return
	}
	p.want = p.accepted(id, s, k)
	p.request(0)
}

// accepted is, for each request of the shape, the positions of a kit that are of the kind and models
// it asks for.
func (p *proposer) accepted(id int32, s *shape, k *kit) [][]int32 {
	for int(id) >= len(p.lists) {
		p.lists = append(p.lists, nil)
	}
	for int(k.id) >= len(p.lists[id]) {
		p.lists[id] = append(p.lists[id], nil)
	}
	if p.lists[id][k.id] == nil {
		want := make([][]int32, len(s.devices))
		for i := range s.devices {
			for j := range p.bn.units {
				if p.bn.units[j].accepts(&s.devices[i]) {
					want[i] = append(want[i], int32(j))
				}
			}
		}
		p.lists[id][k.id] = want
	}
	return p.lists[id][k.id]
}

// request makes the choices for request i and those after it.
func (p *proposer) request(i int) {
	if i == len(p.shape.devices) {
		if p.left > 0 {
			p.left--
			p.visit()
		}
		return
	}
	if q := &p.shape.devices[i]; q.Count == 0 {
		p.share(i, q)
	} else {
		p.whole(i, q)
	}
}

func (p *proposer) share(i int, q *DeviceRequest) {
	list := p.want[i]
next:
	for n, j := range list {
		u := &p.bn.units[j]
		if !u.room(q) {
			continue
		}
		for _, o := range list[:n] {
			v := &p.bn.units[o]
			if v.free == u.free && p.makes[o] == p.makes[j] && (v.users > 0) == (u.users > 0) && v.room(q) {
				continue next
			}
		}
		p.units = append(p.units, j)
		p.after[j] -= q.Share
		p.request(i + 1)
		p.after[j] += q.Share
		p.units = p.units[:len(p.units)-1]
		if p.left == 0 {
			return
		}
	}
}

func (p *proposer) whole(i int, q *DeviceRequest) {
	idle := p.idle[i][:0]
	for _, j := range p.want[i] {
		if p.bn.units[j].idle() {
			idle = append(idle, j)
		}
	}
	p.idle[i] = idle
	p.wholes(i, 0, q.Count)
}

// wholes takes n more units for request i out of its idle ones from position from on: as many as
// possible of the make found there, then fewer.
func (p *proposer) wholes(i, from, n int) {
	if n == 0 {
		p.request(i + 1)
		return
	}
	idle := p.idle[i]
	if len(idle)-from < n {
		return
	}
	// Bring the units of the next make together; positions stay in order within a make.
	m, same := p.makes[idle[from]], from+1
	for j := from + 1; j < len(idle); j++ {
		if p.makes[idle[j]] == m {
			moved := idle[j]
			copy(idle[same+1:j+1], idle[same:j])
			idle[same] = moved
			same++
		}
	}
	for take := min(n, same-from); take >= 0 && p.left > 0; take-- {
		for _, j := range idle[from : from+take] {
			p.units = append(p.units, j)
			p.after[j] = 0
		}
		p.wholes(i, same, n-take)
		for _, j := range idle[from : from+take] {
			p.after[j] = p.bn.units[j].free
		}
		p.units = p.units[:len(p.units)-take]
	}
}
