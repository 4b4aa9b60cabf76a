package report

import (
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"
)

// hostile is a name that would be markup if it were not escaped.
const hostile = `<script>alert("x")</script>|*&`

// pictured is a study with all that figures are made of.
func pictured(rng *rand.Rand) *Study {
	s := planted(rng, 20, 1, 0.7, 1.4)
	s.Name, s.About = hostile, "what "+hostile+" is"
	for _, c := range s.Samples {
		c.Resources, c.Demand = []string{"cpus", hostile}, map[string]float64{"cpus": 0.5, hostile: 0.1}
		for i := range c.Results {
			r := &c.Results[i]
			r.Packer += hostile
			r.Fill = map[string]float64{"cpus": 0.9, hostile: 0.3}
			r.Loads = []float64{0, 0.2, 1, 0.95}
			r.Failed, r.Reasons = 1, []Reason{{hostile, hostile, 1}}
		}
	}
	for _, p := range s.packers() {
		s.Growth = append(s.Growth, Growth{p, []GrowthPoint{{100, 1}, {100, 1.1}, {200, 2}, {400, 4.2}}})
	}
	return s
}

// The page is well formed, escapes what it is given, and needs nothing from outside.
func TestPage(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	var b strings.Builder
	page := Page{Command: "bench --html " + hostile, Machine: "m", When: time.Unix(0, 0), Stopped: true}
	if err := WriteHTML(&b, []*Study{pictured(rng), pictured(rng)}, page); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, bad := range []string{"<script", `"x")<`, "http://", "https://", "src=", "url(", "@import", "<link", figureID, "NaN", "Inf", "%!"} {
		if i := strings.Index(text, bad); i >= 0 {
			t.Errorf("the page has %q: %q", bad, text[max(0, i-60):min(len(text), i+60)])
		}
	}
	for _, want := range []string{`<html lang="en">`, `name="viewport"`, "prefers-color-scheme:dark", "<caption>", `scope="col"`, `scope="row"`, "<title id=", "<desc id=",
		"interrupted", "Quality against speed", "Fill per resource", "Growth", "an agent a cell", "n^", "Why tasks were not placed", `href="#workload-2"`} {
		if !strings.Contains(text, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if colour := regexp.MustCompile(`(fill|stroke):#[0-9A-Fa-f]+`).FindString(text); colour != "" {
		t.Errorf("a picture has a colour of its own, which would not change in the dark: %s", colour)
	}
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(text, -1) {
		if ids[m[1]] {
			t.Errorf("id %s is there twice", m[1])
		}
		ids[m[1]] = true
	}
	for _, svg := range regexp.MustCompile(`(?s)<svg.*?</svg>`).FindAllString(text, -1) {
		if err := wellFormed(svg); err != nil {
			t.Errorf("%v in %.200s", err, svg)
		}
	}
}

func wellFormed(text string) error {
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// Whatever there is little of, the page is written.
func TestPageOfLittle(t *testing.T) {
	empty := NewStudy("w", &Comparison{Workload: "w"})
	nothing := NewStudy("w", &Comparison{Workload: "w", Results: []Result{{Packer: "a"}, {Packer: "b"}}})
	for _, all := range [][]*Study{nil, {empty}, {nothing}, {empty, nothing}, {stored(Result{Packer: "a", Placed: 10, AgentsUsed: 1})},
		{stored(Result{Packer: "a", Truncated: true}, Result{Packer: "b", Truncated: true})}} {
		if err := WriteHTML(io.Discard, all, Page{}); err != nil {
			t.Error(err)
		}
		if err := WriteMarkdown(io.Discard, all); err != nil {
			t.Error(err)
		}
		for _, s := range all {
			if err := WriteCSV(io.Discard, s.Samples); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestWritePlot(t *testing.T) {
	var b strings.Builder
	if err := WritePlot(&b, pictured(rand.New(rand.NewPCG(7, 8)))); err != nil {
		t.Fatal(err)
	}
	if err := wellFormed(b.String()); err != nil || !strings.HasPrefix(b.String(), "<svg xmlns=") || strings.Contains(b.String(), "var(") || strings.Contains(b.String(), "@") {
		t.Errorf("%v in %s", err, b.String())
	}
}

func TestExponent(t *testing.T) {
	g := Growth{Packer: "p"}
	for _, n := range []int{100, 200, 400, 800} {
		for _, noise := range []float64{0.98, 1, 1.02} {
			g.Points = append(g.Points, GrowthPoint{n, 3 * noise * math.Pow(float64(n), 1.5)})
		}
	}
	b, c := g.exponent()
	if math.Abs(b.value-1.5) > 1e-6 || math.Abs(c-3) > 0.01 || b.low > 1.5 || b.low < 1.47 || b.high > 1.53 {
		t.Errorf("fitted %+v and %v", b, c)
	}
	if b, _ := (&Growth{}).exponent(); !math.IsInf(b.high, 1) {
		t.Errorf("fitted %+v to nothing", b)
	}
}

func TestMarkdownAndCSV(t *testing.T) {
	s := pictured(rand.New(rand.NewPCG(7, 8)))
	var b strings.Builder
	if err := WriteMarkdown(&b, []*Study{s, s}); err != nil {
		t.Fatal(err)
	}
	columns := 0
	for line := range strings.Lines(b.String()) {
		if strings.Contains(line, "<script") {
			t.Errorf("markup in %s", line)
		}
		if cells := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|"); strings.HasPrefix(line, "|") && columns > 0 && cells != columns {
			t.Errorf("%d cells instead of %d in %s", cells, columns, line)
		} else if cells > 0 {
			columns = cells
		}
	}
	b.Reset()
	if err := WriteCSV(&b, s.Samples); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil || len(records) != 1+20*3 || records[1][4] != "p0"+hostile || records[1][16] != "0.3" || records[0][16] != "fill_"+hostile {
		t.Errorf("%v: %d records, the first %q", err, len(records), records[:2])
	}
	if got := fmt.Sprint(records[0][:5]); got != "[workload seed agents tasks packer]" {
		t.Errorf("columns %s", got)
	}
}
