package offersim

import (
	"fmt"
	"image/color"
	"io"
	"path/filepath"
	"strings"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// colours that people who see few colours tell apart: Okabe and Ito, "Color Universal Design" (2008); grey is for what others are
// compared with.
var colours = []color.Color{
	color.RGBA{0x99, 0x99, 0x99, 0xff}, color.RGBA{0x56, 0xb4, 0xe9, 0xff}, color.RGBA{0x00, 0x72, 0xb2, 0xff}, color.RGBA{0x00, 0x3f, 0x5c, 0xff},
	color.RGBA{0xe6, 0x9f, 0x00, 0xff}, color.RGBA{0xd5, 0x5e, 0x00, 0xff}, color.RGBA{0x00, 0x9e, 0x73, 0xff}, color.RGBA{0xcc, 0x79, 0xa7, 0xff},
}

func colour(i int) color.Color { return colours[i%len(colours)] }

const (
	plotWidth  = 30 * vg.Centimeter
	plotHeight = 22 * vg.Centimeter
)

// PlotFormats are the endings of file names that [Plot] knows.
func PlotFormats() []string { return []string{".png", ".svg"} }

// Plot draws the results as a picture in the format that the file name ends in.
func Plot(w io.Writer, name string, results []Result, patience time.Duration) error {
	var out interface {
		vg.CanvasSizer
		io.WriterTo
	}
	switch format := strings.ToLower(filepath.Ext(name)); format {
	case ".svg":
		out = vgsvg.New(plotWidth, plotHeight)
	case ".png":
		out = vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(plotWidth, plotHeight), vgimg.UseDPI(110), vgimg.UseBackgroundColor(color.White))}
	default:
		return fmt.Errorf("offersim: %s: a picture's name ends in one of %s", name, strings.Join(PlotFormats(), ", "))
	}
	rates, err := ratePlot(results)
	if err != nil {
		return err
	}
	panels := [][]*plot.Plot{
		{launchedPlot("Big tasks launched", results, patience, func(r *Result) *Waits { return &r.Big }), tradeOffPlot(results)},
		{launchedPlot("Small tasks launched", results, min(patience, time.Minute), func(r *Result) *Waits { return &r.Small }), rates},
	}
	canvas := draw.New(out)
	legendHeight := legendPanel(results, canvas)
	below := draw.Crop(canvas, vg.Points(10), -vg.Points(14), vg.Points(8), -legendHeight)
	tiles := draw.Tiles{Rows: 2, Cols: 2, PadX: vg.Points(28), PadY: vg.Points(22)}
	for i, row := range plot.Align(panels, tiles, below) {
		for j, c := range row {
			panels[i][j].Draw(c)
		}
	}
	_, err = out.WriteTo(w)
	return err
}

// legendPanel draws the names of the policies over all panels, and returns how high that is.
func legendPanel(results []Result, c draw.Canvas) vg.Length {
	const perRow, row = 4, vg.Length(18)
	rows := (len(results) + perRow - 1) / perRow
	style := textStyle(11)
	for i := range results {
		x := c.Min.X + vg.Points(30) + vg.Length(i%perRow)*(c.Max.X-c.Min.X-vg.Points(40))/perRow
		y := c.Max.Y - vg.Points(18) - vg.Length(i/perRow)*row
		c.FillPolygon(colour(i), []vg.Point{{X: x, Y: y}, {X: x + 16, Y: y}, {X: x + 16, Y: y + 9}, {X: x, Y: y + 9}})
		c.FillText(style, vg.Point{X: x + 22, Y: y - 1}, results[i].Policy)
	}
	return vg.Length(rows)*row + vg.Points(16)
}

func textStyle(points float64) draw.TextStyle {
	s := plot.New().X.Label.TextStyle
	s.Font.Size, s.Font.Variant = font.Length(points), sans
	s.XAlign, s.YAlign = draw.XLeft, draw.YBottom
	return s
}

const sans = "Sans"

func newPanel(title, x, y string) *plot.Plot {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	p.Title.TextStyle.Font.Size, p.Title.TextStyle.Font.Variant, p.Title.Padding = 13, sans, vg.Points(8)
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Label.TextStyle.Font.Size, a.Tick.Label.Font.Size = 11, 10
		a.Label.TextStyle.Font.Variant, a.Tick.Label.Font.Variant = sans, sans
		a.Label.Padding = vg.Points(5)
	}
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = color.Gray{0xe4}, color.Gray{0xe4}
	p.Add(grid)
	return p
}

// launchedPlot shows which part was launched within what time.
func launchedPlot(title string, results []Result, until time.Duration, of func(*Result) *Waits) *plot.Plot {
	p := newPanel(title, "within … seconds", "per cent of those submitted")
	var times []time.Duration
	for i := range 301 {
		times = append(times, time.Duration(i)*until/300)
	}
	for i := range results {
		var line plotter.XYs
		for k, part := range of(&results[i]).Within(times) {
			line = append(line, plotter.XY{X: times[k].Seconds(), Y: 100 * part})
		}
		l := &plotter.Line{XYs: line, LineStyle: draw.LineStyle{Color: colour(i), Width: vg.Points(2.2)}}
		p.Add(l)
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, until.Seconds(), 0, 103
	return p
}

// tradeOffPlot shows what waiting less costs: down and left is better.
func tradeOffPlot(results []Result) *plot.Plot {
	p := newPanel("The trade-off: down and to the left is better", "per cent of the cluster held, in the mean", "seconds a big task waits, in the mean")
	p.X.Max, p.Y.Max = 0.01, 0.01 // for results in which nothing is held, or waits
	for i, r := range results {
		s := &plotter.Scatter{XYs: plotter.XYs{{X: 100 * r.Held, Y: r.Big.Mean}}, GlyphStyle: draw.GlyphStyle{Color: colour(i), Radius: vg.Points(8), Shape: draw.CircleGlyph{}}}
		p.Add(s)
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -p.X.Max/40, p.X.Max*1.1, 0, p.Y.Max*1.1
	return p
}

// ratePlot shows launches per second: Berth's framework's in the policy's colour, then those of all others.
func ratePlot(results []Result) (*plot.Plot, error) {
	p := newPanel("Launches per second: own, and pale those of the others", "per second", "")
	most := 0.0
	var names []string
	for i := range results {
		r := &results[len(results)-1-i] // the first on top
		own, err := plotter.NewBarChart(plotter.Values{r.Launches}, vg.Points(14))
		if err != nil {
			return nil, err
		}
		others, err := plotter.NewBarChart(plotter.Values{r.RivalLaunches}, vg.Points(14))
		if err != nil {
			return nil, err
		}
		others.StackOn(own)
		own.Color, others.Color = colour(len(results)-1-i), color.Gray{0xdd}
		for _, b := range []*plotter.BarChart{own, others} {
			b.Horizontal, b.XMin, b.LineStyle.Width = true, float64(i), 0
			p.Add(b)
		}
		most = max(most, r.Launches+r.RivalLaunches)
		names = append(names, r.Policy)
	}
	p.NominalY(names...)
	p.X.Min, p.X.Max = 0, most*1.05
	return p, nil
}
