package workload

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// fleet is what a fleet file holds.
type fleet struct {
	offers []placement.Offer
	lines  []int
	kinds  map[string]columnKind // of the resources it names
}

// columnKind is what the cells of a resource column are: numbers, or sets such as {a|b}. An empty
// cell fits both, so the first full one decides.
type columnKind uint8

const (
	undecided columnKind = iota
	scalarColumn
	setColumn
)

var fleetGrammar = grammar{key: "agent", columns: fleetColumns, prefixes: fleetPrefixes, others: without(taskColumns, fleetColumns)}

// readFleet reads a fleet in comma separated values: one offer a line. Lines of the same agent are
// several offers of it, each with an ID made of the agent and the line.
func readFleet(file string, r io.Reader) (*fleet, error) {
	t, err := newTable(file, r)
	if err != nil {
		return nil, err
	}
	heads, err := t.headings(fleetGrammar)
	if err != nil {
		return nil, err
	}
	f := &fleet{kinds: map[string]columnKind{}}
	for _, h := range heads {
		if h.resource(fleetColumns) {
			f.kinds[h.name] = undecided
		}
	}
	for {
		if err := t.next(); err == io.EOF {
			return f, nil
		} else if err != nil {
			return nil, err
		}
		if err := f.readOffer(t, heads); err != nil {
			return nil, err
		}
	}
}

func (f *fleet) readOffer(t *table, heads []heading) error {
	var d offerDraft
	for i, h := range heads {
		if t.cells[i] == "" && h.name != "agent" {
			continue
		}
		if err := f.readCell(&d, h, t.cells[i]); err != nil {
			return t.cellError(i, err)
		}
	}
	o := d.offer
	o.ID = placement.OfferID(string(o.Agent) + ":" + strconv.Itoa(t.line()))
	var err error
	if o.Resources, err = resources.New(d.pieces...); err != nil {
		return t.lineError(err.Error())
	}
	if o.Attributes, err = resources.NewAttributes(d.attributes...); err != nil {
		return t.lineError(err.Error())
	}
	f.offers = append(f.offers, o)
	f.lines = append(f.lines, t.line())
	return nil
}

// offerDraft is an offer while its line is being read.
type offerDraft struct {
	offer      placement.Offer
	pieces     []resources.Resource
	attributes []resources.Attribute
}

func (d *offerDraft) add(name string, v resources.Value, revocable bool) {
	d.pieces = append(d.pieces, resources.Resource{Name: name, Value: v, Revocable: revocable})
}

func (f *fleet) readCell(d *offerDraft, h heading, text string) error {
	switch h.prefix {
	case "attr":
		return d.attribute(h.name, text)
	case "device":
		units, err := parseUnits(h.name, text)
		d.offer.Devices = append(d.offer.Devices, units...)
		return err
	case "revocable":
		amount, err := parseAmount(text)
		d.add(h.name, resources.ScalarOf(amount), true)
		return err
	}
	switch h.name {
	case "agent":
		d.offer.Agent = placement.AgentID(text)
		return checkName(text)
	case "hostname":
		d.offer.Hostname = text
		return checkName(text)
	case "role":
		d.offer.Role = text
		return checkName(text)
	case "ports":
		ranges, err := parsePorts(text)
		d.add("ports", resources.RangesOf(ranges), false)
		return err
	case "disks":
		disks, err := parseFleetDisks(text)
		d.pieces = append(d.pieces, disks...)
		return err
	}
	return f.readResource(d, h.name, text)
}

// attribute reads an attribute: a number when it is written as one would print, else a text.
func (d *offerDraft) attribute(name, text string) error {
	if err := checkName(text); err != nil {
		return err
	}
	value := resources.TextOf(text)
	if amount, err := parseAmount(text); err == nil && amount.String() == text {
		value = resources.ScalarOf(amount)
	}
	d.attributes = append(d.attributes, resources.Attribute{Name: name, Value: value})
	return nil
}

func (f *fleet) readResource(d *offerDraft, name, text string) error {
	kind := scalarColumn
	if strings.HasPrefix(text, "{") {
		kind = setColumn
	}
	switch f.kinds[name] {
	case undecided:
		f.kinds[name] = kind
	case kind:
	default:
		return errors.New("one column holds both numbers and sets")
	}
	if kind == scalarColumn {
		amount, err := parseAmount(text)
		if err != nil {
			return fmt.Errorf("%w (a column that is not one of %s is a resource, its cells are amounts or sets such as {a|b})",
				err, strings.Join(fleetColumns, ", "))
		}
		d.add(name, resources.ScalarOf(amount), false)
		return nil
	}
	items, err := parseBraces(text)
	if err != nil {
		return err
	}
	set, err := resources.NewSet(items...)
	d.add(name, resources.SetOf(set), false)
	return err
}

// resource says whether the column is a resource rather than one of the known columns.
func (h heading) resource(columns []string) bool {
	if h.prefix != "" {
		return h.prefix == "revocable"
	}
	for _, c := range columns {
		if h.name == c {
			return false
		}
	}
	return true
}

func without(words, remove []string) []string {
	var kept []string
	for _, w := range words {
		keep := true
		for _, r := range remove {
			keep = keep && w != r
		}
		if keep {
			kept = append(kept, w)
		}
	}
	return kept
}
