package report

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// chosen are the packers that pictures name, at most four: the best, the quickest of the best, the fastest, the
// default, and the yardstick.
func (s *Study) chosen() []string {
	var all []string
	add := func(p string) {
		if p != "" && !slices.Contains(all, p) && len(all) < 4 {
			all = append(all, p)
		}
	}
	if best := s.best(); len(best) > 0 {
		quick := s.fastest()
		add(s.choice(best, s.bestOf(quick)))
		add(s.bestOf(quick))
		add(best[0])
	}
	for _, p := range s.packers() {
		if r := s.first().result(p); r != nil && r.Default {
			add(p)
		}
	}
	for _, p := range s.packers() {
		if s.yardstick(p) {
			add(p)
		}
	}
	return all
}

// maxCells is how many agents a heat map shows. Of larger fleets it shows every so many-th.
const maxCells = 4096

// heatMaps are the figures of the fleet, an agent a cell, of the packers that pictures name.
func (s *Study) heatMaps() (all []figure) {
	for _, p := range s.chosen() {
		if r := s.first().result(p); r != nil && len(r.Loads) > 0 {
			all = append(all, heatMap(p, r.Loads))
		}
	}
	return all
}

func heatMap(packer string, loads []float64) figure {
	used, full := 0, 0
	for _, l := range loads {
		if l > 0 {
			used++
		}
		if l > 0.9 {
			full++
		}
	}
	f := figure{Title: packer, Caption: fmt.Sprintf("%s of %s in use, %s of them more than 90%% full.", thousands(used), count(len(loads), "agent"), thousands(full))}
	step := (len(loads) + maxCells - 1) / maxCells
	if step > 1 {
		f.Caption += fmt.Sprintf(" Shown is one agent of %d.", step)
	}
	var shown []float64
	for i := 0; i < len(loads); i += step {
		shown = append(shown, loads[i])
	}
	columns := int(math.Ceil(math.Sqrt(float64(len(shown)) * 1.6)))
	rows := (len(shown) + columns - 1) / columns
	cell := vg.Length(400) / vg.Length(columns)
	width, height := cell*vg.Length(columns), cell*vg.Length(rows)
	f.SVG = inline(width, height, "The fleet as "+packer+" fills it", f.Caption, func(c draw.Canvas) {
		paths := make([]vg.Path, len(inkHeat))
		gap := cell * 0.08
		for i, l := range shown {
			x, y := c.Min.X+cell*vg.Length(i%columns), c.Max.Y-cell*vg.Length(i/columns+1)
			level := heatLevel(l)
			paths[level] = append(paths[level], square(x+gap, y+gap, cell-2*gap)...)
		}
		for level, path := range paths {
			if len(path) > 0 {
				c.SetColor(inkHeat[level].mark)
				c.Fill(path)
			}
		}
	})
	return f
}

func square(x, y, side vg.Length) vg.Path {
	var p vg.Path
	p.Move(vg.Point{X: x, Y: y})
	p.Line(vg.Point{X: x + side, Y: y})
	p.Line(vg.Point{X: x + side, Y: y + side})
	p.Line(vg.Point{X: x, Y: y + side})
	p.Close()
	return p
}

// heatLevel is 0 for an agent that nothing is on, and grows to the last with its load.
func heatLevel(load float64) int {
	if load <= 0 {
		return 0
	}
	steps := len(inkHeat) - 1
	return min(steps, 1+int(load*float64(steps)))
}
