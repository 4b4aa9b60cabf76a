package offerbuffer

import (
	"strings"
	"time"
)

// Any releases when one of the policies does. They are asked in order, the first that releases is the one
// counted in [Stats]; put cheap ones first. Without policies it never releases.
func Any(policies ...Policy) Policy { return anyOf(clean(policies)) }

// All releases when all policies do. They are asked in order, up to the first that does not release, which says when to
// ask again; put cheap ones first. Without policies it releases at once.
func All(policies ...Policy) Policy {
	p := clean(policies)
	return allOf{p, "all of (" + join(p) + ")"}
}

func clean(policies []Policy) []Policy {
	var out []Policy
	for _, p := range policies {
		if p != nil {
			out = append(out, p)
		}
	}
	return out
}

type anyOf []Policy

func (p anyOf) String() string { return "any of (" + join(p) + ")" }

func (p anyOf) Judge(h *Held) Verdict {
	var again time.Time
	for _, q := range p {
		v := q.Judge(h)
		if v.Release {
			return v
		}
		if v.Again.After(h.Now()) && (again.IsZero() || v.Again.Before(again)) {
			again = v.Again
		}
	}
	return Verdict{Again: again}
}

type allOf struct {
	policies []Policy
	name     string
}

func (p allOf) String() string { return p.name }

func (p allOf) Judge(h *Held) Verdict {
	for _, q := range p.policies {
		if v := q.Judge(h); !v.Release {
			return v
		}
	}
	return Verdict{Release: true, By: p.name}
}

func join(policies []Policy) string {
	names := make([]string, len(policies))
	for i, p := range policies {
		names[i] = p.String()
	}
	return strings.Join(names, ", ")
}
