package index

// Matrix is a dense row-major matrix, one row per bin. The caller owns Data and may change rows between calls, but must say
// so (Changed); its length and position in memory must not change while an index refers to it.
type Matrix struct {
	Data []int64
	Cols int // 1 to 16
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

// Accept is the caller's further test of a bin that has room: constraints, ports, devices. It is asked anew in every call;
// nil accepts every bin.
type Accept func(bin int32) bool
