package constraintstest

import (
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/resources"
)

// Strict returns a source that answers like src and reports every question that reads does
// not declare. A constraint that asks one is wrong: its verdicts are remembered by what it
// declares.
func Strict(src constraints.Source, reads constraints.Reads, report func(violation string)) constraints.Source {
	return &strict{src, reads, report}
}

type strict struct {
	src    constraints.Source
	reads  constraints.Reads
	report func(string)
}

func (s *strict) check(declared bool, format string, args ...any) {
	if !declared {
		s.report(fmt.Sprintf(format, args...))
	}
}

func (s *strict) attribute(names ...string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(s.reads.Attributes, n) })
}

func (s *strict) count(c constraints.Count) {
	s.check(slices.Contains(s.reads.Counts, c), "reads the count of group %q by %q, which Reads.Counts does not list", c.Group, c.By)
}

func (s *strict) Agent() string {
	s.check(s.reads.Agent || s.attribute("@agent"), "reads the agent's ID, which Reads does not declare")
	return s.src.Agent()
}

func (s *strict) Hostname() string {
	s.check(s.reads.Agent || s.attribute("hostname", "@hostname"), "reads the host name, which Reads does not declare")
	return s.src.Hostname()
}

func (s *strict) Attribute(name string) (resources.Value, bool) {
	s.check(s.attribute(name), "reads the attribute %q, which Reads.Attributes does not list", name)
	return s.src.Attribute(name)
}

func (s *strict) Count(c constraints.Count) int {
	s.count(c)
	return s.src.Count(c)
}

func (s *strict) Tally(c constraints.Count) constraints.Tally {
	s.count(c)
	return s.src.Tally(c)
}

func (s *strict) Values(c constraints.Count) iter.Seq2[string, int] {
	s.count(c)
	return s.src.Values(c)
}

func (s *strict) Domains(by string) int {
	ok := slices.ContainsFunc(s.reads.Counts, func(c constraints.Count) bool { return c.By == by })
	s.check(ok, "reads the domains of %q, by which Reads.Counts counts nothing", by)
	return s.src.Domains(by)
}

func (s *strict) GroupSize(group string) int {
	ok := slices.ContainsFunc(s.reads.Counts, func(c constraints.Count) bool { return c.Group == group })
	s.check(ok, "reads the size of group %q, which Reads.Counts does not count", group)
	return s.src.GroupSize(group)
}

func (s *strict) Now() time.Time {
	s.check(s.reads.Time, "reads the time without Reads.Time")
	return s.src.Now()
}

func (s *strict) Unavailable() (start, end time.Time, ok bool) {
	s.check(s.reads.Time, "reads the maintenance window without Reads.Time")
	return s.src.Unavailable()
}

func (s *strict) Lasts() time.Duration {
	s.check(s.reads.Time, "reads how long the task lasts without Reads.Time")
	return s.src.Lasts()
}
