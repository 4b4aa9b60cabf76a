package constraints

import (
	"fmt"
	"strconv"
	"strings"
)

// Parse reads constraints in text form, joined by ';'. Each prints as it is written there, in
// one line ([Canonical] is what a constructor would make). A blank text has none. An error is
// a [*ParseError].
func Parse(text string) ([]Constraint, error) {
	prefs, err := parseList(text, false)
	if err != nil || len(prefs) == 0 {
		return nil, err
	}
	list := make([]Constraint, len(prefs))
	for i, p := range prefs {
		list[i] = p.Constraint
	}
	return list, nil
}

// ParsePreferences reads constraints that may carry a weight: "2*unique(rack); zone=z1".
// The weight is 1 where none is given. An error is a [*ParseError].
func ParsePreferences(text string) ([]Preference, error) { return parseList(text, true) }

// ParseOne reads exactly one constraint.
func ParseOne(text string) (Constraint, error) {
	list, err := Parse(text)
	if err == nil && len(list) != 1 {
		err = errorAt(text, 0, fmt.Errorf("%w: one constraint expected, not %d", ErrSyntax, len(list)))
	}
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// MustParse is [Parse] for texts written into a program. It panics on an error.
func MustParse(text string) []Constraint {
	list, err := Parse(text)
	if err != nil {
		panic(err)
	}
	return list
}

// MustParsePreferences is [ParsePreferences] for texts written into a program. It panics on
// an error.
func MustParsePreferences(text string) []Preference {
	list, err := ParsePreferences(text)
	if err != nil {
		panic(err)
	}
	return list
}

// node is a piece of text understood as far as the grammar goes; what it means is up to
// build.
type node struct {
	kind nodeKind
	name string // the word, the name called, or the attribute compared
	op   byte   // of a comparison
	args []node // of a call, or the operands; of a comparison: the value
	pos  int
}

type nodeKind uint8

const (
	nodeWord nodeKind = iota
	nodeQuoted
	nodeCall
	nodeCompare
	nodeNot
	nodeAnd
	nodeOr
)

// maxDepth bounds the nesting of parentheses and negations, which costs stack.
const maxDepth = 100

type parser struct {
	text   string
	tokens []token
	depth  int
}

func (p *parser) peek() token { return p.tokens[0] }

func (p *parser) accept(kind byte) bool {
	if p.peek().kind != kind {
		return false
	}
	if kind != tokenEnd {
		p.tokens = p.tokens[1:]
	}
	return true
}

func (p *parser) syntax(pos int, format string, args ...any) error {
	return errorAt(p.text, pos, fmt.Errorf("%w: %s", ErrSyntax, fmt.Sprintf(format, args...)))
}

func (p *parser) unexpected(wanted string) error {
	t := p.peek()
	if t.kind == tokenEnd {
		return p.syntax(t.pos, "%s expected at the end", wanted)
	}
	return p.syntax(t.pos, "%s expected, not %q", wanted, strings.TrimSpace(p.text[t.pos:p.tokens[1].pos]))
}

func parseList(text string, weights bool) ([]Preference, error) {
	tokens, err := lex(text)
	if err != nil {
		return nil, err
	}
	p := &parser{text: text, tokens: tokens}
	var list []Preference
	for p.peek().kind != tokenEnd {
		pref, err := p.item(weights)
		if err != nil {
			return nil, err
		}
		list = append(list, pref)
		if !p.accept(';') && p.peek().kind != tokenEnd {
			return nil, p.unexpected("';' or the end")
		}
	}
	return list, nil
}

// item reads a constraint with, where weights are allowed, a weight in front.
func (p *parser) item(weights bool) (Preference, error) {
	weight := 1.0
	start := p.peek().pos
	if first := p.peek(); first.kind == tokenWord && p.tokens[1].kind == '*' {
		w, err := strconv.ParseFloat(first.text, 64)
		switch {
		case !weights:
			return Preference{}, errorAt(p.text, first.pos, misuse("a requirement has no weight"))
		case err != nil:
			return Preference{}, errorAt(p.text, first.pos, misuse("weight %q is not a number", first.text))
		case w == 0:
			return Preference{}, errorAt(p.text, first.pos, misuse("a weight of 0 has no effect"))
		}
		if err := checkWeight(w); err != nil {
			return Preference{}, errorAt(p.text, first.pos, err)
		}
		weight = w
		p.tokens = p.tokens[2:]
	}
	middle := p.peek().pos
	n, err := p.operands('|', nodeOr)
	if err != nil {
		return Preference{}, err
	}
	c, err := p.build(n)
	if err != nil {
		return Preference{}, err
	}
	return p.remember(Preference{Constraint: c, Weight: weight}, start, middle, p.peek().pos), nil
}

// operands reads one level of '|' or, below it, of '&'.
func (p *parser) operands(op byte, kind nodeKind) (node, error) {
	n := node{kind: kind, pos: p.peek().pos}
	for {
		var part node
		var err error
		if op == '|' {
			part, err = p.operands('&', nodeAnd)
		} else {
			part, err = p.unary()
		}
		if err != nil {
			return node{}, err
		}
		n.args = append(n.args, part)
		if !p.accept(op) {
			break
		}
	}
	if len(n.args) == 1 {
		return n.args[0], nil
	}
	return n, nil
}

func (p *parser) unary() (node, error) {
	if p.depth++; p.depth > maxDepth {
		return node{}, p.syntax(p.peek().pos, "nested more than %d deep", maxDepth)
	}
	defer func() { p.depth-- }()
	start := p.peek()
	switch {
	case p.accept('!'):
		part, err := p.unary()
		return node{kind: nodeNot, args: []node{part}, pos: start.pos}, err
	case p.accept('('):
		part, err := p.operands('|', nodeOr)
		if err == nil && !p.accept(')') {
			err = p.unexpected("')'")
		}
		return part, err
	case p.accept(tokenWord):
		if p.accept('(') {
			args, err := p.arguments()
			return node{kind: nodeCall, name: start.text, args: args, pos: start.pos}, err
		}
		return p.comparison(node{kind: nodeWord, name: start.text, pos: start.pos})
	case p.accept(tokenQuoted):
		return p.comparison(node{kind: nodeQuoted, name: start.text, pos: start.pos})
	}
	return node{}, p.unexpected("a constraint")
}

// comparison continues after a word, which is the left side if an operator follows.
func (p *parser) comparison(left node) (node, error) {
	op := p.peek().kind
	switch op {
	case '=', '<', '>', '~', tokenNotEqual, tokenAtMost, tokenAtLeast, tokenNotLike:
	default:
		return left, nil
	}
	p.tokens = p.tokens[1:]
	value := p.peek()
	if !p.accept(tokenWord) && !p.accept(tokenQuoted) {
		return node{}, p.unexpected("a value")
	}
	right := node{kind: nodeWord, name: value.text, pos: value.pos}
	return node{kind: nodeCompare, name: left.name, op: op, args: []node{right}, pos: left.pos}, nil
}

// arguments reads up to and including the closing parenthesis.
func (p *parser) arguments() ([]node, error) {
	var args []node
	if p.accept(')') {
		return nil, nil
	}
	for {
		arg, err := p.operands('|', nodeOr)
		if err != nil {
			return nil, err
		}
		args = append(args, arg)
		if p.accept(')') {
			return args, nil
		}
		if !p.accept(',') {
			return nil, p.unexpected("',' or ')'")
		}
	}
}
