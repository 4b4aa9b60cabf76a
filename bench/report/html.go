package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"
)

//go:embed page.tmpl
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// Page is what a page is made of beside the studies.
type Page struct {
	Command string    // the command line that made it
	Machine string    // what it ran on
	When    time.Time // when
	Stopped bool      // the run was interrupted
}

// WriteHTML writes studies as one page that needs no other file: no script, font or picture from outside.
func WriteHTML(w io.Writer, studies []*Study, page Page) error {
	view := pageView{
		Colours: colourRules(), Command: page.Command, Machine: page.Machine, Stopped: page.Stopped,
		When: page.When.UTC().Format("2006-01-02 15:04 MST"),
	}
	for i, h := range inkHeat {
		view.Heat = append(view.Heat, h.name)
		if i > 0 {
			view.Loaded = append(view.Loaded, i)
		}
	}
	packers := 0
	for i, s := range studies {
		packers = max(packers, len(s.packers()))
		view.Studies = append(view.Studies, viewOf(s, i))
	}
	view.Title = fmt.Sprintf("%s on %s", count(packers, "packer"), count(len(studies), "workload"))
	if len(studies) == 1 {
		view.Title = fmt.Sprintf("%s on %s", count(packers, "packer"), studies[0].Name)
	}
	view.Subtitle = "Which packer places the most tasks on the fewest agents, and how fast each decides."
	view.Answer = answer(studies)
	return pageTemplate.Execute(w, view)
}

// answer is what the page begins with: of several studies, what to use for what.
func answer(studies []*Study) []string {
	if parts := adviceParts(studies); len(parts) > 0 {
		for i, p := range parts {
			parts[i] = strings.ToUpper(p[:1]) + p[1:] + "."
		}
		return parts
	}
	if len(studies) == 1 {
		return []string{studies[0].Verdict()}
	}
	return []string{"There is too little to go by; see each workload."}
}

type pageView struct {
	Title, Subtitle, Command, Machine, When string
	Stopped                                 bool
	Answer                                  []string
	Colours                                 template.CSS
	Heat                                    []string
	Loaded                                  []int
	Studies                                 []studyView
}

type studyView struct {
	ID, Name, Headline, Demand, Verdict, Caption string
	Header                                       []string
	Rows                                         []rowView
	Figures, Maps                                []figure
	Reasons                                      [][2]string
}

type rowView struct {
	Packer        string
	Best, Fastest bool
	Cells         []string
}

func viewOf(s *Study, number int) studyView {
	v := studyView{
		ID: fmt.Sprintf("workload-%d", number+1), Name: s.Name, Headline: s.about(),
		Verdict: s.Verdict(), Caption: s.caption(), Reasons: s.reasons(),
	}
	if c := s.first(); c.Tasks > 0 && len(c.Resources) > 0 {
		v.Demand = s.demandLine()
	}
	for _, h := range s.header() {
		v.Header = append(v.Header, strings.ReplaceAll(h, "\n", " "))
	}
	best, fastest := s.best(), s.fastest()
	packers := s.packers()
	compared := len(packers) > 1
	for i, row := range s.rows() {
		v.Rows = append(v.Rows, rowView{Packer: row[0], Cells: row[1:],
			Best:    compared && slices.Contains(best, packers[i]),
			Fastest: compared && s.timed() && slices.Contains(fastest, packers[i])})
	}
	if len(s.Growth) > 0 {
		v.Header = append(v.Header, "time grows as")
		for i, p := range packers {
			v.Rows[i].Cells = append(v.Rows[i].Cells, s.growthText(p))
		}
	}
	for _, f := range []figure{s.tradeOff(), s.fillPlot(), s.growthPlot()} {
		if f.SVG != "" {
			v.Figures = append(v.Figures, f)
		}
	}
	v.Maps = s.heatMaps()
	for i := range v.Figures {
		v.Figures[i].SVG = numbered(v.Figures[i].SVG, number, i)
	}
	for i := range v.Maps {
		v.Maps[i].SVG = numbered(v.Maps[i].SVG, number, len(v.Figures)+i)
	}
	return v
}

// about says what was packed, without its name, which stands above.
func (s *Study) about() string {
	if s.About != "" {
		return fmt.Sprintf("%s%s; %s.", strings.ToUpper(s.About[:1]), s.About[1:], s.seedsText())
	}
	_, text, _ := strings.Cut(s.headline(), ": ")
	return text
}

// numbered gives the parts of a picture ids that no other on the page has.
func numbered(svg template.HTML, study, figure int) template.HTML {
	return template.HTML(strings.ReplaceAll(string(svg), figureID, fmt.Sprintf("figure-%d-%d", study+1, figure+1)))
}

// caption says what the numbers of the table are.
func (s *Study) caption() string {
	if n := len(s.Samples); n > 1 {
		return fmt.Sprintf("Medians of %d samples; ± is half the distance between the quartiles.", n)
	}
	return fmt.Sprintf("One sample; times are medians of %s, ± half the distance between the quartiles.", count(s.runs(), "run"))
}

func (s *Study) runs() int {
	n := 0
	for i := range s.first().Results {
		n = max(n, len(s.first().Results[i].WallsMS))
	}
	return n
}

func (s *Study) growthText(packer string) string {
	for i := range s.Growth {
		if s.Growth[i].Packer == packer {
			b, _ := s.Growth[i].exponent()
			return exponentText(b)
		}
	}
	return ""
}
