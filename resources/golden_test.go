package resources

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/golden.txt anew; read the difference before you commit it")

const goldenFile = "testdata/golden.txt"

const goldenHeader = `# Random operations and their outcomes, for machines that cannot replay the C++ implementation.
# Written by TestGolden -update at a state that agreed with all of its answers.
# Fields are separated by tabs: operation, operands in the notation of notation_test.go, outcome.
`

// goldenOps are the operations of the file. An error is an outcome, too; only its
// kind is recorded.
var goldenOps = map[string]func(args []string) (any, error){
	"plus":        func(a []string) (any, error) { return rs(a[0]).Plus(rs(a[1])), nil },
	"minus":       func(a []string) (any, error) { return rs(a[0]).Minus(rs(a[1])), nil },
	"contains":    func(a []string) (any, error) { return rs(a[0]).Contains(rs(a[1])), nil },
	"equal":       func(a []string) (any, error) { return rs(a[0]).Equal(rs(a[1])), nil },
	"print":       func(a []string) (any, error) { return rs(a[0]).String(), nil },
	"quantities":  func(a []string) (any, error) { return rs(a[0]).Quantities(), nil },
	"unreserved":  func(a []string) (any, error) { return rs(a[0]).ToUnreserved(), nil },
	"pop":         func(a []string) (any, error) { return rs(a[0]).PopReservation() },
	"allocatable": func(a []string) (any, error) { return rs(a[0]).AllocatableTo(a[1]), nil },
	"shrink":      func(a []string) (any, error) { return rs(a[0]).ShrinkTo(MustQuantities(a[1])), nil },
	"find": func(a []string) (any, error) {
		if found, ok := rs(a[0]).Find(rs(a[1])); ok {
			return found, nil
		}
		return "none", nil
	},
	"push": func(a []string) (any, error) {
		return rs(a[0]).PushReservation(Reservation{Role: a[1], Dynamic: true})
	},
	"reserve":   func(a []string) (any, error) { return rs(a[0]).Apply(Reserve{Resources: rlist(a[1])}) },
	"unreserve": func(a []string) (any, error) { return rs(a[0]).Apply(Unreserve{rlist(a[1])}) },
	"create":    func(a []string) (any, error) { return rs(a[0]).Apply(Create{rlist(a[1])}) },
	"destroy":   func(a []string) (any, error) { return rs(a[0]).Apply(Destroy{rlist(a[1])}) },
	"judge create": func(a []string) (any, error) {
		return "fine", ValidateOperation(Create{rlist(a[0])}, OperationContext{Agent: allAgent, Principal: Some("pat")})
	},
	"judge reserve": func(a []string) (any, error) {
		return "fine", ValidateOperation(Reserve{Resources: rlist(a[0])}, asOperator)
	},
	"judge task": func(a []string) (any, error) { return "fine", ValidateTask(rlist(a[0])) },
	"parse":      func(a []string) (any, error) { return Parse(a[0]) },
	"value":      func(a []string) (any, error) { return ParseValue(a[0]) },
	"attributes": func(a []string) (any, error) { return ParseAttributes(a[0]) },
}

func goldenOutcome(op string, args []string) string {
	f, ok := goldenOps[op]
	if !ok {
		return "unknown operation"
	}
	got, err := f(args)
	if err != nil {
		for _, sentinel := range []error{
			ErrNotContained, ErrConservation, ErrUnsupported, ErrSyntax, ErrAmount, ErrRange, ErrDuplicate, ErrName, ErrKind, ErrRole,
			ErrReservation, ErrAllocation, ErrDisk, ErrShared, ErrRevocable, ErrFormat, ErrNotAllowed, ErrOperation, ErrTask,
		} {
			if errors.Is(err, sentinel) {
				return "error: " + sentinel.Error()
			}
		}
		return "error without sentinel: " + err.Error()
	}
	if r, ok := got.(Resources); ok {
		return string(must(r.MarshalJSON()))
	}
	if v, ok := got.(Value); ok {
		return v.Kind().String() + " " + v.String()
	}
	return fmt.Sprint(got)
}

func TestGolden(t *testing.T) {
	if *update {
		if err := os.WriteFile(goldenFile, goldenLines(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	s := bufio.NewScanner(bytes.NewReader(text))
	for s.Scan() {
		if strings.HasPrefix(s.Text(), "#") {
			continue
		}
		n++
		f := strings.Split(s.Text(), "\t")
		if got := goldenOutcome(f[0], f[1:len(f)-1]); got != f[len(f)-1] {
			t.Errorf("%s\ngot %s", s.Text(), got)
		}
	}
	t.Logf("%d operations", n)
	if n < 150 {
		t.Errorf("only %d operations", n)
	}
}

// goldenLines makes the operations anew.
func goldenLines() []byte {
	g := newGenerator(2024)
	var b bytes.Buffer
	b.WriteString(goldenHeader)
	line := func(op string, args ...string) {
		fmt.Fprintf(&b, "%s\t%s\t%s\n", op, strings.Join(args, "\t"), goldenOutcome(op, args))
	}
	for range 20 {
		left, right := g.one()+" | "+g.list(4), g.one()+" | "+g.list(2)
		line("plus", left, right)
		line("minus", left, right)
		line("minus", left+" | "+right, right)
		line("contains", left+" | "+right, right)
		line("contains", left, right)
		line("find", left+" | "+right, right)
	}
	for range 8 {
		left := g.one() + " | " + g.list(4)
		line("equal", left, left)
		line("print", left)
		line("quantities", left)
		line("unreserved", left)
		line("pop", "net:"+g.amount()+g.pick("", " +S(x)", " +D(x) +D(x/y)", " +S(x) +D(x/z,pat)"))
		line("push", g.one(), g.pick("x", "x/y", "x/y/z", "x/y/z/w"))
		line("allocatable", left, g.pick("*", "x", "x/y", "y"))
		line("shrink", left, g.pick("cpus:1;disk:10", "ports:4;mem:2", "zones:1;net:0.5;disk:30"))
		line("judge task", g.one()+" +alloc(x) | "+g.one()+" +alloc(x)")
		base := g.pick("cpus:4", "mem:2.5", "ports:[3-9]", "zones:{a,b}")
		line("reserve", left+" | "+base, base+" +D("+g.pick("x", "y")+",pat)")
		line("unreserve", left+" | "+base+" +D(x)", base+" +D(x)")
		line("judge reserve", g.one()+g.pick("", " +D(x)", " +D(x/y)"))
		volume := "disk:" + g.pick("5", "30") + " +S(x)" + g.pick("", " +src(PATH,/p)", " +src(MOUNT,/m)")
		line("create", left+" | "+volume, volume+" +pv(n,/d)"+g.pick("", " +shared"))
		line("destroy", left+" | "+volume+" +pv(n,/d)", volume+" +pv(n,/d)")
		line("judge create", volume+" +pv(n,/d"+g.pick("", ",,ro", ",/h")+")"+g.pick("", " +by(pat)"))
	}
	for _, text := range []string{
		"cpus:2;mem(web):1e3;ports:[8000-8009,8010-8010]", "cpus:0.0004", "cpus(a/):1", "x:{b,a};x:1", "cpus:1;;cpus:.5;", "gpus(  team/a ):3",
		"a b:1", "ports:[9-3]", "disks:{x,y,x}", "cpus", ":1", "[]", "[{}]", `[{"name":"n","type":"SET","set":{"item":["q","p"]},"role":"r"}]`,
	} {
		line("parse", text)
	}
	for _, text := range []string{"007", "1.0005", "4.0005", "{ b , a }", "[7-9, 0x1-0x3]", "[5]", "(a", "x{y}", "-0.0", "1e-400", "[18446744073709551615-18446744073709551615]"} {
		line("value", text)
	}
	for _, text := range []string{"os:linux;cores:64;ports:[1-2,3-4]", "a:b:c", "a: b c ", "list:{x}", "a", ";;"} {
		line("attributes", text)
	}
	return b.Bytes()
}
