package index

// Rate scores a bin for a shape; ok is false where the shape does not fit. It must say the same for the same two numbers until
// the bin is reported changed.
type Rate func(shape, bin int32) (score float64, ok bool)

// Opaque answers "which accepted bin has the highest score" for scores that depend on more than rows: it knows nothing of the
// score but when it may have changed. Every shape has an order of its own, brought up to date when it is asked for: a question
// costs one score for each bin that changed since the shape's last one. The answer is that of a scan over all bins.
//
// An order is a heap of entries, in which those of bins that changed since stay, stale, until they come to the top or outnumber
// the rest. Memory: 16 bytes for each bin that fits a shape, for as many shapes as a budget allows (2 KB a bin, 64 MB at least);
// shapes beyond it are answered by scans.
type Opaque struct {
	rate    Rate
	bins    int
	journal journal
	orders  []order
	slot    []int32 // per shape: the index in orders plus one
	hand    int     // next order to be considered for giving up
	entries int     // in all heaps
	most    int
	held    []entry // refused in this question, to be put back
	steps   int64
}

type order struct {
	shape int32
	pos   uint32 // journal entries before it are worked in
	size  int    // of the heap after stale entries were last dropped
	heap  []entry
}

// NewOpaque makes an index over bins 0 to bins-1.
func NewOpaque(bins int, rate Rate) *Opaque {
	x := &Opaque{rate: rate}
	x.start(bins)
	return x
}

func (x *Opaque) start(bins int) {
	x.bins, x.journal = bins, newJournal(bins)
	x.most = max(128*bins, 1<<22)
	x.Forget()
}

// Forget drops all that is remembered: for when all scores may have changed.
func (x *Opaque) Forget() { x.orders, x.slot, x.entries = nil, nil, 0 }

// Grow makes room for bins up to bins-1.
func (x *Opaque) Grow(bins int) {
	if bins <= x.bins {
		return
	}
	x.most = max(x.most, 128*bins)
	x.journal.grow(bins)
	for ; x.bins < bins; x.bins++ {
		x.Changed(int32(x.bins))
	}
}

// Changed must be called when the score of a bin may have changed, for any shape.
func (x *Opaque) Changed(bin int32) {
	if x.journal.touch(bin, 0, 0) {
		x.Forget()
	}
}

// Steps counts the scores asked for and entries looked at: the same for the same calls.
func (x *Opaque) Steps() int64 { return x.steps }

// Find is the bin of the highest score among those accepted, -1 if there is none; ties go to the lowest bin. Shapes are small
// non-negative numbers. A nil accept accepts all; it may be asked about bins that lose in the end.
func (x *Opaque) Find(shape int32, accept Accept) int32 {
	o := x.orderFor(shape)
	if o == nil {
		return x.scan(shape, accept)
	}
	x.catchUp(o)
	found := int32(-1)
	x.held = x.held[:0]
	for len(o.heap) > 0 {
		e := o.heap[0]
		stale := x.journal.stamp[e.bin] != e.stamp
		if !stale && (accept == nil || accept(e.bin)) {
			found = e.bin
			break
		}
		x.steps++
		o.heap = popEntry(o.heap)
		if stale {
			x.entries--
			continue
		}
		x.held = append(x.held, e)
	}
	for _, e := range x.held {
		o.heap = pushEntry(o.heap, e)
	}
	return found
}

func (x *Opaque) scan(shape int32, accept Accept) int32 {
	best := entry{bin: -1}
	for b := range int32(x.bins) {
		x.steps++
		score, ok := x.rate(shape, b)
		if !ok {
			continue
		}
		if e := (entry{key: keyOf(score), bin: b}); (best.bin < 0 || e.before(best)) && (accept == nil || accept(b)) {
			best = e
		}
	}
	return best.bin
}

// orderFor is the shape's order, made or made anew if need be, or nil if there is no room for it.
func (x *Opaque) orderFor(shape int32) *order {
	for int(shape) >= len(x.slot) {
		x.slot = append(x.slot, 0)
	}
	i := int(x.slot[shape]) - 1
	if i >= 0 && x.orders[i].shape == shape {
		if o := &x.orders[i]; x.journal.since(o.pos) <= x.bins {
			return o
		}
	} else if i = x.room(); i < 0 {
		return nil
	}
	x.slot[shape] = int32(i + 1)
	o := &x.orders[i]
	o.shape = shape
	x.fill(o)
	return o
}

// room finds a place for an order: a new one, or that of one so far behind that it must be made anew anyway; -1 if there
// is none.
func (x *Opaque) room() int {
	if x.entries+x.bins <= x.most {
		x.orders = append(x.orders, order{})
		return len(x.orders) - 1
	}
	for range 4 {
		x.hand = (x.hand + 1) % len(x.orders)
		if x.journal.since(x.orders[x.hand].pos) > x.bins {
			return x.hand
		}
	}
	return -1
}

// fill makes an order from all bins.
func (x *Opaque) fill(o *order) {
	x.entries -= len(o.heap)
	o.heap = o.heap[:0]
	for b := range int32(x.bins) {
		x.steps++
		if score, ok := x.rate(o.shape, b); ok {
			o.heap = append(o.heap, entry{keyOf(score), b, x.journal.stamp[b]})
		}
	}
	heapify(o.heap)
	x.entries += len(o.heap)
	o.size, o.pos = len(o.heap), x.journal.clock
}

// catchUp scores the bins that changed since the order was last asked for, each once.
func (x *Opaque) catchUp(o *order) {
	j := &x.journal
	for b := j.front[0]; b >= 0 && j.stamp[b] >= o.pos; b = j.visits[b].older {
		x.steps++
		if score, ok := x.rate(o.shape, b); ok {
			o.heap = pushEntry(o.heap, entry{keyOf(score), b, j.stamp[b]})
			x.entries++
		}
	}
	o.pos = j.clock
	if len(o.heap) > 2*o.size+64 {
		x.drop(o)
	}
}

// drop drops stale entries.
func (x *Opaque) drop(o *order) {
	k := 0
	for _, e := range o.heap {
		if x.journal.stamp[e.bin] == e.stamp {
			o.heap[k] = e
			k++
		}
	}
	x.steps += int64(len(o.heap))
	x.entries -= len(o.heap) - k
	o.heap = o.heap[:k]
	o.size = k
	heapify(o.heap)
}
