// Package placement decides which task goes on which agent.
//
// A scheduler hands [Assign] the offers it holds and the tasks it wants to start; Assign answers with
// exact assignments (agent, offers, ports, device units) and, for every task that found no place, why.
//
// # The one idea
//
// Policy proposes; the round disposes. Every [Packer], [Scorer] and constraint acts through one
// concrete type, [Round]. [Round.Place] is the only way to make an assignment, and it refuses any that does not
// fit or that breaks a requirement. So no policy, however wrong, can produce an invalid result: safety lives in
// one place, quality in many small ones.
//
// # What follows from it
//
// The package is a function of its input. It reads no clock, sets no timer, keeps no logger and no global
// state: time is an option ([WithNow]), randomness a seed ([WithSeed]). The same input and seed give the
// same result, to the byte, on one architecture, however many processors there are.
//
// Amounts are exact thousandths ([resources.Amount]); floating point only ranks candidates. Every
// order is total: ties go to the agent whose oldest offer was given first, then to the earliest task.
//
// An error means that the input or a policy is wrong. That a task did not fit is data: every task is in
// exactly one of [Result.Assignments] and [Result.Failures].
//
// # Limits
//
// A round packs what it is given and never waits, retries or preempts. Constraints are judged when
// a task is placed; those that go on holding ([constraints.Standing]) also refuse later arrivals, but nothing is
// ever evicted. One call is for one goroutine; calls do not share anything.
package placement
