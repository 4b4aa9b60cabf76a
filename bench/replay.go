package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/berth-go/berth/bench/report"
	"github.com/berth-go/berth/bench/trace"
	"github.com/berth-go/berth/placement"
)

type replayCmd struct {
	File    string   `arg:"" help:"The trace file."`
	Packers []string `placeholder:"NAME" predictor:"packer" help:"Packers to replay with, by name. Default: of each round the one that it was recorded with."`
	Rounds  int      `placeholder:"N" help:"Replay the first N rounds only."`
	JSON    string   `name:"json" placeholder:"FILE" predictor:"file" help:"Write the results as JSON; - is standard output."`
}

// Help is what `replay --help` shows beside the flags.
func (replayCmd) Help() string {
	return `
Plays recorded rounds again. With the packer of the recording the result must be the same to the byte; of a round of an engine,
but for counts of steps and explanations, which depend on the rounds before. Other packers are compared with the recording: moved
are tasks that both placed, but on different agents. The exit status is 1 when a round does not replay as it was recorded, when it
cannot be replayed, and when the file is damaged; what is good of it is replayed all the same.

Examples:

    go run ./bench replay rounds.trace
    go run ./bench replay rounds.trace --packers best-fit,dot-product --rounds 10
`
}

// replayed is one round with one packer.
type replayed struct {
	Round      uint64 `json:"round"`
	Engine     bool   `json:"engine"`
	Packer     string `json:"packer"`
	Recorded   bool   `json:"recorded"` // the recording itself
	Agents     int    `json:"agents"`
	Tasks      int    `json:"tasks"`
	Placed     int    `json:"placed"`
	AgentsUsed int    `json:"agents_used"`
	Moved      int    `json:"moved"`
	// Seconds is what the replay took.
	Seconds float64 `json:"seconds"`
	// Note says how the result compares.
	Note string `json:"note"`
}

func (c *replayCmd) Run(ctx context.Context, s streams) (err error) {
	var chosen []packer
	if len(c.Packers) > 0 {
		if chosen, err = findPackers(c.Packers); err != nil {
			return err
		}
	}
	if c.Rounds < 0 {
		return usagef("--rounds %d is negative", c.Rounds)
	}
	in, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer in.Close()
	reader, err := trace.NewReader(in, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	if err := checkOutputs([]named{{"replay", c.File}}, named{"--json", c.JSON}); err != nil {
		return err
	}
	out, err := create(c.JSON, s.out)
	if err != nil {
		return err
	}
	defer out.close()
	r := replay{packers: chosen, results: []*replayed{}}
	err = r.all(ctx, reader, c.Rounds)
	if c.JSON != "-" {
		r.write(s.out)
	}
	if err != nil && !errors.Is(err, errInterrupted) {
		err = fmt.Errorf("%s: %w", c.File, err)
	}
	return errors.Join(writeJSON(out, r.results), err)
}

// replay collects the results of a run of the command.
type replay struct {
	packers []packer
	results []*replayed
	rounds  int
	wrong   int // that did not replay as they were recorded
}

func (r *replay) all(ctx context.Context, reader *trace.Reader, limit int) error {
	for round, err := range reader.All() {
		if err != nil {
			return err
		}
		if err := r.one(ctx, round); err != nil {
			return err
		}
		r.rounds++
		if r.rounds == limit {
			break
		}
	}
	if r.wrong > 0 {
		return fmt.Errorf("%d of %d rounds do not replay as they were recorded", r.wrong, r.rounds)
	}
	return nil
}

func (r *replay) one(ctx context.Context, round *trace.Round) error {
	packers := r.packers
	own, known := findPacker(round.Packer())
	if len(packers) == 0 {
		if !known {
			return fmt.Errorf("round %d was packed by %q, which this command does not know; name others with --packers", round.Number, round.Packer())
		}
		packers = []packer{own}
	}
	r.add(round, round.Packer(), round.Result).Recorded = true
	r.last().Note = "as recorded"
	if round.Err != "" {
		r.last().Note = "failed: " + round.Err
	}
	for _, p := range packers {
		if ctx.Err() != nil {
			return errInterrupted
		}
		start := time.Now()
		result, err := round.Replay(ctx, p.make())
		if err != nil {
			return fmt.Errorf("round %d: %w", round.Number, err)
		}
		took := time.Since(start)
		if ctx.Err() != nil {
			return errInterrupted
		}
		x := r.add(round, p.name, result)
		x.Seconds = took.Seconds()
		if x.Note, err = r.note(round, p, result); err != nil {
			return err
		}
	}
	return nil
}

func (r *replay) add(round *trace.Round, name string, result placement.Result) *replayed {
	x := &replayed{Round: round.Number, Engine: round.Engine, Packer: name, Agents: result.Stats.Agents,
		Tasks: len(round.Tasks), Placed: len(result.Assignments), AgentsUsed: result.Stats.AgentsUsed, Moved: moved(round.Result, result)}
	r.results = append(r.results, x)
	return x
}

func (r *replay) last() *replayed { return r.results[len(r.results)-1] }

// note says how a result compares with the recorded one.
func (r *replay) note(round *trace.Round, p packer, got placement.Result) (string, error) {
	difference, err := round.Diff(got)
	switch {
	case err != nil:
		return "", err
	case difference == "":
		return "the same", nil
	case p.name != round.Packer():
		return fmt.Sprintf("%+d placed, %+d agents", len(got.Assignments)-len(round.Result.Assignments),
			got.Stats.AgentsUsed-round.Result.Stats.AgentsUsed), nil
	case round.Ended():
		return "the recorded round was ended early", nil
	}
	r.wrong++
	return "differs: " + difference, nil
}

// moved counts the tasks that two results put on different agents.
func moved(a, b placement.Result) int {
	where := make(map[placement.TaskID]placement.AgentID, len(a.Assignments))
	for _, x := range a.Assignments {
		where[x.Task] = x.Agent
	}
	n := 0
	for _, x := range b.Assignments {
		if agent, ok := where[x.Task]; ok && agent != x.Agent {
			n++
		}
	}
	return n
}

func (r *replay) write(w io.Writer) {
	header := []string{"round and packer", "agents", "tasks", "placed", "agents used", "moved", "ms", "compared with the recording"}
	var rows [][]string
	for _, x := range r.results {
		name, ms := fmt.Sprintf("%d: %s", x.Round, x.Packer), fmt.Sprintf("%.1f", 1000*x.Seconds)
		if x.Recorded {
			name, ms = name+", recorded", "-"
		}
		rows = append(rows, []string{name, strconv.Itoa(x.Agents), strconv.Itoa(x.Tasks), strconv.Itoa(x.Placed), strconv.Itoa(x.AgentsUsed),
			strconv.Itoa(x.Moved), ms, x.Note})
	}
	if len(rows) > 0 {
		fmt.Fprintln(w, report.Grid(header, rows, lookOf(w)))
	}
	fmt.Fprintf(w, "%d %s replayed.\n", r.rounds, plural(uint64(r.rounds), "round", "rounds"))
}
