package report

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// fillPlot is the figure of how full the agents in use are, a row a packer.
func (s *Study) fillPlot() figure {
	resources, packers := s.fills(), s.packers()
	if len(resources) == 0 || len(packers) == 0 {
		return figure{}
	}
	m := &fillMarks{resources: resources}
	var words []string
	for _, packer := range packers {
		row := make([]float64, len(resources))
		var shares []string
		for i, name := range resources {
			row[i] = spreadOf(s.of(packer, func(r *Result) float64 { return r.Fill[name] })).median
			shares = append(shares, name+" "+percent(row[i]))
		}
		m.rows = append(m.rows, row)
		words = append(words, packer+" "+strings.Join(shares, ", "))
	}
	p := newPlot("used share of the agents in use, %", "")
	p.X.Min, p.X.Max = 0, 103
	p.Y.Min, p.Y.Max = -0.7, float64(len(packers))+0.6
	var ticks []plot.Tick
	for i, packer := range packers {
		ticks = append(ticks, plot.Tick{Value: float64(len(packers) - 1 - i), Label: packer})
	}
	slices.Reverse(ticks)
	p.Y.Tick.Marker = plot.ConstantTicks(ticks)
	p.Y.Tick.LineStyle.Width = 0
	p.Add(m)
	f := figure{Title: "Fill per resource", Caption: "Further to the right is fuller. A resource that is scarce should be full; what is left of the others is stranded with it."}
	height := vg.Length(len(packers)+4) * 19
	f.SVG = inline(figureWidth, max(height, 180), f.Title, fmt.Sprintf("Used share of the agents in use: %s.", strings.Join(words, "; ")), drawPlot(p))
	return f
}

// fillMarks draws the rows and, above them, what the marks mean.
type fillMarks struct {
	resources []string
	rows      [][]float64
}

// Plot implements plot.Plotter.
func (m *fillMarks) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	glyph := func(i int) draw.GlyphStyle {
		return draw.GlyphStyle{Color: inkSeries[i%len(inkSeries)].mark, Radius: 4.5, Shape: shapes[i%len(shapes)]}
	}
	for k, row := range m.rows {
		at := y(float64(len(m.rows) - 1 - k))
		c.StrokeLine2(draw.LineStyle{Color: inkGrid.mark, Width: 1}, x(100*slices.Min(row)), at, x(100*slices.Max(row)), at)
		for i := len(row) - 1; i >= 0; i-- {
			c.DrawGlyph(glyph(i), vg.Point{X: x(100 * row[i]), Y: at})
		}
	}
	style := textStyle(inkText)
	style.YAlign = draw.YCenter
	left, at := x(1), y(float64(len(m.rows)))
	for i, name := range m.resources {
		c.DrawGlyph(glyph(i), vg.Point{X: left + 4, Y: at})
		c.FillText(style, vg.Point{X: left + 14, Y: at}, name)
		left += style.Width(name) + 32
	}
}
