package offersim

import (
	"time"

	"github.com/berth-go/berth/offerbuffer"
	"github.com/berth-go/berth/placement"
)

// Policy is a policy to be compared.
type Policy struct {
	Name string
	// make gets two questions: whether any task that waits would fit, and whether the largest would.
	make func(any, largest func([]placement.Offer) bool) offerbuffer.Policy
}

// Policies are those that the literature describes, and their combination.
func Policies() []Policy {
	long := func(name string, d time.Duration) Policy {
		return Policy{name, func(_, _ func([]placement.Offer) bool) offerbuffer.Policy { return offerbuffer.LongEnough(d) }}
	}
	return []Policy{
		{"at once", func(_, _ func([]placement.Offer) bool) offerbuffer.Policy { return offerbuffer.AtOnce() }},
		long("long enough, 15 s", 15*time.Second),
		long("long enough, 30 s", 30*time.Second),
		long("long enough, 60 s", time.Minute),
		{"big enough for any", func(any, _ func([]placement.Offer) bool) offerbuffer.Policy { return offerbuffer.BigEnough(any) }},
		{"big enough for the largest", func(_, largest func([]placement.Offer) bool) offerbuffer.Policy {
			return offerbuffer.BigEnough(largest)
		}},
		{"largest, or 15 s", func(_, largest func([]placement.Offer) bool) offerbuffer.Policy {
			return offerbuffer.Any(offerbuffer.LongEnough(15*time.Second), offerbuffer.BigEnough(largest))
		}},
		{"largest, or 30 s", func(_, largest func([]placement.Offer) bool) offerbuffer.Policy {
			return offerbuffer.Any(offerbuffer.LongEnough(30*time.Second), offerbuffer.BigEnough(largest))
		}},
	}
}
