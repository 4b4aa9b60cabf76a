package proptest

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/berth-go/berth"

// policy says what a package, named below the module, may import beyond the standard library: packages of ours, with
// their own sub-packages, and modules of others.
type policy struct {
	ours   []string
	others []string
}

var core = []string{"resources", "ports", "constraints", "placement"}

// policies has an entry for each package that code of ours may import; the longest prefix counts.
var policies = map[string]policy{
	"resources":                   {},
	"ports":                       {ours: []string{"resources"}},
	"constraints":                 {ours: []string{"resources"}},
	"constraints/constraintstest": {ours: []string{"resources", "constraints"}},
	"placement":                   {ours: []string{"resources", "ports", "constraints", "placement/internal"}},
	"placement/internal":          {ours: []string{"placement/internal"}, others: []string{"github.com/bits-and-blooms/bitset", "github.com/tidwall/btree"}},
	"placement/placementtest":     {ours: core},
	"offerbuffer":                 {ours: []string{"placement", "resources"}},
	"offerbuffer/prombuffer":      {ours: []string{"offerbuffer", "placement"}, others: []string{"github.com/prometheus/client_golang"}},
	"mesosv1":                     {ours: append([]string{"offerbuffer"}, core...), others: []string{"github.com/mesos/mesos-go", "github.com/gogo/protobuf"}},
	"bench": {ours: append([]string{"offerbuffer", "mesosv1", "bench"}, core...), others: []string{
		"github.com/alecthomas/kong", "github.com/willabides/kongplete", "github.com/posener/complete", "github.com/jedib0t/go-pretty", "golang.org/x/sys", "golang.org/x/term", "gonum.org/v1/gonum", "gonum.org/v1/plot", "google.golang.org/protobuf",
	}},
	"proptest": {ours: append([]string{"offerbuffer", "mesosv1"}, core...), others: []string{"github.com/leanovate/gopter"}},
	"examples": {ours: append([]string{"offerbuffer", "mesosv1"}, core...), others: []string{"github.com/mesos/mesos-go"}},
}

// inTests may be imported by tests of the package named, beyond its policy; "" is every package.
var inTests = map[string][]string{
	"":                   {"github.com/google/go-cmp", module + "/placement/placementtest", module + "/constraints/constraintstest"},
	"bench":              {"github.com/rogpeppe/go-internal"},
	"placement/internal": {module + "/bench/naive"}, // the scans that indexes are measured against
	"mesosv1":            {"github.com/leanovate/gopter"},
	"offerbuffer":        {"github.com/leanovate/gopter"},
}

type listed struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

// TestImportPolicy keeps the arrows of docs/architecture.md as they are drawn.
func TestImportPolicy(t *testing.T) {
	packages := list(t)
	if len(packages) < 10 {
		t.Fatalf("go list names only %d packages", len(packages))
	}
	for _, p := range packages {
		name := strings.TrimPrefix(p.ImportPath, module+"/")
		rules, ok := policyFor(name)
		if !ok {
			t.Errorf("%s: there is no policy for it; add one", name)
			continue
		}
		for _, to := range p.Imports {
			if !rules.allows(to) {
				t.Errorf("%s imports %s, which the policy forbids", name, to)
			}
		}
		for _, to := range slices.Concat(p.TestImports, p.XTestImports) {
			if !rules.allows(to) && !isFor(name, to) {
				t.Errorf("a test of %s imports %s, which the policy forbids", name, to)
			}
		}
	}
}

// TestImportPolicyBreaks checks that the policy can fail.
func TestImportPolicyBreaks(t *testing.T) {
	for from, to := range map[string]string{
		"resources":                "github.com/google/go-cmp/cmp",
		"ports":                    module + "/placement",
		"placement":                "github.com/mesos/mesos-go/api/v1/lib",
		"placement/internal/index": module + "/placement",
		"bench/report":             "github.com/mesos/mesos-go/api/v1/lib",
		"constraints":              module + "/proptest",
	} {
		rules, ok := policyFor(from)
		if !ok || rules.allows(to) {
			t.Errorf("%s may import %s", from, to)
		}
	}
}

func list(t *testing.T) []listed {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", module+"/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var p listed
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func policyFor(name string) (policy, bool) {
	for prefix := name; prefix != ""; {
		if p, ok := policies[prefix]; ok {
			return p, true
		}
		cut := strings.LastIndexByte(prefix, '/')
		if cut < 0 {
			break
		}
		prefix = prefix[:cut]
	}
	return policy{}, false
}

func (p policy) allows(to string) bool {
	if ours, ok := strings.CutPrefix(to, module+"/"); ok {
		return slices.ContainsFunc(p.ours, func(allowed string) bool {
			// The internal packages of placement are no part of what importing placement allows.
			return within(ours, allowed) && (allowed == "placement/internal" || !within(ours, "placement/internal"))
		})
	}
	return isStandard(to) || slices.ContainsFunc(p.others, func(allowed string) bool { return within(to, allowed) })
}

func isFor(name, to string) bool {
	if to == module+"/"+name {
		return true // a test from outside the package
	}
	for prefix, allowed := range inTests {
		if (prefix == "" || within(name, prefix)) && slices.ContainsFunc(allowed, func(a string) bool { return within(to, a) }) {
			return true
		}
	}
	return false
}

func within(path, prefix string) bool { return path == prefix || strings.HasPrefix(path, prefix+"/") }

// isStandard says whether a path is of the standard library: its first element has no dot.
func isStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}
