package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// tradeOffPoint is a packer between quality and speed; less is better of both.
type tradeOffPoint struct {
	packer     string
	x, y       float64
	leavesOut  bool // places fewer tasks than the best
	undefeated bool // no other is better in one and as good in the other; yardsticks do not count
}

// tradeOffPoints are the packers with what they take: microseconds a task, and agents; or, where not even the best packer
// places all, the per cent of the tasks that are left out.
func (s *Study) tradeOffPoints() (points []tradeOffPoint, yLabel string) {
	all := s.finished()
	if len(all) == 0 {
		return nil, ""
	}
	least := math.Inf(1)
	for _, p := range all {
		least = min(least, s.mean(p, failedOf))
	}
	tasks := float64(max(1, s.median(func(c *Comparison) int { return c.Tasks })))
	full := least > tasks/1000
	yLabel = "agents used"
	if full {
		yLabel = "tasks not placed, %"
	}
	for _, p := range all {
		t := tradeOffPoint{packer: p, x: spreadOf(s.of(p, nsPerTaskOf)).median / 1000}
		if full {
			t.y = 100 * s.mean(p, failedOf) / tasks
		} else {
			t.y = s.mean(p, agentsUsedOf)
			t.leavesOut = s.mean(p, failedOf) > least+tasks/1000
		}
		if t.x > 0 { // a logarithm is taken of it
			points = append(points, t)
		}
	}
	for i := range points {
		points[i].undefeated = !points[i].leavesOut && !s.yardstick(points[i].packer) && !slices.ContainsFunc(points, func(q tradeOffPoint) bool {
			p := points[i]
			return !q.leavesOut && !s.yardstick(q.packer) && q.x <= p.x && q.y <= p.y && (q.x < p.x || q.y < p.y)
		})
	}
	return points, yLabel
}

// tradeOff is the figure of quality against speed.
func (s *Study) tradeOff() figure {
	points, yLabel := s.tradeOffPoints()
	if len(points) < 2 {
		return figure{}
	}
	var frontier, words []string
	var xs, ys []float64
	hollow := false
	for _, t := range points {
		words = append(words, fmt.Sprintf("%s %s µs, %s", t.packer, short(t.x), short(t.y)))
		if t.undefeated {
			frontier = append(frontier, t.packer)
		}
		hollow = hollow || t.leavesOut
		xs, ys = append(xs, t.x), append(ys, t.y)
	}
	f := figure{Title: "Quality against speed", Caption: "Down and to the left is better. The line joins the packers that no other beats in both."}
	if hollow {
		f.Caption += " Rings leave tasks out that others place."
	}
	p := newPlot("µs per task (logarithmic)", yLabel)
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, decades{}
	p.X.Min, p.X.Max = slices.Min(xs)/1.35, slices.Max(xs)*1.6
	room := max((slices.Max(ys)-slices.Min(ys))*0.06, 0.5)
	p.Y.Min, p.Y.Max = max(0, slices.Min(ys)-room), slices.Max(ys)+room
	marks := &tradeOffMarks{points: points}
	p.Add(marks)
	description := fmt.Sprintf("Microseconds a task, and %s: %s. Not beaten in both: %s.", yLabel, strings.Join(words, "; "), strings.Join(frontier, ", "))
	f.SVG = inline(figureWidth, figureHeight, f.Title, description, drawPlot(p))
	if len(marks.left) > 0 {
		f.Caption += " Without a name, for want of room: " + names(marks.left) + "."
	}
	return f
}

// tradeOffMarks draws the points, the line of the undefeated, and the names.
type tradeOffMarks struct {
	points []tradeOffPoint
	left   []string // names that found no place
}

// Plot implements plot.Plotter.
func (m *tradeOffMarks) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	var first, then []label
	var at, line []vg.Point
	points := slices.Clone(m.points)
	slices.SortStableFunc(points, func(a, b tradeOffPoint) int { return cmp.Compare(a.x, b.x) })
	for _, t := range points {
		here := vg.Point{X: x(t.x), Y: y(t.y)}
		at = append(at, here)
		if t.undefeated {
			line = append(line, here)
			first = append(first, label{here, t.packer, inkText})
		} else {
			then = append(then, label{here, t.packer, inkMuted})
		}
	}
	for i := 1; i < len(line); i++ { // a step: what is between two of them is reached by the one to the left
		corner := vg.Point{X: line[i].X, Y: line[i-1].Y}
		c.StrokeLines(draw.LineStyle{Color: inkSeries[0].mark, Width: 1.5}, []vg.Point{line[i-1], corner, line[i]})
	}
	for i, t := range points {
		switch {
		case t.undefeated:
			c.DrawGlyph(draw.GlyphStyle{Color: inkSeries[0].mark, Radius: 5, Shape: draw.CircleGlyph{}}, at[i])
		case t.leavesOut:
			c.DrawGlyph(draw.GlyphStyle{Color: inkMuted.mark, Radius: 4, Shape: draw.RingGlyph{}}, at[i])
		default:
			c.DrawGlyph(draw.GlyphStyle{Color: inkMuted.mark, Radius: 4, Shape: draw.CircleGlyph{}}, at[i])
		}
	}
	m.left = drawLabels(c, append(first, then...), at)
}

// decades marks 1, 2 and 5 of each power of ten, and gives those names.
type decades struct{}

// Ticks implements plot.Ticker.
func (decades) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for power := math.Pow(10, math.Floor(math.Log10(low))); power <= high; power *= 10 {
		for _, digit := range []float64{1, 2, 5} {
			if v := digit * power; v >= low && v <= high {
				ticks = append(ticks, plot.Tick{Value: v, Label: short(v)})
			}
		}
	}
	return ticks
}

// short writes a number with three digits or so.
func short(x float64) string {
	switch a := math.Abs(x); {
	case a >= 1000:
		return thousands(int(math.Round(x)))
	case a >= 99.95 || x == math.Trunc(x):
		return fmt.Sprintf("%.0f", x)
	case a >= 9.995:
		return fmt.Sprintf("%.1f", x)
	case a >= 0.1:
		return fmt.Sprintf("%.2g", x)
	}
	return fmt.Sprintf("%.3g", x)
}
