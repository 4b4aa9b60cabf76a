package report

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// label is a text beside a point.
type label struct {
	at   vg.Point
	text string
	ink  ink
}

// drawLabels writes labels where they cover neither a point nor another label, the first ones first. What finds no place is
// left out and returned.
func drawLabels(c draw.Canvas, labels []label, points []vg.Point) (left []string) {
	style := textStyle(inkText)
	var taken []vg.Rectangle
	for _, p := range points {
		taken = append(taken, vg.Rectangle{Min: vg.Point{X: p.X - 4, Y: p.Y - 4}, Max: vg.Point{X: p.X + 4, Y: p.Y + 4}})
	}
	for _, l := range labels {
		style.Color = l.ink.mark
		size := vg.Point{X: style.Width(l.text), Y: vg.Length(fontSize)}
		box, ok := freeBox(c, l.at, size, taken)
		if !ok {
			left = append(left, l.text)
			continue
		}
		taken = append(taken, box)
		c.FillText(style, vg.Point{X: box.Min.X, Y: box.Min.Y + 1}, l.text)
	}
	return left
}

// freeBox looks for a free place around a point: right, left, above, below, and further away.
func freeBox(c draw.Canvas, at, size vg.Point, taken []vg.Rectangle) (vg.Rectangle, bool) {
	for _, far := range []vg.Length{7, 16, 26, 38} {
		for _, corner := range []vg.Point{
			{X: far, Y: -size.Y / 2}, {X: -far - size.X, Y: -size.Y / 2},
			{X: -size.X / 2, Y: far}, {X: -size.X / 2, Y: -far - size.Y},
			{X: far, Y: far / 2}, {X: far, Y: -far/2 - size.Y}, {X: -far - size.X, Y: far / 2}, {X: -far - size.X, Y: -far/2 - size.Y},
		} {
			box := vg.Rectangle{Min: at.Add(corner)}
			box.Max = box.Min.Add(size)
			if inside(box, c.Rectangle) && !overlaps(box, taken) {
				return box, true
			}
		}
	}
	return vg.Rectangle{}, false
}

func inside(box, outer vg.Rectangle) bool {
	return box.Min.X >= outer.Min.X && box.Min.Y >= outer.Min.Y && box.Max.X <= outer.Max.X && box.Max.Y <= outer.Max.Y
}

func overlaps(box vg.Rectangle, taken []vg.Rectangle) bool {
	for _, t := range taken {
		if box.Min.X < t.Max.X && t.Min.X < box.Max.X && box.Min.Y < t.Max.Y && t.Min.Y < box.Max.Y {
			return true
		}
	}
	return false
}
