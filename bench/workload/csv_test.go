package workload

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

func mustFleet(t *testing.T, text string) *fleet {
	t.Helper()
	f, err := readFleet("fleet.csv", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFleet(t *testing.T) {
	f := mustFleet(t, "agent,cpus,ports,hostname,role,attr:rack,attr:gen,device:gpu,features,revocable:cpus,disks\n"+
		"a1,1.5,31000-31002|8080,h1,dev,r1,3,1x1000:V100|2x500,{y|x},2,path:500 root=/d;volume:v1 size=7\n"+
		"\n"+
		"a1,,,,,,007,,{},,\n")
	want := []placement.Offer{
		{
			ID: "a1:2", Agent: "a1", Hostname: "h1", Role: "dev",
			Devices: []placement.Device{
				{Kind: "gpu", Model: "V100", Capacity: 1000, Free: 1000},
				{Kind: "gpu", Capacity: 500, Free: 500},
				{Kind: "gpu", Capacity: 500, Free: 500},
			},
		},
		{ID: "a1:4", Agent: "a1"},
	}
	wantResources := []string{
		"cpus:1.5;ports:[31000-31002,8080-8080];features:{x,y}", "",
	}
	wantAttributes := []string{"rack:r1;gen:3", "gen:007"}
	for i, o := range f.offers {
		plain := o.Resources.Filter(func(r resources.Resource) bool { return !r.Revocable && r.Disk == nil })
		expected := resources.Must()
		if wantResources[i] != "" {
			expected = must(resources.New(
				resources.Resource{Name: "cpus", Value: resources.ScalarOf(1500)},
				resources.Resource{Name: "ports", Value: resources.RangesOf(resources.MustRanges("[31000-31002,8080-8080]"))},
				resources.Resource{Name: "features", Value: resources.SetOf(resources.MustSet("x", "y"))}))
		}
		if !plain.Equal(expected) {
			t.Errorf("line %d: resources %s, want %s", f.lines[i], plain, expected)
		}
		if got := o.Attributes.String(); got != wantAttributes[i] {
			t.Errorf("line %d: attributes %s, want %s", f.lines[i], got, wantAttributes[i])
		}
		o.Resources, o.Attributes = resources.Resources{}, resources.Attributes{}
		if diff := cmp.Diff(want[i].Devices, o.Devices); diff != "" {
			t.Errorf("line %d: devices (-want +got):\n%s", f.lines[i], diff)
		}
		if o.ID != want[i].ID || o.Agent != want[i].Agent || o.Hostname != want[i].Hostname || o.Role != want[i].Role {
			t.Errorf("line %d: got %+v, want %+v", f.lines[i], o, want[i])
		}
	}
	if value, _ := f.offers[0].Attributes.Get("gen"); value.Kind() != resources.KindScalar {
		t.Errorf("gen 3 is a %v, want a scalar", value.Kind())
	}
	if value, _ := f.offers[1].Attributes.Get("gen"); value.Kind() != resources.KindText {
		t.Errorf("gen 007 is a %v, want a text: as a number it would read 7", value.Kind())
	}
	first := f.offers[0].Resources
	if got := first.Revocable().Quantities().Get("cpus"); got != 2000 {
		t.Errorf("revocable cpus %v, want 2", got)
	}
	disks := first.Filter(func(r resources.Resource) bool { return r.Disk != nil })
	if disks.Len() != 2 || disks.PersistentVolumes().Len() != 1 {
		t.Errorf("disks %s, want a path disk and a volume", disks)
	}
}

func TestTasks(t *testing.T) {
	text := "id,cpus,mem,ports,group,owner,priority,value,role,gang,revocable,count,require,prefer,sets,disks,device:gpu,device:fpga\n" +
		"a,0.25,64,2,g,o,-3,1.5,dev,team:2:one-agent,prefer,,rack=r1;unique(hostname),2*unique(rack),\"f:2;s:{x|y}+1\",mount:10 profile=p;volume:v,0.46:A|B,2\n" +
		"b,,,,,,,,,,,2,,,,,0,\n"
	read, unknown, err := readTasks("tasks.csv", strings.NewReader(text), map[string]columnKind{"cpus": scalarColumn}, 0)
	if err != nil {
		t.Fatal(err)
	}
	want := []placement.Task{
		{
			ID: "a", Group: "g", Owner: "o", Priority: -3, Value: 1.5, Role: "dev", Gang: "team", GangMin: 2, GangOneAgent: true, Revocable: placement.Prefer,
			Needs:   resources.MustQuantities("cpus:0.25;mem:64"),
			Ports:   ports.Request{Dynamic: 2},
			Require: must(constraints.Parse("rack=r1;unique(hostname)")),
			Prefer:  must(constraints.ParsePreferences("2*unique(rack)")),
			Sets:    []placement.SetRequest{{Name: "f", Count: 2}, {Name: "s", Items: []string{"x", "y"}, Count: 1}},
			Disks: []placement.DiskRequest{
				{Kind: placement.MountDisk, Amount: 10_000, Profile: "p"}, {Kind: placement.VolumeDisk, ID: "v"}},
			Devices: []placement.DeviceRequest{
				{Kind: "gpu", Share: 460, Models: []string{"A", "B"}}, {Kind: "fpga", Count: 2}},
		},
		{ID: "b-0"}, {ID: "b-1"},
	}
	opts := []cmp.Option{
		cmp.Comparer(func(a, b resources.Quantities) bool { return a.Equal(b) }),
		cmp.Comparer(func(a, b resources.Ranges) bool { return a.Equal(b) }),
		cmp.Comparer(func(a, b constraints.Constraint) bool { return a.String() == b.String() }),
	}
	if diff := cmp.Diff(want, read.tasks, opts...); diff != "" {
		t.Errorf("tasks (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{2, 3, 3}, read.lines); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"mem"}, unknown); diff != "" {
		t.Errorf("unknown resources (-want +got):\n%s", diff)
	}
}

// Byte order marks and Windows line ends make no difference, nor does a missing last line end.
func TestLineEnds(t *testing.T) {
	const text = "agent,cpus\na1,1\na2,2\n"
	want := mustFleet(t, text)
	for name, variant := range map[string]string{
		"windows":         strings.ReplaceAll(text, "\n", "\r\n"),
		"mark":            "\ufeff" + text,
		"windows, mark":   "\ufeff" + strings.ReplaceAll(text, "\n", "\r\n"),
		"no last end":     strings.TrimSuffix(text, "\n"),
		"quoted":          "\"agent\",\"cpus\"\n\"a1\",\"1\"\n\"a2\",\"2\"\n",
		"mark and quotes": "\ufeff\"agent\",cpus\na1,1\na2,2\n",
		"more blank ends": text + "\n\n",
	} {
		got := mustFleet(t, variant)
		for i := range want.offers {
			if got.offers[i].ID != want.offers[i].ID || !got.offers[i].Resources.Equal(want.offers[i].Resources) {
				t.Errorf("%s: offer %d is %+v, want %+v", name, i, got.offers[i], want.offers[i])
			}
		}
	}
}

func TestLimit(t *testing.T) {
	text := "id,count\na,2\nb,1000\nc,x\n"
	read, _, err := readTasks("t", strings.NewReader(text), nil, 5)
	if err != nil || len(read.tasks) != 5 {
		t.Fatalf("got %v, %d tasks; want the first five, and the bad line after them unread", err, len(read.tasks))
	}
}

// badInput is a file and the error it must give.
type badInput struct{ name, text, want string }

func (b badInput) check(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, ErrInput) {
		t.Fatalf("error %v does not wrap ErrInput", err)
	}
	if !strings.HasPrefix(err.Error(), b.want) || b.want == "" {
		t.Errorf("got  %s\nwant %s…", err, b.want)
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("%q is more than a line", err)
	}
}

func TestBadFleets(t *testing.T) {
	for _, b := range []badInput{
		{"empty", "", "f: is empty"},
		{"mark only", "\ufeff", "f: is empty"},
		{"utf-16", "\xff\xfea\x00", "f: is written in UTF-16"},
		{"not utf-8", "agent,cpus\n\xe9,1\n", `f:2:1: column agent: "\xe9": is not valid UTF-8`},
		{"no agent", "cpus\n1\n", "f:1: no column agent"},
		{"capitals", "Agent,cpus\n1\n", `f:1:1: "Agent": unknown column; do you mean agent?`},
		{"unnamed column", "agent,,cpus\n", "f:1:7: column 2 has no name"},
		{"duplicate column", "agent,cpus,cpus\n", `f:1:12: "cpus": duplicate column; it is column 2 already`},
		{"blank around", "agent, cpus\n", `f:1:7: " cpus": has white space around its name`},
		{"prefix", "agent,foo:bar\n", `f:1:7: "foo:bar": unknown column; before a colon can stand attr, device or revocable`},
		{"prefix alone", "agent,attr:\n", `f:1:7: "attr:": the name after the colon must not be empty`},
		{"not a resource", "agent,8cpus\n", `f:1:7: "8cpus": unknown column; it is not the name of a resource`},
		{"misspelt", "agent,hostnane\n", `f:1:7: "hostnane": unknown column; do you mean hostname?`},
		{"tasks file", "id,cpus\n", `f:1:1: "id": unknown column here; it belongs in the other file`},
		{"task column", "agent,require\n", `f:1:7: "require": unknown column here; it belongs in the other file`},
		{"too few", "agent,cpus\na\n", "f:2: the line has 1 cell, the header has 2"},
		{"too many", "agent,cpus\na,1\nb,1,2\n", "f:3: the line has 3 cells, the header has 2"},
		{"no name", "agent,cpus\n,1\n", "f:2:1: column agent: must not be empty"},
		{"control", "agent,cpus\n\"a\tb\",1\n", `f:2:1: column agent: "a\tb": has a control character`},
		{"text", "agent,cpus\na,many\n", `f:2:3: column cpus: "many": is not a number`},
		{"negative", "agent,cpus\na,-0.5\n", `f:2:3: column cpus: "-0.5": is negative`},
		{"negative zero", "agent,cpus\na,-0\n", `f:2:3: column cpus: "-0": is negative`},
		{"nan", "agent,cpus\na,nan\n", `f:2:3: column cpus: "nan": is not a number that can be`},
		{"infinite", "agent,cpus\na,+Inf\n", `f:2:3: column cpus: "+Inf": too large`},
		{"beyond floats", "agent,cpus\na,1e999\n", `f:2:3: column cpus: "1e999": too large`},
		{"huge", "agent,cpus\na,99999999999999999999\n", `f:2:3: column cpus: "99999999999999999999": too large`},
		{"exponent", "agent,cpus\na,1e3\n", `f:2:3: column cpus: "1e3": must be written as digits`},
		{"decimals", "agent,cpus\na,1.2345\n", `f:2:3: column cpus: "1.2345": more than three decimals`},
		{"half a number", "agent,cpus\na,1.\n", `f:2:3: column cpus: "1.": must be written as digits`},
		{"mixed kinds", "agent,x\na,1\nb,{y}\n", `f:3:3: column x: "{y}": one column holds both numbers and sets`},
		{"open set", "agent,x\na,{y\n", `f:2:3: column x: "{y": must be written as {a|b|c}`},
		{"item twice", "agent,x\na,{y|y}\n", `f:2:3: column x: "{y|y}": item "y" is named twice`},
		{"no item", "agent,x\na,{y|}\n", `f:2:3: column x: "{y|}": item "" must not be empty`},
		{"port", "agent,ports\na,70000\n", `f:2:3: column ports: "70000": port "70000" too large`},
		{"port range", "agent,ports\na,5-4\n", `f:2:3: column ports: "5-4": range 5-4 ends before it begins`},
		{"port list", "agent,ports\na,5-\n", `f:2:3: column ports: "5-": port "" is not a whole number`},
		{"units", "agent,device:gpu\na,8\n", `f:2:3: column device:gpu: "8": must be written as units x size`},
		{"units many", "agent,device:gpu\na,9999999x1000\n", `f:2:3: column device:gpu: "9999999x1000": number of units "9999999" too large`},
		{"unit size", "agent,device:gpu\na,8x0\n", `f:2:3: column device:gpu: "8x0": size "0" is zero`},
		{"unit model", "agent,device:gpu\na,8x1000:\n", `f:2:3: column device:gpu: "8x1000:": nothing after the colon`},
		{"disk", "agent,disks\na,floppy:1\n", `f:2:3: column disks: "floppy:1": "floppy:1": the kind of disk`},
		{"volume", "agent,disks\na,volume:v\n", `f:2:3: column disks: "volume:v": volume v has no size`},
		{"open quote", "agent,cpus\n\"a,1\n", "f:2:6: a quoted cell is not closed"},
		{"bare quote", "agent,cpus\na\"b,1\n", "f:2:2: a quote"},
	} {
		t.Run(b.name, func(t *testing.T) {
			_, err := readFleet("f", strings.NewReader(b.text))
			b.check(t, err)
		})
	}
}

func TestBadTasks(t *testing.T) {
	for _, b := range []badInput{
		{"empty", "", "t: is empty"},
		{"no id", "cpus\n", "t:1: no column id"},
		{"fleet file", "agent,cpus\n", `t:1:1: "agent": unknown column here`},
		{"attribute", "id,attr:rack\n", `t:1:4: "attr:rack": unknown column; before a colon can stand device`},
		{"misspelt", "id,prioritty\n", `t:1:4: "prioritty": unknown column; do you mean priority?`},
		{"set column", "id,features\n", `t:1:4: "features": is a set in the fleet`},
		{"no name", "id,cpus\n,1\n", "t:2:1: column id: must not be empty"},
		{"twice", "id\na\nb\na\n", `t:4:1: column id: "a": duplicate id: "a" is on line 2 already`},
		{"replica twice", "id,count\na-1,\na,2\n", `t:3:1: column id: "a": duplicate id: "a-1" is on line 2 already`},
		{"negative", "id,mem\na,-1\n", `t:2:3: column mem: "-1": is negative`},
		{"ports", "id,ports\na,31000-31001\n", `t:2:3: column ports: "31000-31001": is not a whole number`},
		{"many ports", "id,ports\na,65536\n", `t:2:3: column ports: "65536": too large; the most is 65535`},
		{"count", "id,count\na,1.5\n", `t:2:3: column count: "1.5": is not a whole number`},
		{"many", "id,count\na,99999999\n", `t:2:3: column count: "99999999": too large`},
		{"priority", "id,priority\na,high\n", `t:2:3: column priority: "high": is not a whole number`},
		{"high priority", "id,priority\na,99999999999\n", `t:2:3: column priority: "99999999999": must lie between`},
		{"value", "id,value\na,-1\n", `t:2:3: column value: "-1": is negative`},
		{"revocable", "id,revocable\na,yes\n", `t:2:3: column revocable: "yes": must be never, only or prefer`},
		{"require", "id,require\na,unique(\n", `t:2:3: column require: "unique(": `},
		{"prefer", "id,prefer\na,x*unique(rack)\n", `t:2:3: column prefer: "x*unique(rack)": `},
		{"share", "id,device:gpu\na,1.5\n", `t:2:3: column device:gpu: "1.5": is more than one unit and not whole`},
		{"models", "id,device:gpu\na,1:A||B\n", `t:2:3: column device:gpu: "1:A||B": model "" must not be empty`},
		{"model twice", "id,device:gpu\na,1:A|A\n", `t:2:3: column device:gpu: "1:A|A": model "A" is named twice`},
		{"units", "id,device:gpu\na,8x1000\n", `t:2:3: column device:gpu: "8x1000": "8x1000" is not a number`},
		{"sets", "id,sets\na,features\n", `t:2:3: column sets: "features": "features" must be written as`},
		{"set number", "id,sets\na,f:-1\n", `t:2:3: column sets: "f:-1": number of items "-1" is negative`},
		{"set plus", "id,sets\na,f:{x}+\n", `t:2:3: column sets: "f:{x}+": a number is wanted`},
		{"disk", "id,disks\na,mount\n", `t:2:3: column disks: "mount": "mount": amount "" is not a number`},
		{"disk zero", "id,disks\na,mount:0\n", `t:2:3: column disks: "mount:0": "mount:0": amount is zero`},
		{"disk key", "id,disks\na,mount:1 size=3\n", `t:2:3: column disks: "mount:1 size=3": "mount:1 size=3": size= does not apply`},
		{"volume", "id,disks\na,volume:\n", `t:2:3: column disks: "volume:": "volume:": a volume needs an id`},
		{"disk list", "id,disks\na,mount:1;\n", `t:2:3: column disks: "mount:1;": "": must be written as`},
	} {
		t.Run(b.name, func(t *testing.T) {
			_, _, err := readTasks("t", strings.NewReader(b.text), map[string]columnKind{"features": setColumn, "mem": scalarColumn}, 0)
			b.check(t, err)
		})
	}
}

// Long cells are cut in messages, which stay on one line.
func TestErrorIsShort(t *testing.T) {
	_, err := readFleet("f", strings.NewReader("agent,cpus\na,"+strings.Repeat("9\u00e9\n", 1000)))
	badInput{want: "f:2:3: column cpus: \"9é"}.check(t, err)
	_, err = readFleet("f", strings.NewReader("agent,cpus\na,\""+strings.Repeat("9\u00e9\n", 1000)+"\"\n"))
	if err == nil || len(err.Error()) > 600 {
		t.Errorf("got a message of %d bytes", len(err.Error()))
	}
}
