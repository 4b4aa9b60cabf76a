// Package naive is the competitor: first fit and best fit as a dense scan, written as fast as plain Go allows.
//
// It exists to be compared with. Nothing is validated, explained, indexed or remembered; rows are dense int64, the reciprocals
// of the capacities are precomputed and the scorer is written into the loop. Three forms of the same scan are kept, because
// which one is fastest depends on the machine and on how full the fleet is: a plain loop over rows, the loop over rows unrolled
// for four columns, and one slice per column. All three, and every index that is compared with them, return the same bin:
// the lowest bin that fits, or the lowest bin of the highest score.
//
// The package also makes the fleets the comparison runs on (see [Generate]).
package naive
