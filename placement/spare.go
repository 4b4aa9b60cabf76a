package placement

import "unsafe"

// pageSize is at most what the system gives memory by.
const pageSize = 4096

// faultIn writes to every page of the rows to spare. Systems give memory when it is first written to, and to wait for one page takes longer
// than to take in an offer: so that is done while tables are made, and not in rounds.
func (f *fleet) faultIn() {
	n := len(f.bins) * f.stride
	touchPages(f.bins)
	touchPages(f.homes)
	touchPages(f.free[:n])
	touchPages(f.capacity[:n])
	touchPages(f.offers)
	touchPages(f.binAt)
	touchPages(f.live)
}

// touchPages clears an element of every page between the length of a list and its capacity.
func touchPages[T any](list []T) {
	var one T
	step := max(1, pageSize/int(unsafe.Sizeof(one)))
	for spare := list[len(list):cap(list)]; len(spare) > 0; spare = spare[min(step, len(spare)):] {
		clear(spare[:1])
	}
}
