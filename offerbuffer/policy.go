package offerbuffer

import (
	"fmt"
	"time"

	"github.com/berth-go/berth/placement"
)

// Policy says when the offers of one agent and role are released. The buffer calls it in Tick, for a bin of which
// offers wait: when offers came to the bin or left it, when the time is up that it asked for, and after
// [Buffer.Reconsider]. It must answer from the Held alone, apart from what Reconsider is called about, must not keep
// the Held, and must not call the buffer. One that panics has not released; see [Stats.Panics].
type Policy interface {
	fmt.Stringer
	Judge(h *Held) Verdict
}

// Verdict is what a policy says.
type Verdict struct {
	// Release says that all offers of the bin that wait are released now.
	Release bool
	// By names the policy that released, for [Stats].
	By string
	// Again is when to ask again although nothing has changed, if Release is not set. A time that is not
	// after Held.Now, such as the zero time, means never.
	Again time.Time
}

// Held is what the buffer holds of one agent and role, as a policy sees it: offers that wait and those lent
// already, because a matcher has them together.
type Held struct {
	b   *Buffer
	bin int32
	now time.Duration
}

// Agent is the agent of all the offers.
func (h *Held) Agent() placement.AgentID { return h.b.bins[h.bin].agent }

// Role is the role that all the offers are allocated to.
func (h *Held) Role() string { return h.b.bins[h.bin].role }

// Len is the number of offers, at least one.
func (h *Held) Len() int { return int(h.b.bins[h.bin].count) }

// Now is the time of the Tick.
func (h *Held) Now() time.Time { return h.b.moment(h.now) }

// Oldest is when the oldest of the offers came in.
func (h *Held) Oldest() time.Time {
	return h.b.moment(h.oldest())
}

func (h *Held) oldest() time.Duration { return h.b.bins[h.bin].since }

// Offers are the offers, oldest first. The slice is valid until Judge returns, and must not be changed.
func (h *Held) Offers() []placement.Offer {
	b := h.b
	b.scratch = b.scratch[:0]
	for i := b.bins[h.bin].first; i != none; {
		b.scratch = append(b.scratch, *b.slots.offer(i))
		i = b.slots.at(i).next
	}
	return b.scratch
}
