package mesosv1

import (
	"fmt"
	"slices"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/berth-go/berth/placement"
)

func windowIn(u *mesos.Unavailability) (*placement.Window, error) {
	if u == nil {
		return nil, nil
	}
	w := &placement.Window{Start: time.Unix(0, u.Start.Nanoseconds).UTC()}
	if d := u.Duration; d != nil {
		if d.Nanoseconds < 0 {
			return nil, within("duration", fmt.Errorf("%w: %d ns", ErrWindow, d.Nanoseconds))
		}
		w.End = w.Start.Add(time.Duration(d.Nanoseconds))
	}
	return w, nil
}

func windowOut(w *placement.Window) (*mesos.Unavailability, error) {
	if w == nil {
		return nil, nil
	}
	start := w.Start.UnixNano()
	if !time.Unix(0, start).Equal(w.Start) {
		return nil, within("Start", fmt.Errorf("%w: %v in nanoseconds since 1970", ErrInexpressible, w.Start))
	}
	u := &mesos.Unavailability{Start: mesos.TimeInfo{Nanoseconds: start}}
	if w.End.IsZero() {
		return u, nil
	}
	d := w.End.Sub(w.Start)
	switch {
	case w.End.Before(w.Start):
		return nil, within("End", fmt.Errorf("%w: by %v", ErrWindow, -d))
	case !w.Start.Add(d).Equal(w.End):
		return nil, within("End", fmt.Errorf("%w: a window until %v in nanoseconds", ErrInexpressible, w.End))
	}
	u.Duration = &mesos.DurationInfo{Nanoseconds: int64(d)}
	return u, nil
}

func cloneURL(u *mesos.URL) *mesos.URL {
	if u == nil {
		return nil
	}
	c := *u
	c.Path, c.Fragment = clonePointer(u.Path), clonePointer(u.Fragment)
	c.Address.Hostname, c.Address.IP = clonePointer(u.Address.Hostname), clonePointer(u.Address.IP)
	c.Query = slices.Clone(u.Query)
	return &c
}

func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}
