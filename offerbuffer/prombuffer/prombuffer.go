// Package prombuffer shows the metrics of an offer buffer to Prometheus.
package prombuffer

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/berth-go/berth/offerbuffer"
)

// Collector is a prometheus.Collector. All its metrics begin with "offerbuffer_"; wrap the registerer to add labels.
type Collector struct{ stats func() offerbuffer.Stats }

// NewCollector makes a collector that asks stats whenever it is scraped. That happens in other goroutines than the
// buffer's: stats must hand over what the buffer's own goroutine has asked [offerbuffer.Buffer.Stats] for.
func NewCollector(stats func() offerbuffer.Stats) *Collector { return &Collector{stats} }

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("offerbuffer_"+name, help, labels, nil)
}

var (
	heldDesc     = describe("held_offers", "Offers that have not ended, by state.", "state")
	binsDesc     = describe("bins", "Pairs of agent and role of which offers are held.")
	shareDesc    = describe("cluster_share", "Largest share of the cluster that is held.")
	addedDesc    = describe("added_total", "Offers taken over.")
	endedDesc    = describe("ended_total", "Offers that have ended, by how.", "how")
	releasedDesc = describe("released_total", "Offers released to the matcher, by policy.", "policy")
	declinedDesc = describe("declined_total", "Offers declined, by reason.", "reason")
	refusedDesc  = describe("refused_total", "Ids and offers that made no sense, by why.", "why")
	panicsDesc   = describe("policy_panics_total", "Calls of a policy that panicked.")
	agesDesc     = describe("held_seconds", "For how long offers were held that have ended.")
	inverseDesc  = describe("inverse_held_offers", "Inverse offers that have not ended.")
	inverseEnded = describe("inverse_ended_total", "Inverse offers that have ended, by how.", "how")
)

// Describe implements prometheus.Collector.
func (c *Collector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		heldDesc, binsDesc, shareDesc, addedDesc, endedDesc, releasedDesc, declinedDesc, refusedDesc, panicsDesc, agesDesc,
		inverseDesc, inverseEnded,
	} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (c *Collector) Collect(out chan<- prometheus.Metric) {
	s := c.stats()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	counter := func(d *prometheus.Desc, n uint64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n), labels...)
	}
	gauge(heldDesc, float64(s.Waiting), "waiting")
	gauge(heldDesc, float64(s.Lent), "lent")
	gauge(heldDesc, float64(s.Declining), "declining")
	gauge(binsDesc, float64(s.Bins))
	gauge(shareDesc, s.Share)
	counter(addedDesc, s.Added)
	counter(endedDesc, s.Used, "used")
	counter(endedDesc, s.Declined, "declined")
	counter(endedDesc, s.Rescinded, "rescinded")
	counter(endedDesc, s.Void, "void")
	for _, n := range s.ReleasedBy {
		counter(releasedDesc, n.N, n.Name)
	}
	for _, n := range s.DeclinedFor {
		counter(declinedDesc, n.N, n.Name)
	}
	counter(refusedDesc, s.Duplicates, "duplicate")
	counter(refusedDesc, s.Unknown, "unknown")
	counter(refusedDesc, s.Invalid, "invalid")
	counter(panicsDesc, s.Panics)
	out <- ages(s.Ages)
	gauge(inverseDesc, float64(s.Inverse.Held))
	counter(inverseEnded, s.Inverse.Answered, "answered")
	counter(inverseEnded, s.Inverse.Declined, "declined")
	counter(inverseEnded, s.Inverse.Rescinded, "rescinded")
	counter(inverseEnded, s.Inverse.Void, "void")
}

func ages(h offerbuffer.Histogram) prometheus.Metric {
	buckets, upTo := map[float64]uint64{}, uint64(0)
	for i, bound := range h.Bounds {
		upTo += h.Counts[i]
		buckets[bound.Seconds()] = upTo
	}
	return prometheus.MustNewConstHistogram(agesDesc, h.Total(), h.Sum.Seconds(), buckets)
}
