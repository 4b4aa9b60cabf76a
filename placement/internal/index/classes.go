package index

import "slices"

// classes is the number of classes that bins are put in by how much they have free: a power of two.
const classes = 4

// classing tells the class of a row from its word, by one lane of it. Whatever covers a need is of the same class or a higher one. The zero
// value puts all in class 0.
type classing struct {
	shift uint8
	of    [128]uint8 // per value of the lane
}

func (c *classing) class(word uint64) uint8 { return c.of[word>>(c.shift&63)&127] }

// newClassing has about as many of the needs in each class, as far as their lanes differ.
func newClassing(l *lanes, needs Matrix) classing {
	c := classing{shift: uint8(8 * l.main)}
	values := make([]int, needs.Rows())
	for i := range values {
		values[i] = int(l.pack(needs.Row(int32(i))) >> c.shift & 127)
	}
	slices.Sort(values)
	for k := 1; k < classes; k++ {
		for v := values[k*len(values)/classes]; v < len(c.of); v++ {
			c.of[v]++
		}
	}
	return c
}
