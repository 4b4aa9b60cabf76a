package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/posener/complete"
	"github.com/willabides/kongplete"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Help is what `completion --help` shows beside the flags.
func (completionCmd) Help() string {
	return `
Prints what makes a shell complete commands, flags, packers, workloads, orders and files. The command has to be installed first.

Examples:

    go install ./bench
    source <(bench completion bash)                 now; put it into ~/.bashrc for always
    source <(bench completion zsh)                  now; put it into ~/.zshrc, after compinit, for always
    bench completion fish > ~/.config/fish/completions/bench.fish
`
}

// completionScripts make a shell call the command with COMP_LINE, as bash does by itself.
var completionScripts = map[string]string{
	"bash": `complete -o default -C %[1]s bench
`,
	"zsh": `autoload -U +X bashcompinit && bashcompinit
complete -o default -C %[1]s bench
`,
	"fish": `function __bench_complete
    set -lx COMP_LINE (commandline -cp)
    test -z (commandline -ct)
    and set COMP_LINE "$COMP_LINE "
    %[1]s
end
complete -c bench -a "(__bench_complete)"
`,
}

func (c *completionCmd) Run(s streams) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, completionScripts[c.Shell], shellQuote(self))
	return err
}

// shellQuote keeps a path one word in all three shells.
func shellQuote(path string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+", r)
	}
	if strings.IndexFunc(path, func(r rune) bool { return !plain(r) }) < 0 {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}

// completing is the environment variable with which a shell asks for completions.
const completing = "COMP_LINE"

// completeLine answers a shell that asks for completions, and says whether one did.
func completeLine(parser *kong.Kong, out io.Writer) bool {
	if os.Getenv(completing) == "" {
		return false
	}
	command, err := kongplete.Command(parser, kongplete.WithPredictors(map[string]complete.Predictor{
		"file":     complete.PredictFiles("*"),
		"packer":   predictList(packerNames()),
		"workload": predictList(workloadNames()),
		"order":    predictList(orderNames()),
		"format":   complete.PredictSet(formatNames()...),
		"list":     complete.PredictSet("packers", "workloads", "formats"),
	}))
	if err != nil {
		return true // there is nobody to tell; nothing is completed
	}
	command.Flags = command.Sub["compare"].GlobalFlags // it is the default command
	c := complete.New(parser.Model.Name, command)
	c.Out = out
	return c.Complete()
}

// predictList completes lists with commas between the names: the last one, to one that is not there yet.
func predictList(names []string) complete.Predictor {
	return complete.PredictFunc(func(a complete.Args) []string {
		done := ""
		if i := strings.LastIndexByte(a.Last, ','); i >= 0 {
			done = a.Last[:i+1]
		}
		var all []string
		for _, name := range names {
			if !slices.Contains(strings.Split(done, ","), name) {
				all = append(all, done+name)
			}
		}
		return all
	})
}
