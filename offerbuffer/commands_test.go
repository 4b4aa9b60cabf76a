package offerbuffer

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/commands"
	"github.com/leanovate/gopter/gen"
)

// step is a command for gopter: a name and what it does to the pair. The model is inside the pair: the state that gopter
// carries along only counts the steps, which keeps commands independent of each other when gopter leaves some out.
type step struct {
	name string
	do   func(p *pair) string
}

func (s step) Run(sut commands.SystemUnderTest) commands.Result { return s.do(sut.(*pair)) }
func (s step) NextState(state commands.State) commands.State    { return state.(int) + 1 }
func (s step) PreCondition(commands.State) bool                 { return true }
func (s step) String() string                                   { return s.name }

func (s step) PostCondition(_ commands.State, result commands.Result) *gopter.PropResult {
	if diff := result.(string); diff != "" {
		return gopter.NewPropResult(false, s.name+": "+diff)
	}
	return &gopter.PropResult{Status: gopter.PropTrue}
}

func steps() gopter.Gen {
	id := gen.IntRange(1, 12).Map(func(i int) string { return "o" + strconv.Itoa(i) })
	make := func(name string, do func(p *pair, id string) string) gopter.Gen {
		return id.Map(func(id string) commands.Command {
			return step{name + " " + id, func(p *pair) string { return do(p, id) }}
		})
	}
	agentOf := func(id string) string { return "a" + id[len(id)-1:] }
	return gen.Weighted([]gen.WeightedGen{
		{Weight: 8, Gen: make("add to a1", func(p *pair, id string) string { return p.add(id, "a1", "") })},
		{Weight: 4, Gen: make("add", func(p *pair, id string) string { return p.add(id, agentOf(id), "r") })},
		{Weight: 3, Gen: make("rescind", (*pair).rescind)},
		{Weight: 4, Gen: make("use", func(p *pair, id string) string { return p.use(id) })},
		{Weight: 3, Gen: make("use o1 and", func(p *pair, id string) string { return p.use("o1", id) })},
		{Weight: 2, Gen: make("decline", func(p *pair, id string) string { return p.decline(id, time.Second) })},
		{Weight: 1, Gen: make("lose the agent of", func(p *pair, id string) string { return p.lose(agentOf(id)) })},
		{Weight: 1, Gen: gen.Const(commands.Command(step{"disconnect", (*pair).disconnect}))},
		{Weight: 8, Gen: gen.IntRange(0, 6000).Map(func(ms int) commands.Command {
			return step{fmt.Sprintf("tick %d ms", ms), func(p *pair) string { return p.tick(time.Duration(ms) * time.Millisecond) }}
		})},
	})
}

// TestCommands compares the buffer with the model over sequences of commands that gopter makes and, when
// they differ, shortens.
func TestCommands(t *testing.T) {
	seed := int64(1)
	if text := os.Getenv("GOPTER_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseInt(text, 10, 64); err != nil {
			t.Fatalf("GOPTER_SEED: %v", err)
		}
	}
	cases := 300
	if testing.Short() {
		cases = 30
	}
	for which, r := range rules() {
		for _, limits := range [][2]int{{0, 0}, {5, 2}} {
			if diff := brokenCommands(seed, cases, func() *pair { return newPair(which, limits[0], limits[1]) }); diff != "" {
				t.Errorf("%v, limits %v: %s\nto repeat: GOPTER_SEED=%d", r.policy, limits, diff, seed)
			}
		}
	}
}

func brokenCommands(seed int64, cases int, fresh func() *pair) string {
	parameters := gopter.DefaultTestParametersWithSeed(seed)
	parameters.MinSuccessfulTests, parameters.MaxSize = cases, 60
	result := commands.Prop(&commands.ProtoCommands{
		NewSystemUnderTestFunc: func(commands.State) commands.SystemUnderTest { return fresh() },
		InitialStateGen:        gen.Const(0),
		GenCommandFunc:         func(commands.State) gopter.Gen { return steps() },
	}).Check(parameters)
	if result.Passed() {
		return ""
	}
	var args []string
	for _, a := range result.Args {
		args = append(args, a.ArgFormatted)
	}
	return strings.Join(result.Labels, "\n") + "\n" + strings.Join(args, "\n")
}

// TestCommandsNotice checks that a buffer that does something else than the model is found out, and that what is
// left of the commands is short.
func TestCommandsNotice(t *testing.T) {
	spoil := map[string]func(p *pair){
		"holds longer":     func(p *pair) { p.b.config.MaxHold += time.Second },
		"releases earlier": func(p *pair) { p.b.config.Policy = LongEnough(2 * time.Second) },
		"holds fewer":      func(p *pair) { p.b.config.MaxOffers = 2 },
		"refuses longer":   func(p *pair) { p.b.config.Refuse = time.Minute },
	}
	for name, f := range spoil {
		diff := brokenCommands(1, 300, func() *pair {
			p := newPair(1, 0, 0)
			f(p)
			return p
		})
		if diff == "" {
			t.Errorf("a buffer that %s passes", name)
		}
	}
}
