package constraints_test

import (
	"slices"
	"testing"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/constraints/constraintstest"
)

// TestConform runs every constraint through the conformance kit.
func TestConform(t *testing.T) {
	for _, tt := range spellings {
		constraintstest.Test(t, one(t, tt.want))
	}
}

// declares is a constraint that declares something else than it should.
type declares struct {
	constraints.Constraint
	edit func(*constraints.Reads)
}

func (d declares) Reads(group string) constraints.Reads {
	r := d.Constraint.Reads(group)
	r.Attributes, r.Counts = slices.Clone(r.Attributes), slices.Clone(r.Counts)
	d.edit(&r)
	return r
}

// TestDeclarationsAreNeeded withdraws one declaration after the other and expects the kit
// to miss it: nothing is declared that is not read, and the worlds of the kit are rich
// enough to see every read.
func TestDeclarationsAreNeeded(t *testing.T) {
	for _, tt := range spellings {
		c := one(t, tt.want)
		reads := c.Reads("own")
		try := func(what string, edit func(*constraints.Reads)) {
			if constraintstest.Check(declares{c, edit}) == nil {
				t.Errorf("%s: the kit does not miss %s", tt.want, what)
			}
		}
		for i, a := range reads.Attributes {
			try("attribute "+a, func(r *constraints.Reads) {
				if i < len(r.Attributes) {
					r.Attributes = slices.Delete(r.Attributes, i, i+1)
				}
			})
		}
		for i, n := range reads.Counts {
			try("the count of "+n.Group+" by "+n.By, func(r *constraints.Reads) {
				if i < len(r.Counts) {
					r.Counts = slices.Delete(r.Counts, i, i+1)
				}
			})
		}
		if reads.Agent {
			try("Agent", func(r *constraints.Reads) { r.Agent = false })
		}
		if reads.Task && tt.want != "reserved(job7)" { // with no agents it accepts all, whatever the task
			try("Task", func(r *constraints.Reads) { r.Task = false })
		}
		if reads.Time {
			try("Time", func(r *constraints.Reads) { r.Time = false })
		}
		if !reads.Shrinks {
			try("that it does not shrink", func(r *constraints.Reads) { r.Shrinks = true })
		}
	}
}
