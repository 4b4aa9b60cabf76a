package constraints_test

import (
	"errors"
	"testing"
	"time"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/constraints/constraintstest"
)

// TestNameless: what lacks a name that it needs is an error, or accepts nobody, however it is combined: it is never a silent pass.
func TestNameless(t *testing.T) {
	w := constraintstest.New(agent("a", "rack:r1;gen:2"))
	rack := constraints.Exists("rack")
	for _, c := range []constraints.Constraint{
		constraints.Equals("", "r1"), constraints.Is("", "1.0"), constraints.In("", "r1", "r2"), constraints.Has("", "r1"), constraints.Exists(""),
		constraints.AtLeast("", 1), constraints.AtMost("", 1), constraints.MoreThan("", 1), constraints.LessThan("", 1),
		constraints.Near("", "rack"), constraints.Apart("", "rack"), constraints.Of("", constraints.Unique("rack")),
		constraints.Of("db", constraints.Equals("", "r1")), constraints.And(rack, constraints.Apart("", "")), constraints.And(rack, nil),
		constraints.Not(nil), nil,
	} {
		for _, combined := range []constraints.Constraint{constraints.And(c, rack), constraints.Not(c), constraints.Not(constraints.Not(c)),
			constraints.Not(constraints.And(c, rack)), constraints.Of("db", constraints.Not(c)), constraints.Or(c, constraints.Not(c))} {
			if w.Judge(combined, "a", "web").OK {
				t.Errorf("%v accepts an agent, made of %v", combined, c)
			}
		}
		if c == nil {
			continue
		}
		constraintstest.Test(t, c)
		if _, err := constraints.ParseOne(c.String()); err == nil {
			t.Errorf("%v is taken for a constraint", c)
		}
	}
	for name, err := range map[string]error{
		"Like": second(constraints.Like("", "r.*")), "Unlike": second(constraints.Unlike("", "r.*")),
		"Between": second(constraints.Between("", 1, 2)), "Lifetime": second(constraints.Lifetime("", time.Hour)),
	} {
		if !errors.Is(err, constraints.ErrMisuse) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second(_ constraints.Constraint, err error) error { return err }
