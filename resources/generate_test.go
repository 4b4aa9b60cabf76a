package resources

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// generator makes resources in the notation of this package, from few enough parts that
// identities often meet.
type generator struct{ *rand.Rand }

func newGenerator(seed uint64) generator { return generator{rand.New(rand.NewPCG(seed, 1))} }

func (g generator) pick(options ...string) string { return options[g.IntN(len(options))] }

// list makes up to n resources.
func (g generator) list(n int) string {
	parts := make([]string, g.IntN(n+1))
	for i := range parts {
		parts[i] = g.one()
	}
	return strings.Join(parts, " | ")
}

func (g generator) one() string {
	var s string
	switch g.IntN(6) {
	case 0, 1:
		s = g.pick("cpus", "mem", "net") + ":" + g.amount()
	case 2:
		s = "ports:" + g.ranges()
	case 3:
		s = "zones:" + g.pick("{a}", "{b,c}", "{a,c,d}", "{b,d}")
	default:
		return g.disk()
	}
	return s + g.stack() + g.pick("", "", "", " +rev") + g.rest()
}

func (g generator) amount() string {
	return g.pick("1", "2", "0.5", "1.001", "3.25", "64", "0.0005", "1.0005", fmt.Sprint(g.IntN(5000)))
}

func (g generator) ranges() string {
	var parts []string
	at := g.IntN(20)
	for range 1 + g.IntN(3) {
		end := at + g.IntN(6)
		parts = append(parts, fmt.Sprintf("%d-%d", at, end))
		at = end + 1 + g.IntN(4)
	}
	return "[" + strings.Join(parts, ",") + "]"
}

func (g generator) stack() string {
	return g.pick("", "", " +S(x)", " +D(x,pat)", " +D(y)", " +S(x) +D(x/y,pat)", " +D(x,pat,tier=gold,tmp)", " +S(x) +D(x/y,pat) +D(x/y/z)")
}

func (g generator) rest() string {
	return g.pick("", "", "", " +alloc(x)", " +alloc(y)", " +rp(store)")
}

func (g generator) disk() string {
	size := " disk:" + g.pick("5", "10", "20", "12.5")
	source := g.pick("", "", " +src(PATH,/p)", " +src(PATH,/q)", " +src(MOUNT,/m)", " +src(BLOCK,id=b1)", " +src(RAW)", " +src(RAW,id=r1)", " +src(RAW,profile=fast,vendor=v)")
	volume, stack := "", g.stack()
	if g.IntN(2) == 0 {
		stack = g.pick(" +S(x)", " +D(x,pat)", " +S(x) +D(x/y,pat)")
		volume = g.pick(" +pv(one,/data)", " +pv(two,/data)", " +pv(one,/data) +shared", " +pv(two,/data) +shared")
	}
	return size + stack + source + volume + g.rest()
}
