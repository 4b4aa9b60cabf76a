package placement

// openings remembers, for how many tasks of a group each value has, which values a requirement that looks at nothing else opens: groups with
// the same requirement come by the same numbers one after the other. It has a place for each hash of them, for the latest. What it remembers is
// true for ever.
type openings []opening

type opening struct {
	counts uint64 // a byte for each value
	open   uint8  // a bit for each
	judge  int32  // judge.peersID
	values int32  // how many there are; 0: nothing here
}

const mostOpenings = 512 // a power of two

// countsOf are the numbers of a counter in one word; false if they do not fit.
func countsOf(n *counter) (counts uint64, ok bool) {
	all := n.by.all
	if len(all) == 0 || len(all) > mostZones || n.valueless != 0 {
		return 0, false
	}
	for _, k := range all {
		if uint32(k) > 0xff {
			return 0, false
		}
		counts = counts<<8 | uint64(k)
	}
	return counts, true
}

// at is the place for some counts.
func (o *openings) at(counts uint64, judge int32) *opening {
	if *o == nil {
		*o = make(openings, mostOpenings)
	}
	return &(*o)[(counts+uint64(judge))*0x9E3779B97F4A7C15>>55]
}

// opens are the values, up to mostZones, that a requirement on peers opens.
func (o *openings) opens(j *judge, n *counter) uint64 {
	counts, ok := countsOf(n)
	if !ok {
		return j.opens(n)
	}
	at := o.at(counts, j.peersID)
	if size := int32(len(n.by.all)); at.values != size || at.counts != counts || at.judge != j.peersID {
		*at = opening{counts: counts, open: uint8(j.opens(n)), judge: j.peersID, values: size}
	}
	return uint64(at.open)
}

// opens asks the requirement.
func (j *judge) opens(n *counter) (open uint64) {
	last, ok := int32(-1), false
	for v := range n.by.size {
		if k := n.by.at(v); k != last { // as many tasks, the same verdict
			last, ok = k, j.peers.JudgePeers(int(k), j.spread).OK
		}
		if ok {
			open |= 1 << v
		}
	}
	return open
}
