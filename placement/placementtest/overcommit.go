package placementtest

import (
	"math/big"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// WithOvercommit says what agents count for, as [placement.WithOvercommit] does.
func WithOvercommit(factors map[string]float64) Option {
	return func(c *checker) { c.factors = factors }
}

// WithHeadroom says what is to be kept free, as [placement.WithHeadroom] does.
func WithHeadroom(free map[string]resources.Amount) Option {
	return func(c *checker) { c.headroom = free }
}

// stretch makes the scalars of every bin what the factors and the headroom leave of them. It starts anew, from what is offered.
func (c *checker) stretch() {
	if len(c.factors) == 0 && len(c.headroom) == 0 {
		return
	}
	held := map[*bin]map[scalarKey]resources.Amount{}
	for i := range c.running {
		h := &c.running[i]
		b := c.heldBin(h)
		if b == nil {
			continue
		}
		if held[b] == nil {
			held[b] = map[scalarKey]resources.Amount{}
		}
		for name, amount := range h.Task.Needs.All() {
			held[b][scalarKey{name, h.Revocable}] += amount
		}
	}
	for i := range c.bins {
		b := &c.bins[i]
		offered := map[scalarKey]resources.Amount{}
		for j := range c.offers {
			o := &c.offers[j]
			if o.Agent != c.agents[b.agent].id || o.Role != b.role {
				continue
			}
			for r := range o.Resources.All() {
				if r.Value.Kind() == resources.KindScalar && !ownDisk(r) {
					offered[scalarKey{r.Name, r.Revocable}] += r.Value.Amount()
				}
			}
		}
		for key := range held[b] {
			if _, ok := offered[key]; !ok && c.isOffered(key) {
				offered[key] = 0
			}
		}
		for key, amount := range offered {
			b.scalars[key] = c.left(key, amount, held[b][key], b.standing)
		}
	}
}

// isOffered says whether there is such a resource at all.
func (c *checker) isOffered(key scalarKey) bool {
	for i := range c.offers {
		for r := range c.offers[i].Resources.All() {
			if r.Name == key.name && r.Revocable == key.revocable && r.Value.Kind() == resources.KindScalar && !ownDisk(r) {
				return true
			}
		}
	}
	return false
}

// left is what is free of a scalar: what there is, times the factor, less the headroom and what is held.
func (c *checker) left(key scalarKey, offered, held resources.Amount, standing bool) resources.Amount {
	all := offered
	if !standing {
		all += held
	}
	if f, ok := c.factors[key.name]; ok {
		thousandths, _ := resources.AmountOf(f)
		n := new(big.Int).Mul(big.NewInt(int64(all)), big.NewInt(int64(thousandths)))
		if n.Quo(n, big.NewInt(1000)); n.Cmp(big.NewInt(int64(1<<61))) > 0 {
			n.SetInt64(1 << 61)
		}
		all = resources.Amount(n.Int64())
	}
	if !key.revocable {
		all -= c.headroom[key.name]
	}
	return max(0, all-held)
}

// above says whether some factor is above 1.
func above(factors map[string]float64) bool {
	for _, f := range factors {
		if f > 1 {
			return true
		}
	}
	return false
}

// Pieces are the options that have pieces cut and checked, none where there is more than is offered.
func (in *Input) Pieces() ([]placement.Option, []Option) {
	if above(in.Overcommit) {
		return nil, nil
	}
	return []placement.Option{placement.WithPieces()}, []Option{WithPieces()}
}
