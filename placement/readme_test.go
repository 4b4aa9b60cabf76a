package placement_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

// TestReadme: the program in the README is ExampleAssign, and prints what the README says.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "```go\n")
	program, rest, _ := strings.Cut(rest, "```")
	_, rest, _ = strings.Cut(rest, "```\n")
	prints, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("no program with its output in the README")
	}
	example, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	body, output, _ := strings.Cut(function(t, string(example), "ExampleAssign"), "// Output:")
	if main := function(t, program, "main"); strings.TrimSpace(main) != strings.TrimSpace(body) {
		t.Errorf("the program in the README is\n%s\nand the example\n%s", main, body)
	}
	if said := strings.ReplaceAll(output, "\t// ", ""); strings.TrimSpace(said) != strings.TrimSpace(prints) {
		t.Errorf("the README says that the program prints\n%s\nit prints\n%s", prints, said)
	}
}

// function returns what stands between the braces of a function.
func function(t *testing.T, source, name string) string {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == name {
			return source[files.Position(f.Body.Lbrace).Offset+1 : files.Position(f.Body.Rbrace).Offset]
		}
	}
	t.Fatalf("no function %s", name)
	return ""
}
