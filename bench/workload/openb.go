package workload

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// The openb format is that of the public Alibaba GPU trace of 2023 (Weng et al., "Beware of
// Fragmentation", ATC 2023): a file of nodes and a file of pods. CPUs are counted in thousandths of a
// core and memory in MiB, which becomes "mem" as it is.
var (
	openbNodeColumns = []string{"sn", "cpu_milli", "memory_mib", "gpu", "model"}
	openbPodColumns  = []string{"cpu_milli", "memory_mib", "num_gpu", "gpu_milli", "gpu_spec"}
	// What other editions of the trace have besides, and what does not matter to placement.
	openbIgnored = []string{"name", "qos", "pod_phase", "creation_time", "deletion_time", "scheduled_time"}
)

const wholeGPU = 1000

// openbTable reads a table that has the wanted columns in any order. The function it returns gives
// the position of a column.
func openbTable(file string, r io.Reader, wanted []string) (*table, func(string) int, error) {
	t, err := newTable(file, r)
	if err != nil {
		return nil, nil, err
	}
	for i, h := range t.header {
		if !slices.Contains(wanted, h) && !slices.Contains(openbIgnored, h) {
			return nil, nil, t.headerError(i, fmt.Sprintf("unknown column in an openb file (known: %s)", strings.Join(wanted, ", ")))
		}
	}
	for _, name := range wanted {
		if t.column(name) < 0 {
			return nil, nil, &Error{File: file, Line: 1, Why: fmt.Sprintf("no column %s (an openb file has %s)", name, strings.Join(wanted, ", "))}
		}
	}
	return t, t.column, nil
}

// numbers reads whole numbers out of several columns of the current record.
func (t *table) numbers(columns ...int) ([]int, error) {
	out := make([]int, len(columns))
	for i, c := range columns {
		n, err := parseCount(t.cells[c], int(resources.MaxAmount/resources.One))
		if err != nil {
			return nil, t.cellError(c, err)
		}
		out[i] = n
	}
	return out, nil
}

func readOpenbNodes(file string, r io.Reader) (offers []placement.Offer, lines []int, err error) {
	t, at, err := openbTable(file, r, openbNodeColumns)
	if err != nil {
		return nil, nil, err
	}
	seen := map[string]int{}
	for {
		if err := t.next(); err == io.EOF {
			return offers, lines, nil
		} else if err != nil {
			return nil, nil, err
		}
		name := t.cells[at("sn")]
		if err := checkName(name); err != nil {
			return nil, nil, t.cellError(at("sn"), err)
		}
		if line, twice := seen[name]; twice {
			return nil, nil, t.cellError(at("sn"), fmt.Errorf("duplicate id; it is on line %d already", line))
		}
		seen[name] = t.line()
		offer, err := openbNode(t, at, name)
		if err != nil {
			return nil, nil, err
		}
		offers, lines = append(offers, offer), append(lines, t.line())
	}
}

func openbNode(t *table, at func(string) int, name string) (placement.Offer, error) {
	n, err := t.numbers(at("cpu_milli"), at("memory_mib"), at("gpu"))
	if err != nil {
		return placement.Offer{}, err
	}
	if n[2] > maxUnits {
		return placement.Offer{}, t.cellError(at("gpu"), fmt.Errorf("too large; the most is %d", maxUnits))
	}
	all, err := resources.New(
		resources.Resource{Name: "cpus", Value: resources.ScalarOf(resources.Amount(n[0]))},
		resources.Resource{Name: "mem", Value: resources.ScalarOf(resources.Amount(n[1]) * resources.One)},
	)
	if err != nil {
		return placement.Offer{}, t.lineError(err.Error())
	}
	offer := placement.Offer{ID: placement.OfferID(name), Agent: placement.AgentID(name), Resources: all}
	for range n[2] {
		offer.Devices = append(offer.Devices, placement.Device{
			Kind: "gpu", Model: t.cells[at("model")], Capacity: resources.One, Free: resources.One})
	}
	return offer, nil
}

func readOpenbPods(file string, r io.Reader, limit int) (pods []placement.Task, lines []int, err error) {
	t, at, err := openbTable(file, r, openbPodColumns)
	if err != nil {
		return nil, nil, err
	}
	for limit <= 0 || len(pods) < limit {
		if err := t.next(); err == io.EOF {
			break
		} else if err != nil {
			return nil, nil, err
		}
		pod, err := openbPod(t, at)
		if err != nil {
			return nil, nil, err
		}
		pod.ID = placement.TaskID("pod-" + strconv.Itoa(len(pods)))
		pods, lines = append(pods, pod), append(lines, t.line())
	}
	return pods, lines, nil
}

func openbPod(t *table, at func(string) int) (pod placement.Task, err error) {
	n, err := t.numbers(at("cpu_milli"), at("memory_mib"), at("num_gpu"), at("gpu_milli"))
	if err != nil {
		return pod, err
	}
	pod.Needs, err = resources.NewQuantities(
		resources.Quantity{Name: "cpus", Amount: resources.Amount(n[0])},
		resources.Quantity{Name: "mem", Amount: resources.Amount(n[1]) * resources.One})
	if err != nil {
		return pod, t.lineError(err.Error())
	}
	gpus, milli := n[2], n[3]
	if gpus == 0 {
		return pod, nil
	}
	req := placement.DeviceRequest{Kind: "gpu"}
	switch {
	case gpus > maxUnits:
		return pod, t.cellError(at("num_gpu"), fmt.Errorf("too large; the most is %d", maxUnits))
	case milli == wholeGPU:
		req.Count = gpus
	case milli == 0 || milli > wholeGPU:
		return pod, t.cellError(at("gpu_milli"), fmt.Errorf("must lie between 1 and %d for a pod that asks for a GPU", wholeGPU))
	case gpus > 1:
		return pod, t.cellError(at("gpu_milli"), errors.New("only one GPU can be shared; a pod of several asks for 1000 of each"))
	default:
		req.Share = resources.Amount(milli)
	}
	if spec := t.cells[at("gpu_spec")]; spec != "" {
		if req.Models, err = parseNames(spec, "model"); err != nil {
			return pod, t.cellError(at("gpu_spec"), err)
		}
	}
	pod.Devices = []placement.DeviceRequest{req}
	return pod, nil
}
