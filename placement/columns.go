package placement

import (
	"cmp"
	"slices"

	"github.com/berth-go/berth/resources"
)

// column is what one position of a row counts.
type column struct {
	name string
	sort columnSort
}

type columnSort uint8

const (
	regularColumn columnSort = iota
	revocableColumn
	deviceColumn
)

// String is the column's name as users read it.
func (c column) String() string {
	switch c.sort {
	case revocableColumn:
		return "revocable " + c.name
	case deviceColumn:
		return "device:" + c.name
	}
	return c.name
}

// limited is the name under which limits know what the column counts.
func (c column) limited() string {
	if c.sort == revocableColumn {
		return c.name
	}
	return c.String()
}

// nameColumns gives every scalar and kind of device of an offer a column, and reports whether
// there was a new one.
func (f *fleet) nameColumns(o *Offer) (fresh bool) {
	see := func(c column) { fresh = f.nameColumn(c) || fresh }
	at := 0
	for i := range o.Resources.Len() {
		if name, value, ok := o.Resources.Plain(i); ok && value.Kind() == resources.KindScalar && at < len(f.usual) && f.usual[at] == (column{name, regularColumn}) {
			at++
			continue
		}
		r := o.Resources.At(i)
		if r.Value.Kind() == resources.KindScalar && !isDiskItem(r) {
			c := scalarColumn(r.Name, r.Revocable)
			if at == len(f.usual) && at < maxUsual {
				f.usual = append(f.usual, c)
				see(c)
			} else if at >= len(f.usual) || f.usual[at] != c {
				see(c)
			}
			at++
		} else if r.Value.Kind() == resources.KindSet && !f.sets[r.Name] {
			f.sets[r.Name] = true
		}
	}
	for j := range o.Devices {
		see(column{o.Devices[j].Kind, deviceColumn})
	}
	return fresh
}

// nameColumn gives something a column, and reports whether it had none.
func (f *fleet) nameColumn(c column) bool {
	if _, ok := f.colIndex[c]; ok {
		return false
	}
	f.colIndex[c] = 0
	f.columns = append(f.columns, c)
	return true
}

// nameHeld gives the scalars that running tasks hold a column: they count as capacity, whether or not somebody offers any.
func (f *fleet) nameHeld(running []Running) {
	var last []column // those of the task before: most hold the same ones, which saves looking them up
	for i := range running {
		h, at := &running[i], 0
		for name := range h.Task.Needs.All() {
			c := scalarColumn(name, h.Revocable)
			if at == len(last) || last[at] != c {
				f.nameColumn(c)
				last = append(last[:at], c)
			}
			at++
		}
	}
}

// hasColumns says whether all scalars that a running task holds have columns.
func (f *fleet) hasColumns(h *Running) bool {
	for name := range h.Task.Needs.All() {
		if _, ok := f.colIndex[scalarColumn(name, h.Revocable)]; !ok {
			return false
		}
	}
	return true
}

// sortColumns fixes the order: regular before revocable before devices, by name.
func (f *fleet) sortColumns() {
	slices.SortFunc(f.columns, func(a, b column) int {
		return cmp.Or(cmp.Compare(a.sort, b.sort), cmp.Compare(a.name, b.name))
	})
	for i, c := range f.columns {
		f.colIndex[c] = int32(i)
	}
	for _, c := range f.usual {
		f.usualIndex = append(f.usualIndex, f.colIndex[c])
	}
	f.stride = len(f.columns) + 1
}

// maxUsual bounds usual.
const maxUsual = 16

// indexOf is the column of the scalar that is number at among those of its offer.
func (f *fleet) indexOf(at int, c column) int32 {
	if at < len(f.usualIndex) && f.usual[at] == c {
		return f.usualIndex[at]
	}
	return f.colIndex[c]
}

func scalarColumn(name string, revocable bool) column {
	if revocable {
		return column{name, revocableColumn}
	}
	return column{name, regularColumn}
}

// lowerTop is called before a bin's capacity shrinks or vanishes, raiseTop after it has grown. When
// the last of the largest bins goes, the largest has to be found anew. They are not counted before the first of them goes.
func (f *fleet) lowerTop(b int32) {
	row := f.capacityRow(b)
	for c, top := range f.top {
		if top == 0 || row[c] != top {
			continue
		}
		if f.tops == nil {
			f.tops, f.top = make([]int32, len(f.columns)), f.top[:0]
			return
		}
		if f.tops[c]--; f.tops[c] == 0 {
			f.top = f.top[:0]
			return
		}
	}
}

func (f *fleet) raiseTop(b int32) { raise(f.top, f.tops, f.capacityRow(b)) }

// raise makes the largest amounts, and how often they occur if that is counted, those with one more row.
func raise(top []int64, tops []int32, row []int64) {
	row = row[:len(top)]
	if tops == nil {
		for c, amount := range row {
			top[c] = max(top[c], amount)
		}
		return
	}
	tops = tops[:len(top)]
	for c, amount := range row {
		if amount > top[c] {
			top[c], tops[c] = amount, 1
		} else if amount == top[c] && amount > 0 {
			tops[c]++
		}
	}
}

// largest is the largest capacity of a live bin in each visible column. Read only.
func (f *fleet) largest() []int64 {
	if len(f.top) == 0 {
		f.top = append(f.top, make([]int64, len(f.columns))...)
		clear(f.tops)
		for _, b := range f.liveBins() {
			f.raiseTop(b)
		}
	}
	return f.top
}
