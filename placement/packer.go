package placement

import "github.com/berth-go/berth/resources"

// Packer decides which task goes where. Pack is called once for every priority that has tasks,
// highest first; it goes through [Round.Pending] and places what it can through [Round.Place], which
// refuses anything invalid, so that a packer can only be bad, never wrong. It must end, should stop
// when [Round.Stopped] says so, and must not keep the Round. A packer that implements
// [fmt.Stringer] has a name in [Stats].
//
// A packer must be a function of the Round alone: same round, same placements. Randomness comes
// from [Round.Rand].
type Packer interface {
	Pack(*Round)
}

// PackerFunc makes a function a [Packer].
type PackerFunc func(*Round)

// Pack calls f.
func (f PackerFunc) Pack(r *Round) { f(r) }

// Scorer rates a bin for a task: 0 to 1, higher is better. Need is what the task would draw, free
// what the bin has left now, before the task, and capacity what it has in all. A scorer is called
// only where the task fits, must be pure (the same rows always score the same), and is called again only when one of
// its arguments changed. A score that is not a number loses against every other score.
type Scorer func(need, free, capacity Row) float64

// Row is one amount for each column of a round, in the order of [Round.Columns]. It is a read-only
// view, valid until the next placement.
type Row struct {
	amounts []int64
}

// Len is the number of columns.
func (r Row) Len() int { return len(r.amounts) }

// At is the amount in column i.
func (r Row) At(i int) resources.Amount { return resources.Amount(r.amounts[i]) }

// TaskIndex is a task in a [Round]: in [Assign], its position in the slice of tasks given.
type TaskIndex int32

// BinIndex is a bin in a [Round]. Bins are numbered in the order in which their oldest offers arrived.
type BinIndex int32

// NoBin is no bin.
const NoBin BinIndex = -1
