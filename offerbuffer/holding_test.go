package offerbuffer

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

func TestHolding(t *testing.T) {
	offers := func(texts ...string) (all []placement.Offer) {
		for _, text := range texts {
			var r resources.Resources
			if err := r.UnmarshalText([]byte(text)); err != nil {
				t.Fatal(err)
			}
			all = append(all, placement.Offer{Resources: r})
		}
		return all
	}
	const revocable = `[{"name":"cpus","type":"SCALAR","scalar":{"value":3},"revocable":{}}]`
	for _, tt := range []struct {
		want   string
		offers []placement.Offer
		holds  bool
	}{
		{"", nil, true},
		{"cpus:1", nil, false},
		{"cpus:4;mem:100", offers("cpus:4;mem:100"), true},
		{"cpus:4;mem:100", offers("cpus:1;mem:60", "cpus(web):3;mem:40"), true},
		{"cpus:4;mem:100", offers("cpus:4;mem:99.999"), false},
		{"cpus:4;mem:100", offers("cpus:3.999;mem:100"), false},
		{"cpus:4", offers("cpus:2", revocable), false},
		{"ports:2", offers("ports:[1-9]"), false}, // no amount
	} {
		if got := Holding(resources.MustQuantities(tt.want))(tt.offers); got != tt.holds {
			t.Errorf("%v hold %s: %v", tt.offers, tt.want, got)
		}
	}
}

// TestRunBigEnough lets Run hold offers until they hold enough, until less is asked for, and until the connection breaks.
func TestRunBigEnough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		want := resources.MustQuantities("cpus:3")
		b := mustNew(t, Config{Policy: BigEnough(func(o []placement.Offer) bool { return Holding(want)(o) })})
		d := startRun(t.Context(), b, nil)
		offer := func(id, text string) placement.Offer {
			o := offerOf(id, "a", "")
			o.Resources = resources.MustParse(text)
			return o
		}
		send := func(e Event) {
			d.events <- e
			synctest.Wait()
			time.Sleep(time.Second)
		}
		send(Offered(offer("o1", "cpus:2")))
		send(Offered(offer("o2", "cpus:1"))) // enough
		send(LostAgent("a"))
		send(Offered(offer("o3", "cpus:2")))
		want = resources.MustQuantities("cpus:2")
		send(Reconsideration()) // and now that is
		send(Disconnection())
		close(d.events)
		<-d.done
		if d.err != nil {
			t.Error(d.err)
		}
		d.expect(t, "1s drop [] release [o1 o2] decline []", "2s drop [o1 o2] release [] decline []",
			"4s drop [] release [o3] decline []", "5s drop [o3] release [] decline []")
	})
}
