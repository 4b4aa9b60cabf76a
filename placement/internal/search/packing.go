package search

// packing is a partial assignment under construction: who is where, what each
// bin holds and has left. put and take cost O(d); neither checks.
type packing struct {
	m       *model
	bin     []int32   // item -> bin or None
	slot    []int32   // item -> index in held[bin]
	held    [][]int32 // bin -> items, in no order
	free    []int64   // bins x d
	value   int64     // total of the items placed
	opened  int       // bins held that are not inUse
	touched func(item int32)
}

func newPacking(m *model) *packing {
	p := &packing{
		m: m, bin: make([]int32, m.items), slot: make([]int32, m.items),
		held: make([][]int32, m.bins), free: append([]int64(nil), m.free0...),
	}
	for i := range p.bin {
		p.bin[i] = None
	}
	return p
}

// load puts every item where bin says.
func (p *packing) load(bin []int32) {
	for i, b := range bin {
		if b != None {
			p.put(int32(i), b)
		}
	}
}

func (p *packing) row(b int32) []int64 { return p.free[int(b)*p.m.d : int(b)*p.m.d+p.m.d] }

func (p *packing) canHold(i, b int32) bool {
	return fits(p.m.itemNeed(i), p.row(b)) && p.m.may(i, b)
}

func (p *packing) put(i, b int32) {
	row := p.row(b)
	for c, a := range p.m.itemNeed(i) {
		row[c] -= a
	}
	if len(p.held[b]) == 0 && !p.m.inUse[b] {
		p.opened++
	}
	p.slot[i] = int32(len(p.held[b]))
	p.held[b] = append(p.held[b], i)
	p.bin[i] = b
	p.value += p.m.valueOf(i)
	if p.touched != nil {
		p.touched(i)
	}
}

func (p *packing) take(i int32) {
	b := p.bin[i]
	row := p.row(b)
	for c, a := range p.m.itemNeed(i) {
		row[c] += a
	}
	held := p.held[b]
	last := held[len(held)-1]
	held[p.slot[i]] = last
	p.slot[last] = p.slot[i]
	p.held[b] = held[:len(held)-1]
	if len(p.held[b]) == 0 && !p.m.inUse[b] {
		p.opened--
	}
	p.bin[i] = None
	p.value -= p.m.valueOf(i)
	if p.touched != nil {
		p.touched(i)
	}
}

// better is the objective: more value, then fewer bins opened.
func better(value int64, opened int, thanValue int64, thanOpened int) bool {
	return value > thanValue || (value == thanValue && opened < thanOpened)
}
