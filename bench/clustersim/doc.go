// Package clustersim runs a placement engine over virtual time: tasks arrive, wait, run and end, agents fail and come back. It tells
// packers apart by what an operator sees: how full the fleet is, how long tasks wait, whose tasks wait, how much of what is free
// is of no use.
//
// Agents are standing offers. What belongs together, the tasks of a gang or of a group, arrives together, as a Poisson process or when a
// list says. Rounds are run at fixed intervals, when something has changed. When an agent fails its tasks are lost and wait again, from
// the start. All that happens to the cluster from outside is worked out from the seed first, so every packer meets the same;
// the same [Config] gives the same [Result].
package clustersim
