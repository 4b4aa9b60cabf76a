package constraints

import "slices"

// Instance is a placed task as [ScaleDown] sees it: the value that an attribute has on its
// agent. For the attribute "" it is the agent's ID.
type Instance func(attr string) (value string, ok bool)

// ScaleDown selects n instances of a group to end, so that those left are spread as the
// group's [GroupBy] constraints want, alone or in an [And]. It returns their indexes in the
// order in which to end them. Without such a constraint it selects none and leaves the
// choice to the caller; if n is all there are or more, it selects all. It may select fewer
// than n, if ending any other would make the group less even.
//
// One by one it takes an instance from the fullest value of the most uneven attribute, the
// last started of them (the highest index), such that for every attribute the fullest and
// the emptiest value differ by at most one task, or by less than at first. Each takes time
// linear in the number of instances. This is how Marathon scales down.
func ScaleDown(require []Constraint, instances []Instance, n int) []int {
	attributes := groupedBy(require)
	if len(attributes) == 0 || n <= 0 || len(instances) == 0 {
		return nil
	}
	s := scaleDown{ended: make([]bool, len(instances))}
	for _, attr := range attributes {
		s.spreads = append(s.spreads, spreadOf(instances, attr))
	}
	var selected []int
	for len(selected) < min(n, len(instances)) {
		i, ok := s.next()
		if !ok && n >= len(instances) { // all are to go: the order no longer matters
			i, ok = slices.Index(s.ended, false), true
		}
		if !ok {
			break
		}
		s.end(i)
		selected = append(selected, i)
	}
	return selected
}

// groupedBy returns the attributes of all GroupBy constraints.
func groupedBy(list []Constraint) (attributes []string) {
	for _, c := range list {
		switch c := Canonical(c).(type) {
		case groupBy:
			attributes = appendNew(attributes, c.by)
		case and:
			for _, a := range groupedBy(c.parts) {
				attributes = appendNew(attributes, a)
			}
		}
	}
	return attributes
}

type scaleDown struct {
	ended   []bool
	spreads []valueSpread
}

// valueSpread is how the instances lie over the values of one attribute.
type valueSpread struct {
	valueOf []int // value of each instance, numbered as they first occur; having none is a value
	counts  []int // instances left at each value
	atFirst int   // difference before any was ended
}

func spreadOf(instances []Instance, attr string) valueSpread {
	type key struct {
		text string
		ok   bool
	}
	number := map[key]int{}
	var s valueSpread
	for _, instance := range instances {
		text, ok := instance(attr)
		v, known := number[key{text, ok}]
		if !known {
			v = len(s.counts)
			number[key{text, ok}] = v
			s.counts = append(s.counts, 0)
		}
		s.counts[v]++
		s.valueOf = append(s.valueOf, v)
	}
	s.atFirst = s.difference()
	return s
}

// difference is by how much the fullest value exceeds the emptiest.
func (s valueSpread) difference() int {
	return slices.Max(s.counts) - slices.Min(s.counts)
}

// next selects an instance to end.
func (s *scaleDown) next() (int, bool) {
	uneven := slices.Clone(s.spreads)
	slices.SortStableFunc(uneven, func(a, b valueSpread) int { return b.difference() - a.difference() })
	for _, p := range uneven {
		if p.difference() == 0 {
			break
		}
		most := slices.Max(p.counts)
		if i, ok := s.last(func(i int) bool { return p.counts[p.valueOf[i]] == most }); ok {
			return i, true
		}
	}
	return s.last(func(int) bool { return true })
}

// last returns the last instance of those wanted that can be ended without making a spread
// worse.
func (s *scaleDown) last(wanted func(i int) bool) (int, bool) {
	for i := len(s.ended) - 1; i >= 0; i-- {
		if !s.ended[i] && wanted(i) && s.harmless(i) {
			return i, true
		}
	}
	return 0, false
}

func (s *scaleDown) harmless(i int) bool {
	for _, p := range s.spreads {
		p.counts[p.valueOf[i]]--
		after := p.difference()
		p.counts[p.valueOf[i]]++
		if after > 1 && after >= p.atFirst {
			return false
		}
	}
	return true
}

func (s *scaleDown) end(i int) {
	s.ended[i] = true
	for _, p := range s.spreads {
		p.counts[p.valueOf[i]]--
	}
}
