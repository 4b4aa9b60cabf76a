package offerbuffer

import (
	"fmt"
	"time"
)

// The defaults of a [Config].
const (
	DefaultMaxHold = 2 * time.Minute
	DefaultRefuse  = 5 * time.Second
)

// Config says how a buffer works. The zero value releases at once, declines after two minutes and has no limits.
type Config struct {
	// Policy says when the offers of an agent are released. Nil: [AtOnce].
	Policy Policy
	// MaxHold is how long an offer is held at most, waiting or lent; then it is declined. Zero: DefaultMaxHold.
	// It must exceed what a LongEnough in the policy waits, or that never comes to pass.
	MaxHold time.Duration
	// Refuse is for how long offers that are declined shall not be offered again. Zero: DefaultRefuse. Less than
	// zero: they may be offered again at once.
	Refuse time.Duration
	// MaxOffers bounds how many offers are held, and MaxPerAgent how many of one agent. Zero: no limit. What
	// comes in beyond a limit is declined: those held longer are nearer to being of use.
	MaxOffers, MaxPerAgent int
	// MaxShare bounds which part of the cluster is held, between 0 and 1: the largest over the names of scalar
	// resources. It needs [Buffer.SetCluster]. Zero: no limit.
	MaxShare float64
}

func (c *Config) complete() error {
	switch {
	case c.MaxHold < 0:
		return fmt.Errorf("offerbuffer: %w: MaxHold is %v", ErrConfig, c.MaxHold)
	case c.MaxOffers < 0:
		return fmt.Errorf("offerbuffer: %w: MaxOffers is %d", ErrConfig, c.MaxOffers)
	case c.MaxPerAgent < 0:
		return fmt.Errorf("offerbuffer: %w: MaxPerAgent is %d", ErrConfig, c.MaxPerAgent)
	case !(c.MaxShare >= 0 && c.MaxShare <= 1):
		return fmt.Errorf("offerbuffer: %w: MaxShare is %v, which is not between 0 and 1", ErrConfig, c.MaxShare)
	}
	if c.Policy == nil {
		c.Policy = AtOnce()
	}
	if c.MaxHold == 0 {
		c.MaxHold = DefaultMaxHold
	}
	switch {
	case c.Refuse == 0:
		c.Refuse = DefaultRefuse
	case c.Refuse < 0:
		c.Refuse = 0
	}
	return nil
}
