// Package constraints says what else, beside room, makes an agent suit a task.
//
// A [Constraint] judges one agent for one task at a time and sees it through a [Candidate]:
// attributes, how many tasks of which group are where, the time. Whether it is hard or soft
// is not its business: a task may require it, and then Verdict.OK counts, or prefer it, and
// then Verdict.Score does.
//
// # Text form
//
// Every constraint of this package has a text form, in which files hold it and messages
// show it. [Parse] reads it and String writes it. Constraints are joined by ';':
//
//	rack=r1; unique(hostname); !exists(gpu) | gen>=3
//
// A constraint is a comparison (NAME OPERATOR VALUE), a name with arguments in parentheses,
// or a name alone; '!' negates, '&' and '|' combine, parentheses group. In preferences a
// weight may stand in front: 2*unique(rack). Names and values are made of letters, digits
// and the characters _ - . / : @ +; anything else is put in double quotes with the escapes
// of Go: rack="row 7". White space between the parts does not matter.
//
// # Names
//
// An attribute is named as the agent names it. Three names mean the same everywhere:
// hostname and @hostname are the agent's host name (an attribute of that name is never
// seen), @agent is its ID. Where tasks are counted by an attribute, leaving it out counts
// those on the agent itself. The group "*" ([AnyGroup]) stands for every task.
//
// # What it promises and what not
//
// Judge is a function of what the constraint declares in Reads and of nothing else: no
// clock, no state, no allocation for the common constraints. A constraint made here cannot
// be malformed: a bad regular expression or a senseless number is an error when it is made,
// never a constraint that lets everything pass. The package does not know capacity, ports
// or devices, and it counts nothing itself: the counts come from whoever implements
// [Source].
package constraints
