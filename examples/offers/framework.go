package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/berth-go/berth/mesosv1"
	"github.com/berth-go/berth/offerbuffer"
	"github.com/berth-go/berth/placement"
)

const id = "framework-1"

// framework is the whole of a scheduler but for its connection.
type framework struct {
	out    io.Writer
	now    time.Time
	buffer *offerbuffer.Buffer
	engine *placement.Engine
	offers map[placement.OfferID]mesosv1.Offer // as the master made them, until they end
	calls  mesosv1.Accepter
}

func newFramework(out io.Writer) (*framework, error) {
	f := &framework{out: out, engine: placement.NewEngine(placement.WithPieces()), offers: map[placement.OfferID]mesosv1.Offer{}}
	var err error
	f.buffer, err = offerbuffer.New(offerbuffer.Config{
		Policy:  offerbuffer.Any(offerbuffer.LongEnough(30*time.Second), offerbuffer.BigEnough(f.engine.Wants)),
		MaxHold: time.Minute,
	})
	f.calls = mesosv1.Accepter{Framework: id, Principal: "berth", Offer: f.find, Launch: launch}
	return f, err
}

func (f *framework) find(id placement.OfferID) (mesosv1.Offer, bool) {
	o, ok := f.offers[id]
	return o, ok
}

// receive takes offers over. What cannot be converted cannot be used, and is declined at once.
func (f *framework) receive(messages ...mesos.Offer) {
	good, err := mesosv1.FromOffers(messages)
	var bad mesosv1.Errors
	if errors.As(err, &bad) {
		for _, e := range bad {
			fmt.Fprintln(f.out, "  ", e)
			f.send(mesosv1.Decline(id, time.Hour, placement.OfferID(e.Offer)))
		}
	}
	for _, o := range good {
		f.offers[o.ID] = o
	}
	f.report(f.buffer.Add(f.now, mesosv1.Placement(good)...))
}

func (f *framework) rescind(ids ...placement.OfferID) {
	f.buffer.Rescind(ids...)
	f.forget(ids...)
}

func (f *framework) submit(tasks ...placement.Task) {
	f.report(f.engine.Submit(tasks...))
	f.buffer.Reconsider()
}

// step does what is due: first what the buffer says, then a round.
func (f *framework) step(now time.Time) error {
	f.now = now
	a := f.buffer.Tick(now)
	f.engine.RemoveOffers(a.Drop...)
	f.add(a.Release)
	for _, call := range mesosv1.Declines(id, a) {
		f.send(call)
	}
	for _, d := range a.Decline {
		f.forget(d.Offers...)
	}
	result, err := f.engine.Assign(context.Background(), placement.WithNow(now))
	if err != nil {
		return err
	}
	f.launch(result.Assignments)
	return nil
}

// add lends offers to the engine. Those it refuses are of no use.
func (f *framework) add(offers []placement.Offer) {
	for _, o := range offers {
		fmt.Fprintf(f.out, "   %s released %s of %s\n", f.now.Format("15:04:05"), o.ID, o.Agent)
	}
	var bad *placement.InputError
	if err := f.engine.AddOffers(offers...); errors.As(err, &bad) {
		f.report(err)
		for _, o := range bad.Offenders {
			f.buffer.Decline(-1, placement.OfferID(o.ID))
		}
	}
}

// launch tells the buffer which offers are used, and sends a call for each bin whose offers are all there still.
func (f *framework) launch(assignments []placement.Assignment) {
	usable := assignments[:0:0]
	checked := map[placement.OfferID]error{}
	for _, a := range assignments {
		first := a.Offers[0]
		err, seen := checked[first]
		if !seen {
			err = f.buffer.Used(a.Offers...)
			checked[first] = err
		}
		if err != nil {
			f.report(err)
			f.engine.Ended(a.Task)
			continue
		}
		usable = append(usable, a)
	}
	calls, err := f.calls.Accept(usable)
	f.report(err)
	for _, c := range calls {
		f.send(c.Call)
		f.engine.Ended(c.Failed...)
		f.forget(c.Offers...)
	}
}

func (f *framework) forget(ids ...placement.OfferID) {
	for _, id := range ids {
		delete(f.offers, id)
	}
}

// send prints a call. A real framework would send it, and trust the next events to tell what became of it.
func (f *framework) send(call *scheduler.Call) {
	text, err := json.Marshal(call)
	if err != nil {
		f.report(err)
		return
	}
	fmt.Fprintf(f.out, "   %s %s\n", f.now.Format("15:04:05"), text)
}

func (f *framework) report(err error) {
	if err != nil {
		fmt.Fprintln(f.out, "  ", err)
	}
}
