package placement

import (
	"fmt"
	"slices"
	"testing"

	"github.com/berth-go/berth/resources"
)

// A fleet that takes over the rows of the intake is the one that is filled bin by bin: with spare rows none are taken over.
func TestRowsTakenOverAreThoseFilled(t *testing.T) {
	var offers []Offer
	for i := range 3 * fewOffers {
		text := fmt.Sprintf("cpus:%d;disk:%d;mem:%d;ports:[0-%d,80000-90000]", 4+i%3, 1+i, 1024*(1+i%5), 10*i)
		offers = append(offers, Offer{ID: OfferID(fmt.Sprintf("o%03d", i)), Agent: AgentID(fmt.Sprintf("a%03d", i)), Resources: resources.MustParse(text)})
	}
	two := slices.Clone(offers)
	two[7].Agent = two[6].Agent
	other := slices.Clone(offers)
	other[9].Resources = resources.MustParse("cpus:1;gpus:2")
	for name, c := range map[string]struct {
		offers []Offer
		over   bool
	}{"uniform": {offers, true}, "two of one agent": {two, false}, "another layout": {other, false}} {
		if newFleet(intakeOf(c.offers), nil, 0, 1).areRows(intakeOf(c.offers)) != c.over {
			t.Errorf("%s: rows are taken over: %v, want %v", name, !c.over, c.over)
		}
		got, want := newFleet(intakeOf(c.offers), nil, 0, 1), newFleet(intakeOf(c.offers), nil, 1, 1)
		for b := range int32(len(want.bins)) {
			if !slices.Equal(got.freeRow(b), want.freeRow(b)) || !slices.Equal(got.capacityRow(b), want.capacityRow(b)) || !got.ports[b].Equal(want.ports[b]) {
				t.Errorf("%s: bin %d has %v of %v and %v, want %v of %v and %v", name, b,
					got.freeRow(b), got.capacityRow(b), got.ports[b], want.freeRow(b), want.capacityRow(b), want.ports[b])
			}
		}
	}
}
