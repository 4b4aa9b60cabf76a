package proptest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/placement/placementtest"
)

// named is a packer, called like the function that makes it, and where it needs one a budget.
type named struct {
	name   string
	new    func() placement.Packer
	budget int64
}

// packers are all packers of package placement, and some that nobody would want.
func packers() []named {
	return []named{
		{"FirstFit", placement.FirstFit, 0},
		{"BestFit", placement.BestFit, 0},
		{"Spread", placement.Spread, 0},
		{"Random", placement.Random, 0},
		{"DominantFit", placement.DominantFit, 0},
		{"DotProduct", placement.DotProduct, 0},
		{"L2Norm", placement.L2Norm, 0},
		{"Cosine", placement.Cosine, 0},
		{"Tetris", placement.Tetris, 0},
		{"Balanced", placement.Balanced, 0},
		{"FillDotProduct", placement.FillDotProduct, 0},
		{"FillL2Norm", placement.FillL2Norm, 0},
		{"FillCosine", placement.FillCosine, 0},
		{"FragmentationGradient", func() placement.Packer { return placement.FragmentationGradient() }, 0},
		{"ExpectedFill", func() placement.Packer { return placement.ExpectedFill() }, 0},
		{"Auto", placement.Auto, 0},
		{"Auto/budget", placement.Auto, 500},
		{"Portfolio", placement.Portfolio, 0},
		{"Knapsack", func() placement.Packer { return placement.Knapsack(placement.KnapsackOptions{}) }, 0},
		{"Knapsack/scheme", func() placement.Packer { return placement.Knapsack(placement.KnapsackOptions{Epsilon: 0.2}) }, 0},
		{"Improve", func() placement.Packer { return placement.Improve(placement.FirstFit()) }, 20000},
		{"Improve/hostile", func() placement.Packer { return placement.Improve(hostile(100)) }, 20000},
		{"GreedyBy", func() placement.Packer { return placement.GreedyBy(placement.UsedFirst(placement.Filled("cpus"))) }, 0},
		{"Greedy", func() placement.Packer { return placement.Greedy(leastFree) }, 0},
		{"Greedy/no number", func() placement.Packer { return placement.Greedy(noNumber) }, 0},
		{"hostile", func() placement.Packer { return hostile(400) }, 0},
	}
}

// TestAllPackers: the list above leaves no packer out.
func TestAllPackers(t *testing.T) {
	listed := map[string]bool{}
	for _, p := range packers() {
		listed[p.name] = true
	}
	for name := range exported(t, "../placement", "Packer") {
		if !listed[name] {
			t.Errorf("placement.%s makes a packer that is not tried here", name)
		}
	}
}

// exported are the exported functions of the package in a directory that return the type named.
func exported(t *testing.T, dir, result string) map[string]bool {
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, e.Name()), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !f.Name.IsExported() || f.Type.Results == nil || len(f.Type.Results.List) != 1 {
				continue
			}
			if id, ok := f.Type.Results.List[0].Type.(*ast.Ident); ok && id.Name == result {
				found[f.Name.Name] = true
			}
		}
	}
	if len(found) == 0 {
		t.Fatalf("no function of %s returns a %s", dir, result)
	}
	return found
}

// TestConform: the packers that package placement does not test itself pass the test made for those of others.
func TestConform(t *testing.T) {
	for _, p := range packers() {
		switch p.name {
		case "FragmentationGradient", "ExpectedFill", "Improve", "Auto", "Portfolio":
			t.Run(p.name, func(t *testing.T) { placementtest.Packer(t, p.new, placement.WithBudget(p.budget)) })
		}
	}
}
