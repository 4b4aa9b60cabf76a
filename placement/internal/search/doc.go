// Package search packs items into bins as well as a budget allows: a portfolio
// of constructive heuristics (Pack), an anytime search that improves any
// packing (Improve), and lower bounds that say how far from the optimum it can
// be at most.
//
// It knows rows of integers and nothing else: no tasks, offers or clocks. The
// objective is lexicographic: more value placed, then fewer bins opened that
// were not in use. The same problem, seed and budget give the same answer.
package search
