package search

// keeper holds the best packing seen while another one is being changed. It
// remembers which items moved since, so that saving and going back cost
// O(items moved), not O(items).
type keeper struct {
	p      *packing
	bin    []int32
	value  int64
	opened int
	dirty  []int32
	marked []bool
}

// keep starts watching p, whose present state is the best so far.
func keep(p *packing) *keeper {
	k := &keeper{p: p, bin: append([]int32(nil), p.bin...), value: p.value, opened: p.opened,
		marked: make([]bool, p.m.items)}
	p.touched = func(i int32) {
		if !k.marked[i] {
			k.marked[i] = true
			k.dirty = append(k.dirty, i)
		}
	}
	return k
}

// offer saves the present state if it is better than the best.
func (k *keeper) offer() bool {
	if !better(k.p.value, k.p.opened, k.value, k.opened) {
		return false
	}
	k.accept()
	return true
}

// accept saves the present state, which must not be worse than the best.
func (k *keeper) accept() {
	k.value, k.opened = k.p.value, k.p.opened
	for _, i := range k.dirty {
		k.bin[i] = k.p.bin[i]
		k.marked[i] = false
	}
	k.dirty = k.dirty[:0]
}

// back puts everything where it was in the best state.
func (k *keeper) back() {
	moved := k.dirty
	for _, i := range moved {
		if k.p.bin[i] != None {
			k.p.take(i)
		}
	}
	for _, i := range moved {
		if k.bin[i] != None {
			k.p.put(i, k.bin[i])
		}
		k.marked[i] = false
	}
	k.dirty = k.dirty[:0]
}
