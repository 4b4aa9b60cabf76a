package constraints

// builder makes the constraint of one name from its arguments.
type builder struct {
	form string // how it is written, for messages
	make func(*arguments) (Constraint, error)
}

// forms is every constraint that is written as a name, with or without arguments. A new
// constraint adds a line here. It is looked up, never walked: no result depends on its
// order. It is filled by init because some constraints hold others.
var forms map[string]builder

func init() {
	forms = map[string]builder{
		"apart":         {"apart(group,attribute)", func(a *arguments) (Constraint, error) { return Apart(a.word(), a.optional()), nil }},
		"available":     {"available(time)", func(a *arguments) (Constraint, error) { return Available(a.duration(false)) }},
		"balanced":      {"balanced(attribute,minimum)", func(a *arguments) (Constraint, error) { return Balanced(a.optional(), a.integer(0)) }},
		"between":       {"between(attribute,low,high)", func(a *arguments) (Constraint, error) { return Between(a.word(), a.amount(), a.amount()) }},
		"cluster":       {"cluster(attribute,value)", func(a *arguments) (Constraint, error) { return Cluster(a.optional(), a.optional()), nil }},
		"exclusive":     {"exclusive", func(a *arguments) (Constraint, error) { return Exclusive(), nil }},
		"exists":        {"exists(attribute)", func(a *arguments) (Constraint, error) { return Exists(a.word()), nil }},
		"group_by":      {"group_by(attribute,values)", func(a *arguments) (Constraint, error) { return GroupBy(a.optional(), a.integer(0)) }},
		"has":           {"has(attribute,item)", func(a *arguments) (Constraint, error) { return Has(a.word(), a.value()), nil }},
		"in":            {"in(attribute,value,...)", func(a *arguments) (Constraint, error) { return In(a.word(), a.value(), a.rest()...), nil }},
		"is":            {"is(attribute,value)", func(a *arguments) (Constraint, error) { return Is(a.word(), a.value()), nil }},
		"lifetime":      {"lifetime(attribute,time)", func(a *arguments) (Constraint, error) { return Lifetime(a.word(), a.duration(true)) }},
		"max_per":       {"max_per(attribute,limit)", func(a *arguments) (Constraint, error) { return MaxPer(a.by(), a.integer(-1)) }},
		"max_per_agent": {"max_per_agent(limit)", func(a *arguments) (Constraint, error) { return MaxPerAgent(a.integer(-1)) }},
		"near":          {"near(group,attribute)", func(a *arguments) (Constraint, error) { return Near(a.word(), a.optional()), nil }},
		"novel":         {"novel(agent,...)", func(a *arguments) (Constraint, error) { return Novel(a.rest()...), nil }},
		"of":            {"of(group,constraint)", func(a *arguments) (Constraint, error) { return Of(a.word(), a.constraint()), nil }},
		"private":       {"private(attribute)", func(a *arguments) (Constraint, error) { return Private(a.optional()), nil }},
		"reserved":      {"reserved(owner,agent,...)", func(a *arguments) (Constraint, error) { return Reserved(a.word(), a.rest()...), nil }},
		"same":          {"same(attribute)", func(a *arguments) (Constraint, error) { return Same(a.optional()), nil }},
		"spread":        {"spread(attribute,skew,domains)", func(a *arguments) (Constraint, error) { return Spread(a.by(), a.integer(-1), a.integer(0)) }},
		"unique":        {"unique(attribute)", func(a *arguments) (Constraint, error) { return Unique(a.optional()), nil }},
	}
}

// compare makes the constraint that is written with an operator.
func compare(op byte, attr, value string) (Constraint, error) {
	switch op {
	case '=':
		return Equals(attr, value), nil
	case tokenNotEqual:
		return Not(Equals(attr, value)), nil
	case '~':
		return Like(attr, value)
	case tokenNotLike:
		return Unlike(attr, value)
	}
	bound, err := parseAmount(value)
	if err != nil {
		return nil, err
	}
	return comparison{attr, op, bound}, nil
}

// build turns a node into the constraint it means.
func (p *parser) build(n node) (Constraint, error) {
	switch n.kind {
	case nodeWord, nodeCall:
		return p.buildForm(n)
	case nodeCompare:
		if n.name == "" {
			return nil, errorAt(p.text, n.pos, errNameless)
		}
		c, err := compare(n.op, n.name, n.args[0].name)
		if err != nil {
			return nil, errorAt(p.text, n.args[0].pos, err)
		}
		return c, nil
	case nodeNot, nodeAnd, nodeOr:
		return p.buildLogic(n)
	}
	return nil, errorAt(p.text, n.pos, misuse("%q is a value, not a constraint", n.name))
}

func (p *parser) buildLogic(n node) (Constraint, error) {
	parts := make([]Constraint, len(n.args))
	for i, arg := range n.args {
		c, err := p.build(arg)
		if err != nil {
			return nil, err
		}
		parts[i] = c
	}
	switch n.kind {
	case nodeNot:
		return Not(parts[0]), nil
	case nodeAnd:
		return And(parts[0], parts[1], parts[2:]...), nil
	}
	return Or(parts[0], parts[1], parts[2:]...), nil
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
