package placementtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/berth-go/berth/placement"
)

// Walk drives an engine through events and rounds of every sort, drawn from a seed: for whoever follows an engine and has to keep up
// with it. It is the same walk for the same seed, size and engine.
type Walk struct {
	Engine *placement.Engine
	r      *rand.Rand
	size   Size
	now    time.Time
	home   Input // what offers and tasks are mostly taken from
	n      int   // for names
}

// NewWalk makes a walk. The size is that of the inputs which offers and tasks are taken from, see [Generate].
func NewWalk(e *placement.Engine, seed uint64, size Size) *Walk {
	in := Generate(seed, size)
	return &Walk{Engine: e, r: rand.New(rand.NewPCG(seed, 1)), size: size, now: in.Now, home: in}
}

// Event has something happen to the engine. What it refuses as bad does no harm.
func (w *Walk) Event() {
	e := w.Engine
	switch w.r.IntN(14) {
	case 0, 1, 2:
		e.AddOffers(w.offers(1 + w.r.IntN(4))...)
	case 3:
		e.RemoveOffers(some(w, e.Offers(), func(o *placement.Offer) placement.OfferID { return o.ID })...)
	case 4, 5, 6:
		e.Submit(w.tasks(1 + w.r.IntN(6))...)
	case 7:
		e.Withdraw(w.pending()...)
	case 8:
		e.Started(w.running()...)
	case 9, 10:
		e.Ended(some(w, e.Running(), func(h *placement.Running) placement.TaskID { return h.Task.ID })...)
	case 11:
		e.SetReadyAt(w.now.Add(time.Duration(w.r.IntN(5)-1)*time.Hour), w.pending()...)
	case 12:
		w.rare()
	default:
		e.Try(context.Background(), placement.Change{Offers: w.offers(1), Tasks: w.tasks(2), Withdraw: w.pending()})
	}
}

// rare events fill the tables of the engine, or leave them full of holes, or concern agents.
func (w *Walk) rare() {
	e := w.Engine
	switch w.r.IntN(4) {
	case 0:
		many := make([]placement.Task, 1100)
		ids := make([]placement.TaskID, len(many))
		for i := range many {
			ids[i] = placement.TaskID(w.name("many"))
			many[i].ID = ids[i]
		}
		e.Submit(many...)
		e.Withdraw(ids...)
	case 1:
		var ids []placement.OfferID
		for range 70 {
			id := w.name("more")
			ids = append(ids, placement.OfferID(id))
			e.AddOffers(placement.Offer{ID: ids[len(ids)-1], Agent: placement.AgentID(id)})
		}
		e.RemoveOffers(ids...)
	case 2:
		e.Disable(placement.Disabled{Agent: w.anAgent(), Until: w.now.Add(time.Hour)}, placement.Disabled{Agent: w.anAgent()})
	default:
		e.Enable(w.anAgent(), w.anAgent())
	}
}

// Round has the engine run a round, now and then one whose packer panics. The options come after those drawn.
func (w *Walk) Round(opts ...placement.Option) (placement.Result, error) {
	w.now = w.now.Add(time.Duration(w.r.IntN(3)) * 20 * time.Minute)
	packers := []placement.Packer{placement.FirstFit(), placement.BestFit(), placement.Spread(), placement.FillDotProduct()}
	p := packers[w.r.IntN(len(packers))]
	if w.r.IntN(8) == 0 {
		p = fails{}
	}
	drawn := []placement.Option{placement.WithPacker(p), placement.WithSeed(w.r.Uint64()), placement.WithNow(w.now)}
	if w.r.IntN(2) == 0 {
		drawn = append(drawn, placement.WithPieces())
	}
	if w.r.IntN(2) == 0 {
		drawn = append(drawn, placement.WithBackoff(placement.Backoff{First: time.Minute}))
	}
	return w.Engine.Assign(context.Background(), slices.Concat(drawn, opts)...)
}

// fails is a packer that places some tasks and panics.
type fails struct{}

func (fails) Pack(r *placement.Round) {
	placement.FirstFit().Pack(r)
	panic("no more")
}

func (fails) String() string { return "fails" }

func (w *Walk) name(of string) string {
	w.n++
	return fmt.Sprint(of, "-", w.n)
}

// source is what new things are taken from: now and then an input in which agents are others.
func (w *Walk) source() *Input {
	if w.r.IntN(10) > 0 {
		return &w.home
	}
	other := Generate(w.r.Uint64(), w.size)
	return &other
}

func (w *Walk) offers(n int) []placement.Offer {
	all := draw(w, w.source().Offers, n)
	for i := range all {
		all[i].ID = placement.OfferID(w.name("offer"))
	}
	return all
}

func (w *Walk) tasks(n int) []placement.Task {
	all := draw(w, w.source().Tasks, n)
	for i := range all {
		all[i].ID = placement.TaskID(w.name("task"))
	}
	return all
}

// running are tasks that run, the last of them perhaps one that was pending.
func (w *Walk) running() []placement.Running {
	all := draw(w, w.source().Running, 2)
	for i := range all {
		all[i].Task.ID = placement.TaskID(w.name("told"))
	}
	if ids := w.pending(); len(ids) > 0 && len(all) > 0 {
		all[len(all)-1].Task.ID = ids[0]
	}
	return all
}

func (w *Walk) anAgent() placement.AgentID {
	if len(w.home.Offers) == 0 {
		return "none"
	}
	return w.home.Offers[w.r.IntN(len(w.home.Offers))].Agent
}

func (w *Walk) pending() []placement.TaskID {
	return some(w, w.Engine.Pending(), func(t *placement.Task) placement.TaskID { return t.ID })
}

// draw takes n of the list, perhaps some twice.
func draw[T any](w *Walk, from []T, n int) (all []T) {
	for range n {
		if len(from) > 0 {
			all = append(all, from[w.r.IntN(len(from))])
		}
	}
	return all
}

// some names up to three of the list.
func some[T, ID any](w *Walk, from []T, id func(*T) ID) (ids []ID) {
	for _, x := range draw(w, from, 1+w.r.IntN(3)) {
		ids = append(ids, id(&x))
	}
	return ids
}
