package mesosv1

import (
	"errors"
	"math/rand"
	"testing"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/berth-go/berth/placement"
)

// decode is mesos-go's decoder. It refuses most random bytes; should it panic, that is
// not for this package to answer for.
func decode(data []byte) (o mesos.Offer, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	err := o.Unmarshal(data)
	return o, err == nil
}

// checkOffer converts m and, when that works, there and back again.
func checkOffer(t *testing.T, m *mesos.Offer) bool {
	o, err := FromOffer(m)
	var e *Error
	if err != nil {
		if !errors.As(err, &e) || e.Err == nil {
			t.Fatalf("not an *Error: %v", err)
		}
		return false
	}
	if _, err := placement.Assign([]placement.Offer{o.Offer}, nil); err != nil {
		t.Fatalf("a round refuses the offer: %v\n%v", err, m)
	}
	back, err := ToOffer(o)
	if err != nil {
		t.Fatalf("no way back: %v\n%v", err, m)
	}
	again, err := FromOffer(&back)
	if err != nil || !again.Resources.Equal(o.Resources) || !again.Attributes.Equal(o.Attributes) {
		t.Fatalf("%v comes back as %v (%v)", o, again, err)
	}
	return true
}

func FuzzOffer(f *testing.F) {
	for seed := range uint64(20) {
		g := newMaker(seed)
		g.wild = seed%2 == 0
		m := g.offer(1)
		f.Add(encode(f, &m))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, ok := decode(data); ok {
			checkOffer(t, &m)
		}
	})
}

// The generator of mesos-go fills fields with anything at all.
func TestAnything(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 3000 {
		checkOffer(t, mesos.NewPopulatedOffer(r, false))
	}
	good := 0
	for seed := range uint64(10000) {
		g := newMaker(seed)
		g.wild = true
		m := g.offer(1)
		if checkOffer(t, &m) {
			good++
		}
	}
	t.Logf("%d of 10000 odd offers can be used", good)
}
