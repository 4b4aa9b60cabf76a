package constraints_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/berth-go/berth/constraints"
)

// instancesOf makes instances out of maps of attribute to value; a value that is not there
// is missing.
func instancesOf(attributes []map[string]string) []constraints.Instance {
	var list []constraints.Instance
	for _, a := range attributes {
		list = append(list, func(attr string) (string, bool) {
			v, ok := a[attr]
			return v, ok
		})
	}
	return list
}

func ExampleScaleDown() {
	racks := []map[string]string{{"rack": "r1"}, {"rack": "r1"}, {"rack": "r2"}, {"rack": "r1"}}
	fmt.Println(constraints.ScaleDown(constraints.MustParse("group_by(rack)"), instancesOf(racks), 2))
	// Output: [3 1]
}

// TestMarathonScaleDown is case M40.
func TestMarathonScaleDown(t *testing.T) {
	cell := func(n int, attributes map[string]string) []map[string]string {
		return slices.Repeat([]map[string]string{attributes}, n)
	}
	host := func(name string) map[string]string { return map[string]string{"hostname": name} }
	grid := func(rack, color string) map[string]string { return map[string]string{"rack": rack, "color": color} }
	four := slices.Concat(cell(10, grid("r1", "red")), cell(10, grid("r1", "blue")), cell(10, grid("r2", "red")), cell(10, grid("r2", "blue")))
	for _, tt := range []struct {
		name, text string
		instances  []map[string]string
		n          int
		want       map[string]int // ended at each value
	}{
		{"M40 20 and 10, 10 to go", "group_by(hostname)", slices.Concat(cell(20, host("1")), cell(10, host("2"))), 10, map[string]int{"1": 10}},
		{"M40 10 and 10, 10 to go", "group_by(hostname)", slices.Concat(cell(10, host("1")), cell(10, host("2"))), 10, map[string]int{"1": 5, "2": 5}},
		{"M40 two constraints", "group_by(rack);group_by(color)", four, 20, map[string]int{"r1": 10, "r2": 10, "red": 10, "blue": 10}},
		{"M40 no GROUP_BY", "unique(hostname);hostname=1", cell(5, host("1")), 2, map[string]int{}},
		{"two constraints in one", "group_by(rack) & group_by(color)", four, 20, map[string]int{"r1": 10, "r2": 10, "red": 10, "blue": 10}},
		{"all to go", "group_by(hostname)", slices.Concat(cell(3, host("1")), cell(1, host("2"))), 4, map[string]int{"1": 3, "2": 1}},
		{"more than all to go", "group_by(hostname)", slices.Concat(cell(3, host("1")), cell(1, host("2"))), 9, map[string]int{"1": 3, "2": 1}},
		{"none to go", "group_by(hostname)", cell(3, host("1")), 0, map[string]int{}},
		{"nothing there", "group_by(hostname)", nil, 3, map[string]int{}},
		{"no value is a value", "group_by(hostname)", slices.Concat(cell(4, nil), cell(2, host("1"))), 2, map[string]int{"": 2}},
		{"any would make one of them worse", "group_by(rack);group_by(color)",
			slices.Concat(cell(1, grid("r1", "blue")), cell(2, grid("r2", "red")), cell(1, grid("r3", "blue")), cell(1, grid("r4", "blue"))), 2, map[string]int{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := map[string]int{}
			seen := map[int]bool{}
			for _, i := range constraints.ScaleDown(constraints.MustParse(tt.text), instancesOf(tt.instances), tt.n) {
				if seen[i] {
					t.Errorf("instance %d is ended twice", i)
				}
				seen[i] = true
				if len(tt.instances[i]) == 0 {
					got[""]++
				}
				for _, v := range tt.instances[i] {
					got[v]++
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Errorf("ended %v, want %v", got, tt.want)
			}
		})
	}
}
