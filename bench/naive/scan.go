package naive

// A Form is one way to write the scan.
type Form uint8

const (
	Plain    Form = iota // a loop over rows, a loop over columns inside
	Unrolled             // rows, the loop over columns unrolled (four columns; others use Plain)
	Columns              // one slice per column, unrolled (four columns; others use Plain)
)

var formNames = [...]string{"plain", "unrolled", "columns"}

// String is the form's name in benchmark and table output.
func (f Form) String() string { return formNames[f] }

// Forms lists all forms.
func Forms() []Form { return []Form{Plain, Unrolled, Columns} }

// A Fleet is the state a scan reads: the competitor's own copy of what is free. Build one with [NewFleet].
type Fleet struct {
	form    Form
	cols    int
	free    []int64   // row-major
	inv     []float64 // reciprocal capacities, row-major; 0 for no capacity
	column  [4][]int64
	inverse [4][]float64
}

// NewFleet copies row-major free and capacity rows of cols columns. Forms that need four columns fall back to Plain.
func NewFleet(form Form, cols int, free, capacity []int64) *Fleet {
	if cols != 4 {
		form = Plain
	}
	f := &Fleet{form: form, cols: cols, free: append([]int64(nil), free...), inv: make([]float64, len(capacity))}
	for i, c := range capacity {
		f.inv[i] = inverse(c)
	}
	if form == Columns {
		n := len(free) / cols
		for j := range f.column {
			f.column[j], f.inverse[j] = make([]int64, n), make([]float64, n)
			for b := range n {
				f.column[j][b], f.inverse[j][b] = free[b*cols+j], f.inv[b*cols+j]
			}
		}
	}
	return f
}

// Take makes need of the bin used. The caller has checked that it fits.
func (f *Fleet) Take(bin int32, need []int64) { f.add(bin, need, -1) }

// Give makes need of the bin free again.
func (f *Fleet) Give(bin int32, need []int64) { f.add(bin, need, 1) }

func (f *Fleet) add(bin int32, need []int64, sign int64) {
	if f.form == Columns {
		for j := range f.column {
			f.column[j][bin] += sign * need[j]
		}
		return
	}
	row := f.free[int(bin)*f.cols:][:f.cols]
	for j, n := range need {
		row[j] += sign * n
	}
}

// Find returns the bin the rule chooses for need, -1 if none fits.
func (f *Fleet) Find(rule Rule, need []int64) int32 {
	switch f.form {
	case Unrolled:
		n := (*[4]int64)(need)
		switch rule {
		case FirstFit:
			return f.firstUnrolled(n)
		case Linear:
			return f.linearUnrolled(n)
		case Dominant:
			return f.dominantUnrolled(n)
		default:
			return f.meanUnrolled(n)
		}
	case Columns:
		n := (*[4]int64)(need)
		switch rule {
		case FirstFit:
			return f.firstColumns(n)
		case Linear:
			return f.linearColumns(n)
		case Dominant:
			return f.dominantColumns(n)
		default:
			return f.meanColumns(n)
		}
	}
	switch rule {
	case FirstFit:
		return f.firstPlain(need)
	case Linear:
		return f.linearPlain(need)
	case Dominant:
		return f.dominantPlain(need)
	default:
		return f.meanPlain(need)
	}
}
