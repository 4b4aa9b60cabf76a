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
// show it. [Parse] reads it and String writes it: as it was written where it was read, in
// canonical form ([Canonical]) where a constructor made it. Constraints are joined by ';':
//
//	rack=r1; unique(hostname); !exists(gpu) | gen>=3
//
// A constraint is a comparison (NAME OPERATOR VALUE), a name with arguments in parentheses,
// or a name alone; '!' negates, '&' and '|' combine, parentheses group. In preferences a
// weight may stand in front: 2*unique(rack). Names and values are made of letters, digits
// and the characters _ - . / : @ +; anything else is put in double quotes with the escapes
// of Go: rack="row 7". White space between the parts does not matter.
//
// # The constraints
//
//	rack=r1              the attribute is r1
//	rack!=r1             it is not, or is missing
//	gen>=3               a number is at least, > more than, <= at most, < less than
//	between(gen,3,7)     a number from 3 to 7
//	in(rack,r1,r2)       one of several values
//	has(features,ssd)    a set or ranges hold the item
//	exists(gpu)          the attribute is there
//	kernel~"5[.].*"      the whole value matches a regular expression
//	kernel!~"4[.].*"     it does not, or is missing
//	is(gen,1.0)          like =, but numbers compare as numbers (Marathon)
//
//	unique(rack)         no other of the group at the same value
//	max_per(rack,2)      at most two of the group at the same value
//	cluster(rack)        where the first of the group is (Marathon)
//	same(rack)           where any of the group is (Cook)
//	group_by(rack,3)     over at most three values, evenly (Marathon)
//	balanced(zone,3)     evenly over the values in use (Cook, Fenzo)
//	spread(zone,1,3)     evenly over all values there are (Kubernetes)
//
//	exclusive            the agent for the task alone
//	private(rack)        the rack for the group alone
//	max_per_agent(20)    at most twenty tasks on the agent
//	near(cache,rack)     where a task of another group is
//	apart(noisy,rack)    where none of another group is
//	of(db,unique(rack))  any of these as if the task were one of db
//
//	novel(a1,a7)         not on these agents
//	reserved(job7,a1)    these agents are for job7 only
//	available(2h)        no maintenance while the task runs, nor for 2h
//	lifetime(since,24h)  done before the agent, started at since, is 24h old
//
// Where an attribute stands for a place to count tasks in (unique, max_per, cluster, same,
// group_by, balanced, spread, private, near, apart) it may be left out or be "": that
// counts on the agent itself.
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
// never a constraint that lets everything pass. Without a name that it needs it is an error,
// too, or else accepts no agent, and neither does its negation. The package does not know capacity, ports
// or devices, and it counts nothing itself: the counts come from whoever implements
// [Source].
package constraints
