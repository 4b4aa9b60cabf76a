package workload

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// Instance is a vector packing instance: put all items into as few equal bins as possible.
type Instance struct {
	Name     string
	Capacity []int
	Items    [][]int
	// Optimum is the fewest bins, LowerBound the best bound published; zero: unknown.
	Optimum, LowerBound int
}

// maxDimensions and maxBinItems bound what one line may describe.
const (
	maxDimensions = 64
	maxBinItems   = 100_000
)

// ReadVBP reads instances of the vector packing format, one a line:
// name;dimensions;items;capacities;optimum;lower bound;item,item,… where an item is its sizes with
// blanks between them, and a negative optimum or bound is an unknown one. A few published items need
// less than nothing of a resource, which no task can: they need nothing here, so the optimum of those
// instances is a lower bound.
func ReadVBP(file string, r io.Reader) ([]Instance, error) {
	in := bufio.NewScanner(r)
	in.Buffer(nil, 16<<20)
	var all []Instance
	for line := 1; in.Scan(); line++ {
		text := strings.TrimSuffix(in.Text(), "\r")
		if text == "" {
			continue
		}
		instance, why := parseInstance(text)
		if why != nil {
			why.File, why.Line = file, line
			return nil, why
		}
		all = append(all, instance)
	}
	if err := in.Err(); err != nil {
		return nil, fileError(file, err)
	}
	if len(all) == 0 {
		return nil, &Error{File: file, Why: "is empty; a vector packing file has one instance a line"}
	}
	return all, nil
}

var instanceFields = []string{"name", "dimensions", "number of items", "capacities", "optimum", "lower bound", "items"}

func parseInstance(text string) (Instance, *Error) {
	fields := strings.Split(text, ";")
	if len(fields) != len(instanceFields) {
		return Instance{}, &Error{Why: fmt.Sprintf("%s between semicolons; a line has %d: %s",
			plural(len(fields), "field"), len(instanceFields), strings.Join(instanceFields, "; "))}
	}
	bad := func(i int, err error) (Instance, *Error) {
		column := 1
		for _, f := range fields[:i] {
			column += len(f) + 1
		}
		return Instance{}, &Error{Column: column, Name: instanceFields[i], Text: fields[i], Why: err.Error()}
	}
	instance := Instance{Name: fields[0]}
	if err := checkName(fields[0]); err != nil {
		return bad(0, err)
	}
	dimensions, err := parseCount(fields[1], maxDimensions)
	if err != nil {
		return bad(1, err)
	}
	items, err := parseCount(fields[2], maxBinItems)
	if err != nil {
		return bad(2, err)
	}
	if instance.Capacity, err = parseVector(fields[3], dimensions, parseSize); err != nil {
		return bad(3, err)
	}
	if instance.Optimum, err = parseKnown(fields[4]); err != nil {
		return bad(4, err)
	}
	if instance.LowerBound, err = parseKnown(fields[5]); err != nil {
		return bad(5, err)
	}
	list := strings.Split(fields[6], ",")
	if len(list) != items {
		return bad(6, fmt.Errorf("has %s, not %d", plural(len(list), "item"), items))
	}
	for i, item := range list {
		sizes, err := parseVector(item, dimensions, parseItemSize)
		if err != nil {
			return bad(6, fmt.Errorf("item %d: %w", i+1, err))
		}
		instance.Items = append(instance.Items, sizes)
	}
	return instance, nil
}

func parseSize(text string) (int, error) {
	return parseCount(text, int(resources.MaxAmount/resources.One))
}

func parseItemSize(text string) (int, error) {
	if size, err := strconv.Atoi(text); err == nil && size < 0 {
		return 0, nil
	}
	return parseSize(text)
}

func parseVector(text string, dimensions int, parse func(string) (int, error)) ([]int, error) {
	words := strings.Fields(text)
	if len(words) != dimensions {
		return nil, fmt.Errorf("has %s, not %d", plural(len(words), "number"), dimensions)
	}
	vector := make([]int, dimensions)
	for i, w := range words {
		n, err := parse(w)
		if err != nil {
			return nil, fmt.Errorf("%q %w", w, err)
		}
		vector[i] = n
	}
	return vector, nil
}

// parseKnown reads a number that is negative when it is not known.
func parseKnown(text string) (int, error) {
	if n, err := strconv.Atoi(text); err == nil && n < 0 {
		return 0, nil
	}
	return parseCount(text, maxBinItems)
}

// Workload makes one agent for each item, so that all can be placed, and a task of each item. Items are
// shuffled by the seed: some published files list the items of a bin of the solution side by side.
func (in *Instance) Workload(seed uint64) (*Workload, error) {
	w := &Workload{Name: in.Name, Optimum: max(in.Optimum, in.LowerBound)}
	capacity, err := in.vector(in.Capacity)
	if err != nil {
		return nil, err
	}
	pieces := make([]resources.Resource, 0, capacity.Len())
	for name, amount := range capacity.All() {
		pieces = append(pieces, resources.Resource{Name: name, Value: resources.ScalarOf(amount)})
	}
	all, err := resources.New(pieces...)
	if err != nil {
		return nil, err
	}
	for i := range in.Items {
		name := "bin-" + strconv.Itoa(i)
		w.Offers = append(w.Offers, placement.Offer{ID: placement.OfferID(name), Agent: placement.AgentID(name), Resources: all})
	}
	order := rand.New(rand.NewPCG(seed, 0x766270)).Perm(len(in.Items))
	for _, i := range order {
		needs, err := in.vector(in.Items[i])
		if err != nil {
			return nil, err
		}
		w.Tasks = append(w.Tasks, placement.Task{ID: placement.TaskID("item-" + strconv.Itoa(i)), Needs: needs})
	}
	return w, nil
}

func (in *Instance) vector(sizes []int) (resources.Quantities, error) {
	q := make([]resources.Quantity, len(sizes))
	for i, size := range sizes {
		q[i] = resources.Quantity{Name: fmt.Sprintf("d%02d", i), Amount: resources.Amount(size) * resources.One}
	}
	return resources.NewQuantities(q...)
}
