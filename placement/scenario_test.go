package placement_test

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/placement/placementtest"
	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

var rewrite = flag.Bool("rewrite", false, "write what comes out into the scenario files; read the diff")

// TestScenarios runs every file in testdata. A file is a list of lines: comments, and then any number of
//
//	offer ID AGENT RESOURCES [role=R] [attr=A:V;B:W] [gpu=N] [model=M] [standing]
//	task ID NEEDS [ports=N] [fixed=P] [group=G] [require=…] [prefer=…] [priority=N] [gang=G[:MIN[:one-agent]]] [role=R] [revocable=P] [gpu=N|0.N] [model=M] [set=NAME:N] [mount=MB] [volume=ID]
//	running ID AGENT NEEDS [group=G] [require=…]
//	limit [owner=O|group=G] [tasks=N] [NAME=AMOUNT]…
//	tier PRIORITY [NAME=AMOUNT]…
//	bucket OWNER [reserve] [NAME=AMOUNT]…            of the tier before
//	run PACKER [order]
//
// after each run comes what it gives, which -rewrite writes anew. A - stands for no resources.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := playScenario(t, string(text))
			if *rewrite {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != string(text) {
				t.Errorf("%s gives\n%s\nbut says\n%s", file, got, text)
			}
		})
	}
}

type scenario struct {
	offers  []placement.Offer
	tasks   []placement.Task
	running []placement.Running
	limits  []placement.Limit
	tiers   []placement.Tier
}

// bound reads a line about who may use how much.
func (s *scenario) bound(t *testing.T, words []string) {
	f, amounts := fields(words[1:]), map[string]resources.Amount{}
	for key, value := range f {
		if key != "owner" && key != "group" && key != "tasks" && value != "" {
			amounts[key] = resources.MustAmount(value)
		}
	}
	switch words[0] {
	case "limit":
		tasks, _ := strconv.Atoi(f["tasks"])
		s.limits = append(s.limits, placement.Limit{Owner: f["owner"], Group: f["group"], Tasks: tasks, Most: amounts})
	case "tier":
		priority, err := strconv.Atoi(words[1])
		if err != nil {
			t.Fatal(err)
		}
		s.tiers = append(s.tiers, placement.Tier{Priority: priority, Capacity: amounts})
	case "bucket":
		_, reserve := f["reserve"]
		tier := &s.tiers[len(s.tiers)-1]
		tier.Buckets = append(tier.Buckets, placement.Bucket{Owner: words[1], Guarantee: amounts, Reserve: reserve})
	}
}

func playScenario(t *testing.T, text string) string {
	var s scenario
	var out strings.Builder
	for _, line := range strings.SplitAfter(text, "\n") {
		if strings.HasPrefix(line, "\t") {
			continue // what an earlier run gave
		}
		out.WriteString(line)
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		switch words[0] {
		case "offer":
			s.offers = append(s.offers, scenarioOffer(t, words[1:]))
		case "task":
			s.tasks = append(s.tasks, scenarioTask(t, words[1], words[2], words[3:]))
		case "running":
			s.running = append(s.running, placement.Running{Task: scenarioTask(t, words[1], words[3], words[4:]), Agent: placement.AgentID(words[2])})
		case "limit", "tier", "bucket":
			s.bound(t, words)
		case "run":
			out.WriteString(s.run(t, words[1:]))
		default:
			t.Fatalf("unknown line %q", line)
		}
	}
	return out.String()
}

func (s *scenario) run(t *testing.T, words []string) string {
	packer, ok := map[string]placement.Packer{
		"first-fit": placement.FirstFit(), "best-fit": placement.BestFit(), "spread": placement.Spread(), "random": placement.Random(),
	}[words[0]]
	if !ok {
		t.Fatalf("unknown packer %q", words[0])
	}
	opts := []placement.Option{placement.WithPacker(packer), placement.WithRunning(s.running...), placement.WithPieces(),
		placement.WithLimits(s.limits...), placement.WithTiers(s.tiers...)}
	if len(words) > 1 {
		order, err := placement.ParseOrder(words[1])
		if err != nil {
			t.Fatal(err)
		}
		opts = append(opts, placement.WithOrder(order))
	}
	result, err := placement.Assign(s.offers, s.tasks, opts...)
	if err != nil {
		return "\terror: " + strings.ReplaceAll(err.Error(), "\n", "; ") + "\n"
	}
	if err := placementtest.Verify(s.offers, s.tasks, result, placementtest.WithRunning(s.running...), placementtest.WithPieces(),
		placementtest.WithLimits(s.limits...), placementtest.WithTiers(s.tiers...)); err != nil {
		t.Error(err)
	}
	var out strings.Builder
	slices.SortFunc(result.Assignments, func(a, b placement.Assignment) int { return cmp.Compare(a.Order, b.Order) })
	for _, a := range result.Assignments {
		fmt.Fprintf(&out, "\t%s on %s", a.Task, a.Agent)
		if a.Role != "" {
			fmt.Fprintf(&out, " as %s", a.Role)
		}
		if len(a.Offers) > 1 {
			fmt.Fprintf(&out, " of %v", a.Offers)
		}
		if len(a.Ports) > 0 {
			fmt.Fprintf(&out, " ports %v", a.Ports)
		}
		for _, d := range a.Devices {
			fmt.Fprintf(&out, " %s %v", d.Kind, d.Units)
		}
		fmt.Fprintf(&out, " takes %s\n", a.Pieces)
	}
	for _, f := range result.Failures {
		fmt.Fprintf(&out, "\t%s nowhere: %s\n", f.Task, f.Why)
	}
	return out.String()
}

// fields reads key=value words.
func fields(words []string) map[string]string {
	m := map[string]string{}
	for _, w := range words {
		key, value, _ := strings.Cut(w, "=")
		m[key] = value
	}
	return m
}

func scenarioOffer(t *testing.T, words []string) placement.Offer {
	f := fields(words[3:])
	o := placement.Offer{ID: placement.OfferID(words[0]), Agent: placement.AgentID(words[1]), Role: f["role"]}
	_, o.Standing = f["standing"]
	if words[2] != "-" {
		o.Resources = scenarioResources(t, words[2])
	}
	if a := f["attr"]; a != "" {
		o.Attributes = resources.MustAttributes(a)
	}
	n, _ := strconv.Atoi(f["gpu"])
	for range n {
		o.Devices = append(o.Devices, placement.Device{Kind: "gpu", Model: f["model"], Capacity: resources.One, Free: resources.One})
	}
	return o
}

// scenarioResources reads the text form, in which NAME{REV}:AMOUNT is revocable, disk[MOUNT]:MB a mounted disk and
// disk[ID]:MB a persistent volume.
func scenarioResources(t *testing.T, text string) resources.Resources {
	var all []resources.Resource
	for _, part := range strings.Split(text, ";") {
		name, value, _ := strings.Cut(part, ":")
		plain, revocable := strings.CutSuffix(name, "{REV}")
		base, disk, isDisk := strings.Cut(strings.TrimSuffix(plain, "]"), "[")
		for r := range resources.MustParse(base + ":" + value).All() {
			r.Revocable = revocable
			switch {
			case isDisk && disk == "MOUNT":
				r.Disk = &resources.Disk{Source: &resources.DiskSource{Type: resources.DiskMount}}
			case isDisk:
				r.Disk = &resources.Disk{Persistence: &resources.Persistence{ID: disk}, Volume: &resources.Volume{ContainerPath: "data"}}
			}
			all = append(all, r)
		}
	}
	r, err := resources.New(all...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func scenarioTask(t *testing.T, id, needs string, words []string) placement.Task {
	f := fields(words)
	task := placement.Task{ID: placement.TaskID(id), Group: f["group"], Role: f["role"]}
	gang := strings.Split(f["gang"], ":")
	task.Gang, task.GangOneAgent = gang[0], gang[len(gang)-1] == "one-agent"
	if len(gang) > 1 {
		task.GangMin, _ = strconv.Atoi(gang[1])
	}
	if needs != "-" {
		task.Needs = resources.MustQuantities(needs)
	}
	number := func(key string) int { n, _ := strconv.Atoi(f[key]); return n }
	task.Priority = number("priority")
	task.Ports = ports.Request{Dynamic: number("ports")}
	if p := number("fixed"); p > 0 {
		task.Ports.Fixed = []uint16{uint16(p)}
	}
	var err error
	if task.Revocable, err = placement.ParseRevocable(f["revocable"]); err != nil {
		t.Fatal(err)
	}
	if text := f["require"]; text != "" {
		_, text, _ = strings.Cut(strings.Join(words, " "), "require=")
		task.Require = constraints.MustParse(strings.Fields(text)[0])
	}
	if text := f["prefer"]; text != "" {
		task.Prefer = constraints.MustParsePreferences(text)
	}
	if share := f["gpu"]; share != "" {
		q := placement.DeviceRequest{Kind: "gpu", Count: number("gpu")}
		if q.Count == 0 {
			q.Share = resources.MustAmount(share)
		}
		if f["model"] != "" {
			q.Models = strings.Split(f["model"], "|")
		}
		task.Devices = append(task.Devices, q)
	}
	if name, n, ok := strings.Cut(f["set"], ":"); ok {
		count, _ := strconv.Atoi(n)
		task.Sets = append(task.Sets, placement.SetRequest{Name: name, Count: count})
	}
	if mb := f["mount"]; mb != "" {
		task.Disks = append(task.Disks, placement.DiskRequest{Kind: placement.MountDisk, Amount: resources.MustAmount(mb)})
	}
	if id := f["volume"]; id != "" {
		task.Disks = append(task.Disks, placement.DiskRequest{Kind: placement.VolumeDisk, ID: id})
	}
	return task
}
