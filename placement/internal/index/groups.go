package index

import (
	"iter"
	"math/bits"
	"slices"
)

// groups are the bins that were equal, in free and capacity, when the index was made and have not been touched since. Of each
// group only the lowest bin, its head, is exposed to searches: the others score the same and lose the tie. When the head is
// touched it leaves, and the next member becomes the head. A bin never returns to a group. Fleets without many equals have no
// groups: every bin is exposed.
//
// Memory: 8.1 bytes a bin, 4 a group.
type groups struct {
	of     []int32  // group of a bin, -1: none any more
	next   []int32  // next member of the bin's group, -1: none
	head   []int32  // per group, -1: empty
	behind []uint64 // a bit a bin: whether it stands behind the head of its group
}

func newGroups(free, capacity Matrix) groups {
	n := free.Rows()
	g := groups{of: make([]int32, n), next: make([]int32, n), behind: make([]uint64, (n+63)/64)}
	table := make([]int32, 64) // head's group plus one, by hash; a power of two of them
	var ends []groupEnd
	allUnused := slices.Equal(free.Data, capacity.Data)
	for b := range int32(n) {
		g.next[b] = -1
		row := free.Row(b)
		unused := allUnused || equalRows(row, capacity.Row(b))
		hash := hashRow(1, row)
		if !unused { // else one row says it all
			hash = hashRow(hash, capacity.Row(b))
		}
		mask := uint32(len(table) - 1)
		i := uint32(hash) & mask
		for ; table[i] > 0; i = (i + 1) & mask {
			if end := &ends[table[i]-1]; end.hash == hash && equalRows(end.row, row) &&
				(unused && end.unused || equalRows(capacity.Row(g.head[table[i]-1]), capacity.Row(b))) {
				break
			}
		}
		group := table[i] - 1
		if group >= 0 {
			end := &ends[group]
			g.of[b], g.next[end.tail], end.tail = group, b, b
			g.behind[b>>6] |= 1 << (b & 63)
			continue
		}
		g.of[b] = int32(len(g.head))
		g.head, ends = append(g.head, b), append(ends, groupEnd{b, unused, hash, row})
		if table[i] = int32(len(g.head)); 2*len(g.head) > len(table) {
			table = groupTable(ends, 4*len(table))
		}
	}
	if len(g.head) > n/2 {
		return groups{}
	}
	return g
}

// groupEnd is the last member of a group, whether the members are unused, that is free is their capacity, the hash of their rows, and the free one.
type groupEnd struct {
	tail   int32
	unused bool
	hash   uint64
	row    []int64
}

// groupTable finds groups by their hashes.
func groupTable(ends []groupEnd, size int) []int32 {
	table, mask := make([]int32, size), uint32(size-1)
	for g := range ends {
		i := uint32(ends[g].hash) & mask
		for table[i] > 0 {
			i = (i + 1) & mask
		}
		table[i] = int32(g) + 1
	}
	return table
}

// exposed yields the bins that are not hidden, of n in all, in order.
func (g *groups) exposed(n int) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		if g.of == nil {
			for b := range int32(n) {
				if !yield(b) {
					return
				}
			}
			return
		}
		for i, behind := range g.behind {
			open := ^behind
			if n -= 64; n < 0 {
				open &= 1<<(n+64) - 1
			}
			for ; open != 0; open &= open - 1 {
				if !yield(int32(i<<6 | bits.TrailingZeros64(open))) {
					return
				}
			}
		}
	}
}

// heads are the rows of a matrix that stand for all, as long as no bin was touched.
func (g *groups) heads(m Matrix) Matrix {
	if g.of == nil {
		return m
	}
	some := Matrix{Data: make([]int64, 0, len(g.head)*m.Cols), Cols: m.Cols}
	for _, b := range g.head {
		some.Data = append(some.Data, m.Row(b)...)
	}
	return some
}

// hidden says whether the bin stands behind the head of its group.
func (g *groups) hidden(bin int32) bool {
	return g.of != nil && g.behind[bin>>6]>>(bin&63)&1 != 0
}

// after is the next member of the bin's group behind it, -1 if the bin is in none or is the last.
func (g *groups) after(bin int32) int32 {
	if g.of == nil || g.of[bin] < 0 {
		return -1
	}
	return g.follower(g.of[bin], bin)
}

func (g *groups) follower(group, bin int32) int32 {
	b := g.next[bin]
	for b >= 0 && g.of[b] != group {
		b = g.next[b]
	}
	return b
}

// leave takes the bin out of its group. If it was the head, the new head is returned, else -1.
func (g *groups) leave(bin int32) int32 {
	if g.of == nil || g.of[bin] < 0 {
		return -1
	}
	group := g.of[bin]
	g.of[bin] = -1
	if g.head[group] != bin {
		g.behind[bin>>6] &^= 1 << (bin & 63)
		return -1
	}
	head := g.follower(group, bin)
	if g.head[group] = head; head >= 0 {
		g.behind[head>>6] &^= 1 << (head & 63)
	}
	return head
}

func equalRows(a, b []int64) bool {
	b = b[:len(a)]
	if len(a) >= 4 {
		x, y := (*[4]int64)(a), (*[4]int64)(b)
		if (x[0]^y[0])|(x[1]^y[1])|(x[2]^y[2])|(x[3]^y[3]) != 0 {
			return false
		}
		a, b = a[4:], b[4:]
	}
	for j, x := range a {
		if b[j] != x {
			return false
		}
	}
	return true
}

// hashRow adds a row to a hash: a sum of products with odd factors, which do not wait for each other.
func hashRow(h uint64, row []int64) uint64 {
	h *= 0x9E3779B97F4A7C15
	from := 0
	if len(row) >= 4 { // mostly there are at least four columns, and a loop over them costs more than what it does
		x := (*[4]int64)(row)
		h += uint64(x[0])*hashFactors[0] + uint64(x[1])*hashFactors[1] + uint64(x[2])*hashFactors[2] + uint64(x[3])*hashFactors[3]
		from = 4
	}
	for j, x := range row[from:] {
		h += uint64(x) * hashFactors[(from+j)&15]
	}
	return h ^ h>>32
}

var hashFactors = [16]uint64{
	0xA0761D6478BD642F, 0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3, 0x589965CC75374CC3, 0x1D8E4E27C47D124F, 0xEB44ACCAB455D165,
	0x9E6C63D0A36C0D3B, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93, 0xAEF17502108EF2D9, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB,
	0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53, 0x87C37B91114253D5, 0x4CF5AD432745937F,
}
