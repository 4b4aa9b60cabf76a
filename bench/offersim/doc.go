// Package offersim simulates a cluster that several frameworks share, to compare the policies of an offer buffer.
//
// A master offers what is free the way Mesos does: once an interval, agent by agent in random order, all that is free of
// an agent to the one framework with the least dominant share, offers counted as used; what a framework refused is not
// offered to it again for a time, unless more comes together. Frameworks take the slices as tasks end, at times of their
// own, so that an agent is seldom free as a whole: its free part lies with several of them. One framework is
// Berth's: an [offerbuffer.Buffer] with the policy under test and a [placement.Engine], the code that a real one runs.
// It has many small tasks and a few that need most of an agent. The others, its rivals, use or decline what
// they get as soon as they have looked at it.
//
// All time is virtual. The same [Config] gives the same [Result]; policies meet the same tasks, with the same arrivals
// and durations.
package offersim
