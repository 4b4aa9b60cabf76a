package offersim

import (
	"container/heap"
	"time"
)

// clock is virtual time: things to do, in the order of their times, those of one time in the order in which they
// were asked for.
type clock struct {
	now    time.Duration
	queue  events
	serial int
	// passes is told of every span of time before it passes.
	passes func(from, to time.Duration)
}

type event struct {
	at     time.Duration
	serial int
	do     func() error
}

// at has something done at a time; one that has passed is now.
func (c *clock) at(t time.Duration, do func() error) {
	c.serial++
	heap.Push(&c.queue, event{max(t, c.now), c.serial, do})
}

func (c *clock) after(d time.Duration, do func() error) { c.at(c.now+d, do) }

// run does everything up to a time.
func (c *clock) run(until time.Duration) error {
	for len(c.queue) > 0 && c.queue[0].at <= until {
		e := heap.Pop(&c.queue).(event)
		c.pass(e.at)
		if err := e.do(); err != nil {
			return err
		}
	}
	c.pass(until)
	return nil
}

func (c *clock) pass(to time.Duration) {
	if to > c.now {
		c.passes(c.now, to)
		c.now = to
	}
}

type events []event

func (q events) Len() int { return len(q) }
func (q events) Less(i, j int) bool {
	if q[i].at != q[j].at {
		return q[i].at < q[j].at
	}
	return q[i].serial < q[j].serial
}
func (q events) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *events) Push(e any)   { *q = append(*q, e.(event)) }
func (q *events) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}
