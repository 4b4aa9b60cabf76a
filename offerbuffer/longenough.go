package offerbuffer

import "time"

// LongEnough releases the offers of an agent when the oldest has been held for d, typically 15 to 60 seconds. Offers that
// come later are released at once for as long as that one is held. It knows nothing of tasks; a task so big
// that its agent's offers take longer than d to come together may starve.
func LongEnough(d time.Duration) Policy { return longEnough{d, "held for " + d.String()} }

type longEnough struct {
	d    time.Duration
	name string
}

func (p longEnough) String() string { return p.name }

func (p longEnough) Judge(h *Held) Verdict {
	if due := later(h.oldest(), p.d); h.now < due {
		return Verdict{Again: h.b.moment(due)}
	}
	return Verdict{Release: true, By: p.name}
}
