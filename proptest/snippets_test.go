package proptest

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What a snippet of a page may use without an import or a declaration: packages by their names, and these variables.
var snippetImports = map[string]string{
	"context": "context", "errors": "errors", "fmt": "fmt", "log": "log", "os": "os", "slices": "slices", "testing": "testing", "time": "time",
	"resources": module + "/resources", "ports": module + "/ports", "constraints": module + "/constraints",
	"constraintstest": module + "/constraints/constraintstest", "placement": module + "/placement",
	"placementtest": module + "/placement/placementtest", "offerbuffer": module + "/offerbuffer", "mesosv1": module + "/mesosv1",
	"trace": module + "/bench/trace", "mesos": "github.com/mesos/mesos-go/api/v1/lib",
}

const snippetVariables = "ctx context.Context, now time.Time, offers []placement.Offer, tasks []placement.Task, running []placement.Running, engine *placement.Engine, messages []mesos.Offer, send func(any)"

// snippet is a block of Go in a page.
type snippet struct {
	page string
	line int
	text string
}

// TestSnippets compiles every block of Go in the README and the pages of docs. A block is a program, declarations, or
// statements.
func TestSnippets(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	var all []snippet
	for _, page := range pages(t, root) {
		all = append(all, snippetsOf(t, root, page)...)
	}
	if len(all) < 10 {
		t.Fatalf("only %d blocks of Go in the pages", len(all))
	}
	if out, err := compile(t, root, all); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	// The compiler is asked: what is wrong must not pass.
	for _, wrong := range []string{"placement.Assign(1)", "func f() { undeclared() }", "package main\n\nfunc main() { return 1 }"} {
		if _, err := compile(t, root, []snippet{{"wrong.md", 1, wrong}}); err == nil {
			t.Errorf("%q compiles", wrong)
		}
	}
}

// pages are the README and all that is in docs, from the root.
func pages(t *testing.T, root string) []string {
	docs, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	all := []string{"README.md", "CONTRIBUTING.md"}
	for _, p := range docs {
		all = append(all, filepath.Join("docs", filepath.Base(p)))
	}
	return all
}

func snippetsOf(t *testing.T, root, page string) (all []snippet) {
	text, err := os.ReadFile(filepath.Join(root, page))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?ms)^```go\n(.*?)^```$").FindAllSubmatchIndex(text, -1) {
		all = append(all, snippet{page, 1 + strings.Count(string(text[:m[2]]), "\n"), string(text[m[2]:m[3]])})
	}
	return all
}

// compile compiles snippets as packages of this module that exist for the compiler alone.
func compile(t *testing.T, root string, all []snippet) (string, error) {
	dir := t.TempDir()
	replace := map[string]string{}
	for i, s := range all {
		file := filepath.Join(dir, fmt.Sprintf("snippet%d.go", i))
		if err := os.WriteFile(file, []byte(s.file()), 0o600); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(root, "snippets", fmt.Sprint("s", i), "snippet.go")] = file
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(name, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"build", "-overlay", name}
	for i := range all {
		args = append(args, fmt.Sprint("./snippets/s", i))
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// file makes a snippet a file of its own. Positions in errors are those of the page.
func (s snippet) file() string {
	at := fmt.Sprintf("//line %s:%d\n", s.page, s.line)
	if strings.HasPrefix(s.text, "package ") {
		return at + s.text
	}
	var b strings.Builder
	b.WriteString("package snippet\n\nimport (\n")
	text := s.text
	declarations := isDeclarations(text)
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for name := range snippetImports {
			if !yield(name) {
				return
			}
		}
	}) {
		if uses(text, name) || !declarations && uses(snippetVariables, name) {
			fmt.Fprintf(&b, "\t%s %q\n", name, snippetImports[name])
		}
	}
	b.WriteString(")\n\n")
	if declarations {
		return b.String() + at + text
	}
	return b.String() + "func _(" + snippetVariables + ") {\n{\n" + at + text + used(text) + "}\n}\n"
}

func uses(text, name string) bool { return regexp.MustCompile(`\b` + name + `\.`).MatchString(text) }

func isDeclarations(text string) bool {
	f, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+text, parser.SkipObjectResolution)
	return err == nil && len(f.Decls) > 0
}

// used makes variables count as used that a snippet declares for its reader.
func used(text string) string {
	f, err := parser.ParseFile(token.NewFileSet(), "", "package p\nfunc _() {\n"+text+"\n}", parser.SkipObjectResolution)
	if err != nil {
		return "" // the compiler will say what is wrong
	}
	var b strings.Builder
	for _, statement := range f.Decls[0].(*ast.FuncDecl).Body.List {
		if assign, ok := statement.(*ast.AssignStmt); ok && assign.Tok == token.DEFINE {
			for _, left := range assign.Lhs {
				if id, ok := left.(*ast.Ident); ok && id.Name != "_" {
					fmt.Fprintf(&b, "_ = %s\n", id.Name)
				}
			}
		}
	}
	return b.String()
}

// TestLinks checks that what pages link to is there.
func TestLinks(t *testing.T) {
	links := 0
	for _, page := range pages(t, "..") {
		text, err := os.ReadFile(filepath.Join("..", page))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\]\(([^)\s]+)\)`).FindAllSubmatch(text, -1) {
			to, _, _ := strings.Cut(string(m[1]), "#")
			if to == "" || strings.Contains(to, "://") {
				continue
			}
			links++
			if _, err := os.Stat(filepath.Join("..", filepath.Dir(page), to)); err != nil {
				t.Errorf("%s links to %s: %v", page, to, err)
			}
		}
	}
	if links < 5 {
		t.Errorf("only %d links", links)
	}
}
