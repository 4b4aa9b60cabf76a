package index

import "math"

// Matrix is a dense row-major matrix, one row per bin. The caller owns Data and may change rows between calls, but must say
// so (Changed); its length and position in memory must not change while an index refers to it.
type Matrix struct {
	Data []int64 // between -1<<62 and 1<<62
	Cols int     // 1 to 16
}

// Rows is the number of rows.
func (m Matrix) Rows() int {
	if m.Cols == 0 {
		return 0
	}
	return len(m.Data) / m.Cols
}

// Row is a view of row b.
func (m Matrix) Row(b int32) []int64 {
	o := int(b) * m.Cols
	return m.Data[o : o+m.Cols : o+m.Cols]
}

// sums are those of the columns over each step-th row, where what is below zero counts as zero.
func (m Matrix) sums(step int) []float64 {
	sums := make([]float64, m.Cols)
	for at := 0; at < len(m.Data); at += step * m.Cols {
		for j, n := range m.Data[at : at+m.Cols][:len(sums)] {
			sums[j] += float64(max(n, 0))
		}
	}
	return sums
}

// fits says whether free covers need in every column that is asked for.
func fits(free, need []int64) bool {
	free = free[:len(need)]
	for j, n := range need {
		if free[j] < n && n > 0 {
			return false
		}
	}
	return true
}

// fitting keeps the bins that fit, in place. Where most do, a look at four columns at once is cheaper than one that may end early.
func (m Matrix) fitting(bins []int32, need []int64) []int32 {
	n := 0
	if len(need) < 4 {
		for _, b := range bins {
			if fits(m.Row(b), need) {
				bins[n] = b
				n++
			}
		}
		return bins[:n]
	}
	rest := need[4:]
	for len(rest) > 0 && rest[len(rest)-1] <= 0 {
		rest = rest[:len(rest)-1]
	}
	n0, n1, n2, n3 := floor(need[0]), floor(need[1]), floor(need[2]), floor(need[3])
	for _, b := range bins {
		row := m.Data[int(b)*m.Cols:]
		free := (*[4]int64)(row)
		short := (free[0] - n0) | (free[1] - n1) | (free[2] - n2) | (free[3] - n3) // negative if one is
		if short >= 0 && (len(rest) == 0 || fits(row[4:m.Cols], rest)) {
			bins[n] = b
			n++
		}
	}
	return bins[:n]
}

// floor is the least amount that is enough.
func floor(asked int64) int64 {
	if asked > 0 {
		return asked
	}
	return -1 << 62
}

// nextFit is the first row at or after from that fits, -1 if there is none: the plain scan. Most rows that do not fit are
// passed over by their first column.
func (m Matrix) nextFit(from int32, need []int64) int32 {
	n := int64(math.MinInt64)
	if need[0] > 0 {
		n = need[0]
	}
	for b, o := from, int(from)*m.Cols; o < len(m.Data); b, o = b+1, o+m.Cols {
		if m.Data[o] >= n && fits(m.Data[o:o+m.Cols], need) {
			return b
		}
	}
	return -1
}

// smallFleet is the number of bins below which nothing is remembered and every question is a plain scan.
var smallFleet = 100

// Accept is the caller's further test of a bin that has room: constraints, ports, devices. It is asked anew in every call;
// nil accepts every bin.
type Accept func(bin int32) bool
