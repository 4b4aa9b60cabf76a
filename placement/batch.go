package placement

// WithBatch ends the round when so many tasks are placed, whatever the packer; what is left of them is for later rounds, and fails
// with [CauseBatch] unless something else stands against it as well. Zero or less: no bound. It bounds how long a round takes
// where there is room for many.
func WithBatch(tasks int) Option { return func(c *config) { c.batch = max(0, tasks) } }

// WithGoodEnough lets [Ranking.Best] and [FitRanking.Best] settle for the first bin that scores at least so much, where they have to
// look at one bin after the other: for tasks that prefer something. Where an index answers, the best bin is
// found as fast, and given. Zero or less, or no number: only the best will do. Scores are those with preferences blended in, from 0 to
// 1, so that a score up to 1 can be reached by every task.
func WithGoodEnough(score float64) Option {
	return func(c *config) {
		c.enough = 0
		if score > 0 {
			c.enough = score
		}
	}
}

// full says whether the batch is.
func (r *Round) full() bool { return r.batch > 0 && r.placed >= r.batch }

// over says whether no more tasks are to be yielded.
func (r *Round) over() bool { return r.full() || r.Stopped() }

// suffices says whether a score is good enough to look no further.
func (r *Round) suffices(score float64) bool { return r.enough > 0 && score >= r.enough }
