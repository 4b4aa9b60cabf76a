// Package offerbuffer holds resource offers until they are worth using.
//
// A cluster manager such as Mesos hands one agent out in slices: to several frameworks, at several
// times. A scheduler that uses or declines every slice at once never sees the eight idle CPUs of an
// agent together, and a task that needs eight waits for ever. A [Buffer] keeps the offers of each agent
// and role together until a [Policy] says that they are big enough or have been held long enough,
// releases them to the matcher, and declines what nobody used after a maximum time, whatever the policy.
//
// # Passive
//
// A Buffer has no goroutine, timer, lock or clock. Its methods take note of what happened; [Buffer.Tick]
// is told the time and returns the [Actions] that are due; [Buffer.Next] says when to call it again. The
// driver [Run] does that with channels and a timer; a scheduler that has a loop of its own needs no driver.
//
// # Every offer ends once
//
// The buffer owns every offer from [Buffer.Add] until it ends, and each ends exactly once: used, declined,
// rescinded, or void because its agent is lost or the scheduler disconnected. Releasing an offer only lends it: the
// buffer still watches it. When a lent offer ends in another way than by being used, the next Tick
// names it in [Actions.Drop], which the matcher applies before anything else. So the loop of a scheduler is:
//
//	add, rescind, …                      // what came in
//	a := buffer.Tick(now)
//	engine.RemoveOffers(a.Drop...)       // first
//	engine.AddOffers(a.Release...)
//	send a DECLINE for each of a.Decline
//	result := engine.Assign(ctx)
//	for each bin of the result:
//		err := buffer.Used(its offers...) // before the ACCEPT is sent
//		if err == nil { send the ACCEPT } else { engine.Ended(its tasks...) }
//
// Used refuses when one of the offers has ended meanwhile: the master would refuse the whole ACCEPT, and take all of
// its offers. The others are then released once more.
//
// # Limits
//
// Holding starves others. [Config] bounds for how long, how many offers, how many of one agent, and which share of the
// cluster is held; what comes in beyond a limit is declined. The buffer knows no tasks: whether
// offers are big enough is asked of a function, for which [placement.Engine.Wants] is made.
package offerbuffer
