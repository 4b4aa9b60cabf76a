package main

import (
	"encoding/csv"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"testing"
)

// An outside check of --assignments: it reads the same files as the command with nothing but the
// standard library, and shares no code with what it checks. See recheck_run_test.go for the tests.

type outsideUnit struct {
	model          string
	capacity, used int64 // thousandths
	whole          bool
}

type outsideAgent struct {
	free  map[string]int64
	ports map[int]bool
	units map[string][]outsideUnit
}

type outsideAsk struct {
	number int64 // thousandths: whole units or a share below one
	models []string
}

type outsideTask struct {
	needs   map[string]int64
	ports   int
	devices map[string]outsideAsk
}

func records(t testing.TB, text string) (header map[string]int, rows [][]string) {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	header = map[string]int{}
	for i, name := range all[0] {
		header[name] = i
	}
	return header, all[1:]
}

// thousandths reads a decimal exactly.
func thousandths(t testing.TB, text string) int64 {
	t.Helper()
	if text == "" {
		return 0
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("%q is not a number", text)
	}
	r.Mul(r, big.NewRat(1000, 1))
	if !r.IsInt() {
		t.Fatalf("%q has more than three decimals", text)
	}
	return r.Num().Int64()
}

func number(t testing.TB, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// outsideFleet reads a fleet file; kinds of columns are told by their names.
func outsideFleet(t testing.TB, text string) map[string]*outsideAgent {
	header, rows := records(t, text)
	fleet := map[string]*outsideAgent{}
	for _, row := range rows {
		name := row[header["agent"]]
		if fleet[name] == nil {
			fleet[name] = &outsideAgent{map[string]int64{}, map[int]bool{}, map[string][]outsideUnit{}}
		}
		a := fleet[name]
		for column, i := range header {
			kind, isDevice := strings.CutPrefix(column, "device:")
			switch {
			case row[i] == "" || column == "agent":
			case column == "ports":
				for _, p := range outsidePorts(t, row[i]) {
					a.ports[p] = true
				}
			case isDevice:
				for part := range strings.SplitSeq(row[i], "|") {
					size, model, _ := strings.Cut(part, ":")
					n, capacity, _ := strings.Cut(size, "x")
					for range number(t, n) {
						a.units[kind] = append(a.units[kind], outsideUnit{model: model, capacity: int64(number(t, capacity))})
					}
				}
			default:
				a.free[column] += thousandths(t, row[i])
			}
		}
	}
	return fleet
}

func outsideTasks(t testing.TB, text string) map[string]outsideTask {
	header, rows := records(t, text)
	tasks := map[string]outsideTask{}
	for _, row := range rows {
		task := outsideTask{needs: map[string]int64{}, devices: map[string]outsideAsk{}}
		replicas := 1
		for column, i := range header {
			kind, isDevice := strings.CutPrefix(column, "device:")
			switch {
			case row[i] == "" || column == "id":
			case column == "ports":
				task.ports = number(t, row[i])
			case column == "count":
				replicas = number(t, row[i])
			case isDevice:
				n, models, restricted := strings.Cut(row[i], ":")
				ask := outsideAsk{number: thousandths(t, n)}
				if restricted {
					ask.models = strings.Split(models, "|")
				}
				task.devices[kind] = ask
			default:
				task.needs[column] = thousandths(t, row[i])
			}
		}
		id := row[header["id"]]
		for i := range replicas {
			if replicas == 1 {
				tasks[id] = task
			} else {
				tasks[fmt.Sprintf("%s-%d", id, i)] = task
			}
		}
	}
	return tasks
}

func outsidePorts(t testing.TB, text string) (all []int) {
	if text == "" {
		return nil
	}
	for part := range strings.SplitSeq(text, "|") {
		from, to, _ := strings.Cut(part, "-")
		for p := number(t, from); p <= number(t, to); p++ {
			all = append(all, p)
		}
	}
	return all
}

func outsideNodes(t testing.TB, text string) map[string]*outsideAgent {
	header, rows := records(t, text)
	fleet := map[string]*outsideAgent{}
	for _, row := range rows {
		a := &outsideAgent{map[string]int64{}, nil, map[string][]outsideUnit{}}
		a.free["cpus"] = int64(number(t, row[header["cpu_milli"]]))
		a.free["mem"] = 1000 * int64(number(t, row[header["memory_mib"]]))
		for range number(t, row[header["gpu"]]) {
			a.units["gpu"] = append(a.units["gpu"], outsideUnit{model: row[header["model"]], capacity: 1000})
		}
		fleet[row[header["sn"]]] = a
	}
	return fleet
}

func outsidePods(t testing.TB, text string) map[string]outsideTask {
	header, rows := records(t, text)
	tasks := map[string]outsideTask{}
	for i, row := range rows {
		task := outsideTask{needs: map[string]int64{}, devices: map[string]outsideAsk{}}
		task.needs["cpus"] = int64(number(t, row[header["cpu_milli"]]))
		task.needs["mem"] = 1000 * int64(number(t, row[header["memory_mib"]]))
		if gpus := number(t, row[header["num_gpu"]]); gpus > 0 {
			ask := outsideAsk{number: int64(gpus) * int64(number(t, row[header["gpu_milli"]]))}
			if spec := row[header["gpu_spec"]]; spec != "" {
				ask.models = strings.Split(spec, "|")
			}
			task.devices["gpu"] = ask
		}
		tasks[fmt.Sprintf("pod-%d", i)] = task
	}
	return tasks
}

// recheck replays the assignments of one packer and returns everything that is wrong with them, and
// how much of each kind of device was handed out.
func recheck(t testing.TB, fleet map[string]*outsideAgent, tasks map[string]outsideTask, assignments, packer string) (wrong []string, given map[string]int64) {
	header, rows := records(t, assignments)
	given = map[string]int64{}
	seen := map[string]bool{}
	for _, row := range rows {
		if row[header["packer"]] != packer {
			continue
		}
		id := row[header["task"]]
		bad := func(format string, args ...any) { wrong = append(wrong, id+": "+fmt.Sprintf(format, args...)) }
		agent, known := fleet[row[header["agent"]]]
		task, asked := tasks[id]
		if !known || !asked || seen[id] {
			bad("unknown agent (%v), unknown task (%v) or placed twice (%v)", !known, !asked, seen[id])
			continue
		}
		seen[id] = true
		for name, n := range task.needs {
			if agent.free[name] -= n; agent.free[name] < 0 {
				bad("%s of agent is exceeded by %d thousandths", name, -agent.free[name])
			}
		}
		got := outsidePorts(t, row[header["ports"]])
		if len(got) != task.ports {
			bad("has %d ports, asked for %d", len(got), task.ports)
		}
		for _, p := range got {
			if !agent.ports[p] {
				bad("port %d is not free", p)
			}
			delete(agent.ports, p)
		}
		held := strings.Fields(row[header["devices"]])
		if len(held) != len(task.devices) {
			bad("holds %d kinds of devices, asked for %d", len(held), len(task.devices))
		}
		for _, text := range held {
			kind, grant, _ := strings.Cut(text, ":")
			n, why := agent.take(t, kind, grant, task.devices[kind])
			given[kind] += n
			if why != "" {
				bad("%s", why)
			}
		}
	}
	return wrong, given
}

// take marks the units of a grant, 0+1 or 3@0.46, as used. It returns how much that is, and what is wrong.
func (a *outsideAgent) take(t testing.TB, kind, grant string, ask outsideAsk) (total int64, wrong string) {
	list, share, shared := strings.Cut(grant, "@")
	units := strings.Split(list, "+")
	if want := ask.number / 1000; shared != (want == 0) || !shared && int64(len(units)) != want || shared && len(units) != 1 {
		return 0, fmt.Sprintf("got %s of %s, asked for %d thousandths", grant, kind, ask.number)
	}
	for _, text := range units {
		i := number(t, text)
		if i >= len(a.units[kind]) {
			return total, fmt.Sprintf("unit %d of %s does not exist", i, kind)
		}
		u := &a.units[kind][i]
		allowed := len(ask.models) == 0
		for _, m := range ask.models {
			allowed = allowed || m == u.model
		}
		if !allowed {
			wrong = fmt.Sprintf("unit %d of %s is of model %s", i, kind, u.model)
		}
		if u.whole || !shared && u.used > 0 {
			wrong = fmt.Sprintf("unit %d of %s is taken", i, kind)
		}
		n := u.capacity
		if shared {
			if n = thousandths(t, share); n != ask.number {
				wrong = fmt.Sprintf("share of %s is %s, asked for %d thousandths", kind, share, ask.number)
			}
		}
		u.whole = !shared
		if u.used += n; u.used > u.capacity && wrong == "" {
			wrong = fmt.Sprintf("unit %d of %s is shared out beyond its size", i, kind)
		}
		total += n
	}
	return total, wrong
}
