package report

import (
	"fmt"
	"html/template"
	"image/color"
	"io"
	"regexp"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// figure is a picture of a page, and what it shows in words.
type figure struct {
	Title, Caption string
	SVG            template.HTML
}

// ink names a colour of the page, which is another one in the dark: plots are drawn in colours that stand for names, and
// the names are put in their place afterwards.
type ink struct {
	name string
	mark color.RGBA
}

func newInk(name string, code uint8) ink { return ink{name, color.RGBA{1, 2, code, 255}} }

var (
	inkText  = newInk("ink", 1)
	inkMuted = newInk("muted", 2)
	inkGrid  = newInk("grid", 3)
	inkPaper = newInk("paper", 4)
	// inkSeries tell series apart, also for people who see few colours (Okabe and Ito, "Color Universal Design", 2008).
	inkSeries = []ink{newInk("c1", 11), newInk("c2", 12), newInk("c3", 13), newInk("c4", 14), newInk("c5", 15)}
	// inkHeat goes from nothing to full.
	inkHeat = []ink{newInk("h0", 20), newInk("h1", 21), newInk("h2", 22), newInk("h3", 23), newInk("h4", 24), newInk("h5", 25), newInk("h6", 26), newInk("h7", 27)}
)

// themed replaces the marks of all inks by their names.
var themed = func() *strings.Replacer {
	var pairs []string
	add := func(i ink) {
		pairs = append(pairs, fmt.Sprintf("#%02X%02X%02X", i.mark.R, i.mark.G, i.mark.B), "var(--"+i.name+")")
	}
	for _, i := range []ink{inkText, inkMuted, inkGrid, inkPaper} {
		add(i)
	}
	for _, i := range inkSeries {
		add(i)
	}
	for _, i := range inkHeat {
		add(i)
	}
	return strings.NewReplacer(pairs...)
}()

// The fonts that a plot names are those of the page; Liberation Sans, with which texts are measured, is as wide as Arial.
var fontStyle = regexp.MustCompile(`font-family:[^;"]*;font-variant:[^;"]*;font-weight:[^;"]*;font-style:[^;"]*;?`)

// Points are pixels where the picture is not scaled.
const (
	figureWidth  = 480
	figureHeight = 370
	fontSize     = 13
)

// figureID stands for the id of a figure until it has its place on the page.
const figureID = "@figure"

// inline draws on a canvas and returns an element for the page, which a screen reader reads as an image with a title and
// a description.
func inline(width, height vg.Length, title, description string, drawOn func(draw.Canvas)) template.HTML {
	canvas := vgsvg.NewWith(vgsvg.UseWH(width, height))
	drawOn(draw.New(canvas))
	var b strings.Builder
	canvas.WriteTo(&b)
	_, body, _ := strings.Cut(b.String(), "<svg")
	_, body, _ = strings.Cut(body, ">")
	body = themed.Replace(fontStyle.ReplaceAllString(body, ""))
	return template.HTML(fmt.Sprintf(`<svg class="plot" viewBox="0 0 %[1]g %[2]g" role="img" aria-labelledby="%[3]s-title" aria-describedby="%[3]s-text"><title id="%[3]s-title">%[4]s</title><desc id="%[3]s-text">%[5]s</desc>%[6]s`,
		width.Points(), height.Points(), figureID, template.HTMLEscapeString(title), template.HTMLEscapeString(description), body))
}

// newPlot is an empty plot in the colours and type of the page.
func newPlot(x, y string) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	p.X.Label.Text, p.Y.Label.Text = x, y
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Color, a.Tick.Color = inkGrid.mark, inkGrid.mark
		a.Label.TextStyle = mergeStyle(a.Label.TextStyle, inkText)
		a.Tick.Label = mergeStyle(a.Tick.Label, inkText)
		a.Label.Padding = vg.Points(4)
	}
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = inkGrid.mark, inkGrid.mark
	p.Add(grid)
	return p
}

// textStyle is for texts within a plot, of which the left end is given.
func textStyle(i ink) draw.TextStyle {
	s := mergeStyle(plot.New().X.Label.TextStyle, i)
	s.XAlign, s.YAlign = draw.XLeft, draw.YBottom
	return s
}

// mergeStyle keeps how a text is aligned.
func mergeStyle(s draw.TextStyle, i ink) draw.TextStyle {
	s.Color = i.mark
	s.Font.Size, s.Font.Variant = font.Length(fontSize), "Sans"
	return s
}

// drawPlot draws one plot over a whole canvas.
func drawPlot(p *plot.Plot) func(draw.Canvas) {
	return func(c draw.Canvas) { p.Draw(draw.Crop(c, 2, -6, 2, -6)) }
}

// WritePlot writes a figure of a study as a file of its own, in light colours.
func WritePlot(w io.Writer, s *Study) error {
	f := s.tradeOff()
	text := strings.ReplaceAll(string(f.SVG), figureID, "plot")
	text = strings.Replace(text, "<svg class=\"plot\"", `<svg xmlns="http://www.w3.org/2000/svg" width="780" font-family="Arial, Liberation Sans, Helvetica, sans-serif"`, 1)
	text = strings.Replace(text, "</desc>", `</desc><rect width="100%" height="100%" fill="var(--paper)"/>`, 1)
	for name, light := range lightColours() {
		text = strings.ReplaceAll(text, "var(--"+name+")", light)
	}
	_, err := io.WriteString(w, text)
	return err
}
