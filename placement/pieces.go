package placement

import (
	"cmp"
	"slices"

	"github.com/berth-go/berth/resources"
)

// ledger is the concrete resources of a bin, from which the pieces of its tasks are cut one after
// the other: what is reserved to the bin's own role first, then to its ancestors, unreserved last. All of
// them are ancestors of one role, so the longer name is the closer one.
type ledger struct {
	entries []resources.Resource
}

// cutPieces works the concrete pieces of all assignments out, in the order of placement.
func (r *Round) cutPieces(res *Result) error {
	var placed []TaskIndex
	for _, t := range r.pending {
		if r.spots[t].where != NoBin {
			placed = append(placed, t)
		}
	}
	ledgers := map[BinIndex]*ledger{}
	for _, i := range r.sequence() {
		b := r.spots[placed[i]].where
		if ledgers[b] == nil {
			ledgers[b] = r.newLedger(int32(b))
		}
		pieces, err := ledgers[b].cut(&r.tasks[placed[i]], &res.Assignments[i])
		if err != nil {
			return err
		}
		res.Assignments[i].Pieces = pieces
	}
	return nil
}

// newLedger is what the bin's offers say, less what tasks hold that run on a standing offer.
func (r *Round) newLedger(b int32) *ledger {
	l := &ledger{}
	bn, a := &r.bins[b], r.homes[b].agent
	var all resources.Resources
	for i := range bn.from() {
		all = all.Plus(r.offers[i].Resources)
	}
	var guess []*Running
	if bn.standing {
		for t := r.agents[a].running; t >= 0; t = r.links[t].next {
			h := r.runningTask(t)
			switch {
			case r.binFor(a, h.Role) != b:
			case h.Pieces.IsEmpty():
				guess = append(guess, h)
			default:
				all = all.Minus(h.Pieces)
			}
		}
	}
	for e := range all.All() {
		l.entries = append(l.entries, e)
	}
	slices.SortStableFunc(l.entries, func(a, b resources.Resource) int {
		return cmp.Compare(len(b.Role()), len(a.Role()))
	})
	for i := len(guess) - 1; i >= 0; i-- { // the earliest first
		h := guess[i]
		l.cut(&h.Task, &Assignment{Ports: h.Ports, Items: h.Items, Revocable: h.Revocable})
	}
	return l
}

// cut takes the pieces of one assignment out of the ledger.
func (l *ledger) cut(t *Task, a *Assignment) (resources.Resources, error) {
	var pieces []resources.Resource
	for name, amount := range t.Needs.All() {
		pieces = l.cutScalar(pieces, name, amount, a.Revocable)
	}
	if len(a.Ports) > 0 {
		want := resources.RangesOf(portRanges(a.Ports))
		pieces = l.cutValue(pieces, portsName, want)
	}
	for i := range a.Items {
		if g := &a.Items[i]; g.Disk == nil {
			pieces = l.cutValue(pieces, g.Name, resources.SetOf(setOf(g.Items)))
		} else {
			pieces = append(pieces, *g.Disk)
		}
	}
	return resources.New(pieces...)
}

func (l *ledger) cutScalar(pieces []resources.Resource, name string, amount resources.Amount, revocable bool) []resources.Resource {
	for i := range l.entries {
		e := &l.entries[i]
		if amount == 0 {
			break
		}
		if e.Name != name || e.Revocable != revocable || e.Value.Kind() != resources.KindScalar || isDiskItem(*e) {
			continue
		}
		part := min(amount, e.Value.Amount())
		if part == 0 {
			continue
		}
		amount -= part
		piece := *e
		piece.Value = resources.ScalarOf(part)
		e.Value = resources.ScalarOf(e.Value.Amount() - part)
		pieces = append(pieces, piece)
	}
	return pieces
}

// cutValue takes port numbers or set items from the entries that have them.
func (l *ledger) cutValue(pieces []resources.Resource, name string, want resources.Value) []resources.Resource {
	for i := range l.entries {
		e := &l.entries[i]
		if e.Name != name || e.Revocable || e.Value.Kind() != want.Kind() {
			continue
		}
		var part resources.Value
		switch want.Kind() {
		case resources.KindRanges:
			have := e.Value.Ranges().Intersect(want.Ranges())
			part = resources.RangesOf(have)
			want = resources.RangesOf(want.Ranges().Minus(have))
			e.Value = resources.RangesOf(e.Value.Ranges().Minus(have))
		default:
			have := e.Value.Set().Intersect(want.Set())
			part = resources.SetOf(have)
			want = resources.SetOf(want.Set().Minus(have))
			e.Value = resources.SetOf(e.Value.Set().Minus(have))
		}
		if part.IsEmpty() {
			continue
		}
		piece := *e
		piece.Value = part
		pieces = append(pieces, piece)
	}
	return pieces
}
