package proptest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	fenzoCases      = 76 // of its tests
	fenzoWeaknesses = 31
)

// TestFenzoPage checks docs/fenzo.md: that it has a row for each case and weakness, that every test it names exists, and that a case has
// a test called by its number or says why it has none.
func TestFenzoPage(t *testing.T) {
	text, err := os.ReadFile("../docs/fenzo.md")
	if err != nil {
		t.Fatal(err)
	}
	faults, tested := checkFenzoPage(string(text), testSources(t))
	for _, f := range faults {
		t.Error(f)
	}
	if tested < 73 {
		t.Errorf("only %d of %d cases have a test", tested, fenzoCases)
	}
}

// TestFenzoFacts checks that there are as many cases and weaknesses as are listed beside the checkout.
func TestFenzoFacts(t *testing.T) {
	text, err := os.ReadFile("../../shared/facts/fenzo-inventory.md")
	if err != nil {
		t.Skipf("the list is not here: %v", err)
	}
	item := regexp.MustCompile(`(?m)^(\d+)\. `)
	_, rest, _ := strings.Cut(string(text), "\n# What its tests check")
	cases, weak, _ := strings.Cut(rest, "\n# Known weaknesses")
	for _, part := range []struct {
		text string
		want int
	}{{cases, fenzoCases}, {weak, fenzoWeaknesses}} {
		numbers := item.FindAllStringSubmatch(part.text, -1)
		for i, n := range numbers {
			if n[1] != strconv.Itoa(i+1) {
				t.Errorf("number %s is in the place of %d", n[1], i+1)
			}
		}
		if len(numbers) != part.want {
			t.Errorf("%d are listed, %d are on the page", len(numbers), part.want)
		}
	}
}

var (
	fenzoRow  = regexp.MustCompile(`^\| (\d+) \|`)
	testNamed = regexp.MustCompile("`([a-z0-9/]+): ((?:Test|Benchmark|Example|Fuzz)\\w*)(?:/([^`]+))?`")
)

// checkFenzoPage lists what is wrong with the page, and counts the cases that have a test.
func checkFenzoPage(text string, sources map[string][]string) (faults []string, tested int) {
	weak, cases, ok := strings.Cut(text, "\n## The cases of its tests\n")
	if !ok {
		return []string{"the page has no section about cases"}, 0
	}
	for _, part := range []struct {
		what  string
		text  string
		count int
	}{{"weakness", weak, fenzoWeaknesses}, {"case", cases, fenzoCases}} {
		seen := map[int]bool{}
		for line := range strings.Lines(part.text) {
			row := fenzoRow.FindStringSubmatch(line)
			if row == nil {
				continue
			}
			n, _ := strconv.Atoi(row[1])
			name := part.what + " " + row[1]
			if n < 1 || n > part.count || seen[n] {
				faults = append(faults, name+" is there twice, or is none of Fenzo's")
			}
			seen[n] = true
			tests := testNamed.FindAllStringSubmatch(line, -1)
			if len(tests) == 0 && !strings.Contains(line, "| Not here: ") {
				faults = append(faults, name+" has neither a test nor a reason")
			}
			if len(tests) > 0 && part.what == "case" {
				tested++
				if number := regexp.MustCompile(`(^|\D)` + row2(n) + `(\D|$)`); !slices.ContainsFunc(tests, func(m []string) bool { return number.MatchString(m[2] + "/" + m[3]) }) {
					faults = append(faults, name+": none of its tests is called by its number")
				}
			}
		}
		if len(seen) != part.count {
			faults = append(faults, part.what+": rows are missing")
		}
	}
	for _, m := range testNamed.FindAllStringSubmatch(text, -1) {
		if !slices.ContainsFunc(sources[m[1]], func(source string) bool {
			return strings.Contains(source, "\nfunc "+m[2]+"(") && (m[3] == "" || strings.Contains(source, `"`+m[3]))
		}) {
			faults = append(faults, "there is no test "+m[0])
		}
	}
	return faults, tested
}

// row2 writes a number with two digits, as names of tests have it.
func row2(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// testSources reads the test files of every package, by its path.
func testSources(t *testing.T) map[string][]string {
	sources := map[string][]string{}
	err := filepath.WalkDir("..", func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		dir, _ := filepath.Rel("..", filepath.Dir(path))
		sources[filepath.ToSlash(dir)] = append(sources[filepath.ToSlash(dir)], string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sources
}

// TestFenzoPageNotices checks that a page with something wrong is found out.
func TestFenzoPageNotices(t *testing.T) {
	text, err := os.ReadFile("../docs/fenzo.md")
	if err != nil {
		t.Fatal(err)
	}
	sources := testSources(t)
	for name, change := range map[string][2]string{
		"a row less":                {"| 43 | a scalar", "a scalar"},
		"a row twice":               {"| 43 | a scalar", "| 44 | a scalar"},
		"a test that is not":        {"`placement: TestFenzoWeakness14`", "`placement: TestFenzoWeakness99`"},
		"a case that is not":        {"TestFenzoFit/04 memory`", "TestFenzoFit/04 no such thing`"},
		"another package":           {"`placement: TestFenzoWeakness14`", "`ports: TestFenzoWeakness14`"},
		"a test of another number":  {"TestFenzoFit/04 memory`", "TestFenzoFit/05 network`"},
		"neither a test nor a word": {"`placement: TestFenzoFit/04 memory`", "yes"},
		"no cases":                  {"## The cases of its tests", "## Cases"},
	} {
		changed := strings.Replace(string(text), change[0], change[1], 1)
		if changed == string(text) {
			t.Errorf("%s: %q is not on the page", name, change[0])
		}
		if faults, _ := checkFenzoPage(changed, sources); len(faults) == 0 {
			t.Errorf("%s: not noticed", name)
		}
	}
}
