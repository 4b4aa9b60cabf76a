package constraints

import (
	"regexp"
	"regexp/syntax"

	"github.com/berth-go/berth/resources"
)

// Limits on the regular expressions of [Like]: the length of the text and the number of
// instructions it compiles to. RE2 matches in linear time, so they bound memory and the
// time of a match.
const (
	maxPattern      = 1024
	maxInstructions = 10_000
)

type like struct {
	attr, pattern string
	not           bool
	re            *regexp.Regexp
}

// Like wants the whole text of the attribute's value to match a regular expression (RE2
// syntax): kernel~"5\\..*". An agent without the attribute is refused. An empty, malformed
// or huge expression is an error that wraps [ErrMisuse]. It scores 1 or 0.
func Like(attr, pattern string) (Constraint, error) { return newLike(attr, pattern, false) }

// Unlike is the opposite of [Like]: kernel!~"4\\..*". An agent without the attribute is
// accepted.
func Unlike(attr, pattern string) (Constraint, error) { return newLike(attr, pattern, true) }

func newLike(attr, pattern string, not bool) (Constraint, error) {
	if attr == "" {
		return nil, errNameless
	}
	if pattern == "" {
		return nil, misuse("an empty regular expression")
	}
	if len(pattern) > maxPattern {
		return nil, misuse("a regular expression of %d bytes, at most %d are allowed", len(pattern), maxPattern)
	}
	// Parsed by itself first, so that "a)|(b" is refused and not completed by the anchors.
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, misuse("%v", err)
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return nil, misuse("%v", err)
	}
	if len(program.Inst) > maxInstructions {
		return nil, misuse("regular expression too complex: it needs %d steps, at most %d are allowed", len(program.Inst), maxInstructions)
	}
	re, err := regexp.Compile(`\A(?:` + pattern + `)\z`)
	if err != nil {
		return nil, misuse("%v", err)
	}
	return like{attr, pattern, not, re}, nil
}

func (l like) String() string {
	op := "~"
	if l.not {
		op = "!~"
	}
	return quote(l.attr) + op + quote(l.pattern)
}

func (l like) Reads(string) Reads { return readsAttribute(l.attr) }

func (l like) Judge(c *Candidate) Verdict { return pass(l.matches(c) != l.not) }

func (l like) matches(c *Candidate) bool {
	if text, fixed := c.fixed(l.attr); fixed {
		return text != "" && l.re.MatchString(text)
	}
	v, ok := c.Attribute(l.attr)
	if !ok {
		return false
	}
	if v.Kind() == resources.KindText {
		return l.re.MatchString(v.Text())
	}
	return l.re.MatchString(ValueText(v))
}
