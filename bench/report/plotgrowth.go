package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// growthPlot is the figure of the time against the size.
func (s *Study) growthPlot() figure {
	if len(s.Growth) == 0 {
		return figure{}
	}
	p := newPlot("tasks (logarithmic; agents in proportion)", "ms for all tasks (logarithmic)")
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = decades{}, decades{}
	low, high := GrowthPoint{math.MaxInt, math.Inf(1)}, GrowthPoint{}
	chosen := s.chosen()
	var words []string
	marks := &growthMarks{}
	for i := range s.Growth {
		g := &s.Growth[i]
		points := g.medians()
		for _, q := range points {
			low = GrowthPoint{min(low.Tasks, q.Tasks), min(low.MS, q.MS)}
			high = GrowthPoint{max(high.Tasks, q.Tasks), max(high.MS, q.MS)}
		}
		b, _ := g.exponent()
		words = append(words, fmt.Sprintf("%s %s", g.Packer, exponentText(b)))
		style := draw.LineStyle{Color: inkGrid.mark, Width: 1.5}
		if k := slices.Index(chosen, g.Packer); k >= 0 {
			style = draw.LineStyle{Color: inkSeries[k%len(inkSeries)].mark, Width: 2.5}
			marks.lines = append(marks.lines, growthLine{g.Packer + " " + exponentText(b), points, inkSeries[k%len(inkSeries)], style})
			continue
		}
		p.Add(&plotter.Line{XYs: xys(points), LineStyle: style})
	}
	if high.Tasks == low.Tasks || low.MS <= 0 {
		return figure{}
	}
	p.Add(marks)
	p.X.Min, p.X.Max = float64(low.Tasks)/1.1, float64(high.Tasks)*1.1
	p.Y.Min, p.Y.Max = low.MS/1.5, high.MS*2.5
	f := figure{Title: "Growth", Caption: "How the time grows with the size of the workload: n^1 is in proportion, n^2 four times the time for twice the size. " +
		"Fitted on parts of the workload; grey lines are the other packers, whose exponents are in the table."}
	f.SVG = inline(figureWidth, figureHeight, f.Title, "Fitted exponents with their 95% margins: "+strings.Join(words, "; ")+".", drawPlot(p))
	return f
}

// exponentText writes a fitted exponent: n^1.04 ± 0.03.
func exponentText(b interval) string {
	if math.IsInf(b.high, 0) {
		return fmt.Sprintf("n^%.2f", b.value)
	}
	return fmt.Sprintf("n^%.2f ± %.2f", b.value, b.margin())
}

func xys(points []GrowthPoint) plotter.XYs {
	all := make(plotter.XYs, len(points))
	for i, q := range points {
		all[i] = plotter.XY{X: float64(q.Tasks), Y: q.MS}
	}
	return all
}

// growthMarks draws the lines of the packers that are named, and a legend above them.
type growthMarks struct{ lines []growthLine }

type growthLine struct {
	name   string
	points []GrowthPoint
	ink    ink
	style  draw.LineStyle
}

// Plot implements plot.Plotter.
func (m *growthMarks) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for i, l := range m.lines {
		var line []vg.Point
		for _, q := range l.points {
			at := vg.Point{X: x(float64(q.Tasks)), Y: y(q.MS)}
			line = append(line, at)
			c.DrawGlyph(draw.GlyphStyle{Color: l.ink.mark, Radius: 4, Shape: shapes[i%len(shapes)]}, at)
		}
		c.StrokeLines(l.style, line)
		row := c.Max.Y - vg.Length(i+1)*(fontSize+4)
		c.DrawGlyph(draw.GlyphStyle{Color: l.ink.mark, Radius: 4, Shape: shapes[i%len(shapes)]}, vg.Point{X: c.Min.X + 12, Y: row + fontSize/2 - 1})
		style := textStyle(inkText)
		c.FillText(style, vg.Point{X: c.Min.X + 24, Y: row}, l.name)
	}
}

// shapes tell series apart without colour.
var shapes = []draw.GlyphDrawer{draw.CircleGlyph{}, draw.BoxGlyph{}, draw.PyramidGlyph{}, draw.RingGlyph{}, draw.PlusGlyph{}}
