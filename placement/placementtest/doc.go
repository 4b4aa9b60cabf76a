// Package placementtest checks what package placement answers: [Verify] says whether a result is valid,
// [Packer] whether a packer written by anybody keeps the promises that packers make, and [Generate]
// makes inputs of every kind to try them on.
//
// Verify shares no code with the round that makes results. It is written to be read: it folds the
// offers once more, charges every assignment against them, and replays the placements in their order before a
// second implementation of [constraints.Source]. It says nothing about how good a result is.
//
// [constraints.Source]: https://pkg.go.dev/github.com/berth-go/berth/constraints#Source
package placementtest
