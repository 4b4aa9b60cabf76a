// Package search packs items into bins as well as a budget allows: a portfolio
// of constructive heuristics (Pack), an anytime search that improves any
// packing (Improve), and lower bounds that say how far from the optimum it can
// be at most (LowerBound, Hold).
//
// It knows rows of integers and nothing else: no tasks, offers or clocks. The
// objective is lexicographic: more value placed, then fewer bins opened that
// were not in use. The same problem, seed and budget give the same answer.
//
// What it is made of, one file each:
//
//	construct, binfill, portfolio   first fit and best fit decreasing, dot product and L2 norm
//	                                (Panigrahy et al. 2011), cosine, Tetris alignment (Grandl et al. 2014),
//	                                item by item and bin by bin, under fixed and random column weights
//	eject                           ejection search with penalties (Buljubasic & Vasquez 2016; Nagata & Braysy 2009)
//	simplex, pricing, colgen, dive  column generation over shapes (Gilmore & Gomory 1961) and rounding by diving
//	region, columns                 the same on random parts of a packing too large for it as a whole
//	exchange                        several bins into one larger one
//	tight                           near-perfect fills and exact cover (Fukunaga & Korf 2007; Knuth's Algorithm X)
//	bound                           volume, L2 (Martello & Toth 1990), incompatible pairs, the relaxation
package search
