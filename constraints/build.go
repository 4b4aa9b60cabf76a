package constraints

import (
	"strconv"
	"strings"
)

// builder makes the constraint of one name from its arguments.
type builder struct {
	form string // how it is written, for messages
	make func(*arguments) (Constraint, error)
}

// forms is every constraint that is written as a name, with or without arguments. A new constraint adds a line here.
// It is looked up, never walked: no result depends on its order. It is filled by init because some constraints hold others.
var forms map[string]builder

func init() {
	forms = map[string]builder{
		"exclusive": {"exclusive", func(a *arguments) (Constraint, error) { return Exclusive(), nil }},
		"unique":    {"unique(attribute)", func(a *arguments) (Constraint, error) { return Unique(a.optional()), nil }},
	}
}

// comparisons is every constraint that is written with an operator.
func compare(op byte, attr, value string) (Constraint, error) {
	switch op {
	case '=':
		return Equals(attr, value), nil
	}
	return nil, misuse("no such comparison")
}

// build turns a node into the constraint it means.
func (p *parser) build(n node) (Constraint, error) {
	switch n.kind {
	case nodeWord, nodeCall:
		return p.buildForm(n)
	case nodeCompare:
		if n.name == "" {
			return nil, errorAt(p.text, n.pos, misuse("an attribute without a name"))
		}
		c, err := compare(n.op, n.name, n.args[0].name)
		if err != nil {
			return nil, errorAt(p.text, n.args[0].pos, err)
		}
		return c, nil
	}
	return nil, errorAt(p.text, n.pos, misuse("%q is a value, not a constraint", n.name))
}

func (p *parser) buildForm(n node) (Constraint, error) {
	form, known := forms[n.name]
	if !known {
		return nil, errorAt(p.text, n.pos, misuse("no constraint is called %q", n.name))
	}
	a := &arguments{p: p, call: n, left: n.args, form: form.form}
	c, err := form.make(a)
	if a.err == nil && err != nil {
		a.fail(n.pos, err)
	}
	if a.err == nil && len(a.left) > 0 {
		a.fail(a.left[0].pos, misuse("too many arguments: it is written %s", form.form))
	}
	if a.err != nil {
		return nil, a.err
	}
	return c, nil
}

// arguments hands a builder its arguments from left to right and remembers the first that is wrong.
type arguments struct {
	p    *parser
	call node
	left []node
	form string
	err  error // with position
}

func (a *arguments) fail(pos int, err error) {
	if a.err == nil {
		a.err = errorAt(a.p.text, pos, err)
	}
}

// next returns the next argument; without one it fails if it must be there.
func (a *arguments) next(must bool) (node, bool) {
	if len(a.left) == 0 {
		if must {
			a.fail(a.call.pos, misuse("too few arguments: it is written %s", a.form))
		}
		return node{}, false
	}
	n := a.left[0]
	a.left = a.left[1:]
	return n, true
}

func (a *arguments) wordOf(n node) string {
	if n.kind != nodeWord && n.kind != nodeQuoted {
		a.fail(n.pos, misuse("a name or a value is expected here: it is written %s", a.form))
	}
	return n.name
}

// word is an argument that must be there and not be empty.
func (a *arguments) word() string {
	n, ok := a.next(true)
	if !ok {
		return ""
	}
	w := a.wordOf(n)
	if w == "" {
		a.fail(n.pos, misuse("an empty name: it is written %s", a.form))
	}
	return w
}

// optional is an argument that may be absent or empty.
func (a *arguments) optional() string {
	n, ok := a.next(false)
	if !ok {
		return ""
	}
	return a.wordOf(n)
}

// integer is a whole number; absent is what it is when it is not there, and a negative absent says that it must be.
func (a *arguments) integer(absent int) int {
	n, ok := a.next(absent < 0)
	if !ok {
		return max(absent, 0)
	}
	i, err := parseInt(a.wordOf(n))
	if err != nil {
		a.fail(n.pos, err)
	}
	return i
}

func parseInt(text string) (int, error) {
	i, err := strconv.ParseInt(strings.TrimSpace(text), 10, 32)
	if err != nil {
		return 0, misuse("%q is not a whole number", text)
	}
	return int(i), nil
}
