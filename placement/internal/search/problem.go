package search

import (
	"errors"
	"fmt"
)

// None is the bin of an item that is not placed.
const None int32 = -1

// ErrProblem is wrapped by every error about a malformed Problem or start.
var ErrProblem = errors.New("search: malformed problem")

// Problem is one packing problem. All slices stay the caller's and are only
// read; amounts are non-negative counts of anything.
type Problem struct {
	Columns int     // length of a row
	Free    []int64 // bins x Columns: what is free in each bin at the start
	InUse   []bool  // bins that cost nothing to use; nil means none
	Need    []int64 // shapes x Columns: what an item of a shape takes
	Shape   []int32 // item -> shape; two items of one shape differ only in Value and Allowed

	// Value of each item; nil means all are worth the same. A value that is
	// not above zero (or NaN) counts as the smallest one there is, so that
	// placing an item is always better than leaving it.
	Value []float64

	// Allowed says whether an item may be in a bin; nil means everywhere. It
	// must be pure. Items of equal Rule get equal answers; a nil Rule means
	// that every item may get its own.
	Allowed func(item, bin int32) bool
	Rule    []int32
}

// Options bound and seed a search.
type Options struct {
	Seed uint64
	// Steps is the budget; zero or less means none at all for Improve, which
	// then returns its start, and the cheapest heuristic for Pack.
	// A step compares one need row with one row of free amounts, or does work
	// that takes about as long: 10 to 20 ns, so 50 to 100 million a second.
	Steps int64
	// Stop is polled every few thousand steps and ends the search
	// early; nil never does. Only a search ended by Stop may differ from
	// another one with the same Seed and Steps.
	Stop func() bool
}

// Result is a packing and what is known about it.
type Result struct {
	Bin    []int32 // item -> bin, or None
	Placed int     // items placed
	Opened int     // bins used that were not InUse
	Steps  int64   // steps spent
	// Optimal is set when everything is placed in as few opened bins as a
	// lower bound allows: a proof that nothing better exists.
	Optimal bool
}

// Bins returns the number of bins.
func (p *Problem) Bins() int {
	if p.Columns == 0 {
		return len(p.InUse)
	}
	return len(p.Free) / p.Columns
}

// Check reports the first thing wrong with the problem. A problem without
// columns has as many bins as InUse has entries.
func (p *Problem) Check() error {
	if p.Columns < 0 || (p.Columns == 0 && len(p.Free)+len(p.Need) > 0) ||
		(p.Columns > 0 && (len(p.Free)%p.Columns != 0 || len(p.Need)%p.Columns != 0)) {
		return fmt.Errorf("%w: %d columns for %d free and %d needed amounts", ErrProblem, p.Columns, len(p.Free), len(p.Need))
	}
	if p.InUse != nil && len(p.InUse) != p.Bins() {
		return fmt.Errorf("%w: InUse has %d entries for %d bins", ErrProblem, len(p.InUse), p.Bins())
	}
	if p.Value != nil && len(p.Value) != len(p.Shape) {
		return fmt.Errorf("%w: Value has %d entries for %d items", ErrProblem, len(p.Value), len(p.Shape))
	}
	if p.Rule != nil && len(p.Rule) != len(p.Shape) {
		return fmt.Errorf("%w: Rule has %d entries for %d items", ErrProblem, len(p.Rule), len(p.Shape))
	}
	for _, rows := range [...]struct {
		name string
		row  []int64
	}{{"Free", p.Free}, {"Need", p.Need}} {
		for i, a := range rows.row {
			if a < 0 {
				return fmt.Errorf("%w: %s row %d column %d is %d, below zero", ErrProblem, rows.name, i/p.Columns, i%p.Columns, a)
			}
		}
	}
	for i, s := range p.Shape {
		if s < 0 || (p.Columns > 0 && int(s) >= len(p.Need)/p.Columns) {
			return fmt.Errorf("%w: item %d has shape %d of %d", ErrProblem, i, s, len(p.Need)/max(p.Columns, 1))
		}
	}
	return nil
}

// Verify reports the first way in which bin, one entry per item, is not a
// packing of p. It shares nothing with the search.
func (p *Problem) Verify(bin []int32) error {
	if len(bin) != len(p.Shape) {
		return fmt.Errorf("%w: %d places for %d items", ErrProblem, len(bin), len(p.Shape))
	}
	left := append([]int64(nil), p.Free...)
	for i, b := range bin {
		if b == None {
			continue
		}
		if b < 0 || int(b) >= p.Bins() {
			return fmt.Errorf("%w: item %d is in bin %d of %d", ErrProblem, i, b, p.Bins())
		}
		if p.Allowed != nil && !p.Allowed(int32(i), b) {
			return fmt.Errorf("%w: item %d is not allowed in bin %d", ErrProblem, i, b)
		}
		for c := range p.Columns {
			at := int(b)*p.Columns + c
			if left[at] -= p.Need[int(p.Shape[i])*p.Columns+c]; left[at] < 0 {
				return fmt.Errorf("%w: bin %d is over-full in column %d with item %d", ErrProblem, b, c, i)
			}
		}
	}
	return nil
}
