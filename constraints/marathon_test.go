package constraints_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/constraints/constraintstest"
	"github.com/berth-go/berth/resources"
)

func ExampleParseMarathon() {
	list, err := constraints.ParseMarathon([]byte(`[["rack","GROUP_BY","3"], ["hostname","UNIQUE"]]`))
	for _, c := range list {
		fmt.Println(c)
	}
	fmt.Println(err)

	_, err = constraints.ParseMarathon([]byte(`[["hostname","UNIQUE"],
 ["rack","MAX_PER","two"]]`))
	fmt.Println(err)
	// Output:
	// group_by(rack,3)
	// unique(hostname)
	// <nil>
	// 2:20: not a valid constraint: "two" is not a whole number
}

// valued makes an agent on which a field has a value; "missing" is none.
func valued(t testing.TB, id, field, value string) constraintstest.Agent {
	t.Helper()
	a := constraintstest.Agent{ID: id}
	switch {
	case value == "missing":
	case field == "hostname":
		a.Hostname = value
	default:
		v, err := resources.ParseValue(value)
		if err != nil {
			t.Fatal(err)
		}
		a.More = []resources.Attribute{{Name: field, Value: v}}
	}
	return a
}

// field judges an agent whose field has the value offered for a task of group app, size
// instances in all, of which placed are where the field has these values, in the order
// placed.
func field(t testing.TB, c constraints.Constraint, name, offered string, placed []string, size int) bool {
	t.Helper()
	agents := []constraintstest.Agent{valued(t, "offer", name, offered)}
	for i, value := range placed {
		agents = append(agents, valued(t, fmt.Sprint("p", i), name, value))
	}
	w := constraintstest.New(agents...)
	for _, id := range w.Agents()[1:] {
		w.Place("app", id)
	}
	w.Pending["app"] = max(size-len(placed), 1)
	return w.Judge(c, "offer", "app").OK
}

// TestMarathonCases are the cases of Marathon's own tests and documentation, by the numbers
// under which we listed them.
func TestMarathonCases(t *testing.T) {
	none := []string(nil)
	for _, tt := range []struct {
		id, constraint string
		offered        string
		placed         []string
		size           int
		want           bool
	}{
		{"M01 any value for the first", `["hostname","CLUSTER",""]`, "foohost", none, 1, true},
		{"M02 another value", `["hostname","CLUSTER","right.com"]`, "wrong.com", none, 1, false},
		{"M02 the value", `["hostname","CLUSTER","right.com"]`, "right.com", none, 1, true},
		{"M03 first", `["hostname","UNIQUE"]`, "host2", none, 1, true},
		{"M05 taken", `["hostname","UNIQUE"]`, "host2", []string{"host1", "host2", "host3"}, 4, false},
		{"M06 any value for the first", `["rackid","CLUSTER",""]`, "rack-1", none, 1, true},
		{"M06 value of the first only", `["rackid","CLUSTER",""]`, "rack-2", []string{"rack-1", "rack-2"}, 3, false},
		{"M06 first has no value", `["rackid","CLUSTER",""]`, "rack-1", []string{"missing", "rack-1"}, 3, false},
		{"M11 taken", `["rackid","UNIQUE"]`, "rack-1", []string{"rack-1", "rack-2"}, 3, false},
		{"M11 a missing value clashes with nothing", `["rackid","UNIQUE"]`, "rack-1", []string{"missing"}, 2, true},
		{"M12 missing", `["rackid","UNIQUE"]`, "missing", none, 1, false},
		{"M13 equal", `["jdk","LIKE","7"]`, "7", none, 1, true},
		{"M13 other", `["jdk","LIKE","7"]`, "6", none, 1, false},
		{"M13 missing", `["jdk","LIKE","7"]`, "missing", none, 1, false},
		{"M14 other", `["jdk","UNLIKE","7"]`, "6", none, 1, true},
		{"M14 missing", `["jdk","UNLIKE","7"]`, "missing", none, 1, true},
		{"M14 equal", `["jdk","UNLIKE","7"]`, "7", none, 1, false},
		{"M15 equal", `["jdk","LIKE","\\[6-7\\]"]`, "[6-7]", none, 1, true},
		{"M15 other", `["jdk","LIKE","\\[6-7\\]"]`, "[5-7]", none, 1, false},
		{"M16 text", `["jdk","UNLIKE","\\[6-7\\]"]`, "5-7", none, 1, true},
		{"M16 missing", `["jdk","UNLIKE","\\[6-7\\]"]`, "missing", none, 1, true},
		{"M16 equal", `["jdk","UNLIKE","\\[6-7\\]"]`, "[6-7]", none, 1, false},
		{"M17 equal", `["jdk","CLUSTER","[6-7]"]`, "[6-7]", []string{"[6-7]"}, 2, true},
		{"M17 other", `["jdk","CLUSTER","[6-7]"]`, "[5-7]", []string{"[6-7]"}, 2, false},
		{"M19 set", `["gpu","CLUSTER","{0,1}"]`, "{0,1}", []string{"{0,1}"}, 2, true},
		{"M20 first", `["rackid","GROUP_BY","2"]`, "rack-1", none, 5, true},
		{"M21 remainder", `["rackid","GROUP_BY","2"]`, "rack-1", []string{"rack-1", "rack-1"}, 5, true},
		{"M23 full", `["rackid","GROUP_BY","2"]`, "rack-1", []string{"rack-1", "rack-1", "rack-1"}, 5, false},
		{"M24 full", `["rackid","GROUP_BY","4"]`, "rack-1", []string{"rack-1", "rack-1"}, 5, false},
		{"M25 new value", `["rackid","GROUP_BY","2"]`, "rack-2", []string{"rack-1"}, 5, true},
		{"M26 remainder used", `["rackid","GROUP_BY","4"]`, "rack-2", []string{"rack-1", "rack-1", "rack-2"}, 5, false},
		{"M27 behind", `["rackid","GROUP_BY","2"]`, "rack-2", []string{"rack-1", "rack-1", "rack-1", "rack-2"}, 5, true},
		{"M27 behind by one", `["rackid","GROUP_BY","2"]`, "rack-2", []string{"rack-1", "rack-1", "rack-2"}, 5, true},
		{"M28 too many values", `["rackid","GROUP_BY","2"]`, "rack-3", []string{"rack-1", "rack-2"}, 5, false},
		{"M28 no value is a group too", `["rackid","GROUP_BY","2"]`, "rack-3", []string{"rack-1", "missing"}, 5, false},
		{"M28 no value, remainder left", `["rackid","GROUP_BY","3"]`, "rack-1", []string{"rack-1", "rack-1", "missing", "missing"}, 7, true},
		{"M28 no value, remainder used", `["rackid","GROUP_BY","3"]`, "rack-1", []string{"rack-1", "rack-1", "missing", "missing", "missing"}, 7, false},
		{"M30 hostname, remainder", `["hostname","GROUP_BY","3"]`, "host-1", []string{"host-1"}, 5, true},
		{"M30 hostname, full", `["hostname","GROUP_BY","3"]`, "host-1", []string{"host-1"}, 3, false},
		{"M32 full", `["rackid","MAX_PER","2"]`, "1", []string{"1.0", "2.0", "1.0"}, 4, false},
		{"M32 room", `["rackid","MAX_PER","2"]`, "1", []string{"1.0", "2.0"}, 3, true},
		{"M32 missing", `["rackid","MAX_PER","2"]`, "missing", none, 1, false},
		{"M33 region taken", `["@region","UNIQUE"]`, "region1", []string{"region1"}, 2, false},
		{"M33 region free", `["@region","UNIQUE"]`, "region2", []string{"region1"}, 2, true},
		{"M34 zone taken", `["@zone","UNIQUE"]`, "zone1", []string{"zone1"}, 2, false},
		{"M34 zone free", `["@zone","UNIQUE"]`, "zone2", []string{"zone1"}, 2, true},
		{"M35 text", `["hostname","IS","righthost.com"]`, "righthost.com", none, 1, true},
		{"M35 other", `["hostname","IS","righthost.com"]`, "wronghost.com", none, 1, false},
		{"M36 1.0 is 1", `["number","IS","1.0"]`, "1", none, 1, true},
		{"M36 1 is 1.0", `["number","IS","1"]`, "1.0", none, 1, true},
		{"M37 1.0001", `["number","IS","1.0001"]`, "1.0", none, 1, true},
		{"M37 1.0005", `["number","IS","1.0005"]`, "1.0", none, 1, true},
		{"M37 1.00051", `["number","IS","1.00051"]`, "1.0", none, 1, false},
		{"M37 1.001", `["number","IS","1.001"]`, "1.0", none, 1, false},
		{"M38 CLUSTER compares as written", `["number","CLUSTER","1.0"]`, "1", none, 1, false},
		{"M39 LIKE matches the whole", `["rackid","LIKE","rack"]`, "rack-1", none, 1, false},

		// Without a number Marathon divides by zero, though its manual promises that groups
		// are found as they come.
		{"dynamic: new value", `["rackid","GROUP_BY"]`, "rack-3", []string{"rack-1", "rack-2"}, 5, true},
		{"dynamic: least filled", `["rackid","GROUP_BY",""]`, "rack-2", []string{"rack-1", "rack-1", "rack-2"}, 5, true},
		{"dynamic: not the least filled", `["rackid","GROUP_BY"]`, "rack-1", []string{"rack-1", "rack-1", "rack-2"}, 5, false},
		{"dynamic: no value holds nobody up", `["rackid","GROUP_BY"]`, "rack-1", []string{"rack-1", "missing"}, 5, true},
		{"dynamic: missing", `["rackid","GROUP_BY"]`, "missing", none, 5, false},
	} {
		t.Run(tt.id, func(t *testing.T) {
			list, err := constraints.ParseMarathon([]byte("[" + tt.constraint + "]"))
			if err != nil {
				t.Fatal(err)
			}
			if got := field(t, list[0], marathonField(tt.constraint), tt.offered, tt.placed, tt.size); got != tt.want {
				t.Errorf("%v accepts %q beside %q: %v, want %v", list[0], tt.offered, tt.placed, got, tt.want)
			}
			if back := one(t, list[0].String()); back.String() != list[0].String() {
				t.Errorf("%v reads back as %v", list[0], back)
			}
		})
	}
}

// marathonField returns the first string of a constraint in JSON.
func marathonField(constraint string) string {
	var name string
	fmt.Sscanf(constraint, "[%q", &name)
	return name
}

// TestMarathonNumbers are the numbers that Marathon's formatter is documented with, as
// operands of IS.
func TestMarathonNumbers(t *testing.T) {
	for _, tt := range []struct {
		value  string
		amount resources.Amount
		want   bool
	}{
		{"1.0", 1000, true}, {"1.0005", 1000, true}, {"1.00051", 1001, true}, {"1.1005", 1101, true}, {"0.0625", 62, true}, {"0.1875", 188, true},
		{"007", 7000, true}, {"1.", 1000, false}, {".5", 500, false}, {"-1", -1000, true}, {"-1.0", -1000, false}, {"1e3", 1000000, false},
	} {
		a := constraintstest.Agent{ID: "a", More: []resources.Attribute{{Name: "n", Value: resources.ScalarOf(tt.amount)}}}
		if got := constraintstest.New(a).Judge(constraints.Is("n", tt.value), "a", "").OK; got != tt.want {
			t.Errorf("%v is %s: %v, want %v", tt.amount, tt.value, got, tt.want)
		}
	}
}

func TestMarathonErrors(t *testing.T) {
	for _, tt := range []struct {
		json     string
		sentinel error
		want     string
	}{
		{``, constraints.ErrSyntax, "1:1: constraint syntax: an array of constraints expected at the end"},
		{`{}`, constraints.ErrSyntax, "1:1: constraint syntax: an array of constraints expected"},
		{`null`, constraints.ErrSyntax, "1:1: constraint syntax: an array of constraints expected"},
		{`["rack","UNIQUE"]`, constraints.ErrSyntax, "1:2: constraint syntax: an array: field, operator and perhaps a value expected"},
		{`[["rack","UNIQUE"]`, constraints.ErrSyntax, "1:19: constraint syntax: the end of the array expected at the end"},
		{`[["rack","UNIQUE"]] x`, constraints.ErrSyntax, "1:21: constraint syntax: nothing is expected after the array"},
		{`[["rack"]]`, constraints.ErrSyntax, "1:9: constraint syntax: a constraint has two or three strings"},
		{`[["rack","MAX_PER",2]]`, constraints.ErrSyntax, "1:20: constraint syntax: a constraint has two or three strings"},
		{`[["rack","MAX_PER","2","3"]]`, constraints.ErrSyntax, "1:24: constraint syntax: a constraint has two or three strings"},
		{`[["rack",["UNIQUE"]]]`, constraints.ErrSyntax, "1:10: constraint syntax: a constraint has two or three strings"},
		{`[["rack","unique"]]`, constraints.ErrMisuse, `1:10: not a valid constraint: no operator is called "unique"`},
		{`[["","UNIQUE"]]`, constraints.ErrMisuse, "1:3: not a valid constraint: a field without a name"},
		{`[["rack","UNIQUE","r1"]]`, constraints.ErrMisuse, "1:19: not a valid constraint: UNIQUE takes no value"},
		{`[["rack","GROUP_BY","inf"]]`, constraints.ErrMisuse, `1:21: not a valid constraint: "inf" is not a whole number`},
		{`[["rack","GROUP_BY","0"]]`, constraints.ErrMisuse, "1:21: not a valid constraint: tasks cannot be spread over 0 values"},
		{`[["rack","GROUP_BY","-1"]]`, constraints.ErrMisuse, "1:21: not a valid constraint: tasks cannot be spread over -1 values"},
		{`[["rack","MAX_PER"]]`, constraints.ErrMisuse, `1:10: not a valid constraint: "" is not a whole number`},
		// Marathon takes MAX_PER 0 and then accepts one instance for each value.
		{`[["rack","MAX_PER","0"]]`, constraints.ErrMisuse, "1:20: not a valid constraint: a maximum of 0 tasks accepts none"},
		{`[["rack","LIKE"]]`, constraints.ErrMisuse, "1:10: not a valid constraint: an empty regular expression"},
		{`[["rack","UNLIKE","("]]`, constraints.ErrMisuse, "1:19: not a valid constraint: error parsing regexp: missing closing ): `(`"},
		{`[["rack","IS","a b"]]`, constraints.ErrMisuse, `1:15: not a valid constraint: IS takes letters, digits and _ / . - only, not "a b"`},
	} {
		_, err := constraints.ParseMarathon([]byte(tt.json))
		if err == nil || err.Error() != tt.want || !errors.Is(err, tt.sentinel) {
			t.Errorf("%s: got %v, want %s", tt.json, err, tt.want)
		}
	}
	for _, text := range []string{`[["a","IS",""]]`, ` [ ] `, "[\n]"} {
		if _, err := constraints.ParseMarathon([]byte(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func FuzzParseMarathon(f *testing.F) {
	for _, seed := range []string{`[]`, `[["rack","GROUP_BY","3"],["hostname","UNIQUE"]]`, `[["a","LIKE","[x]+"],["b","IS","1.0"]]`, `[["a","MAX_PER","2"`, `[[["`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := constraints.ParseMarathon(data)
		if err != nil {
			checkError(t, string(data), err)
			return
		}
		for _, c := range list {
			if back := one(t, c.String()); back.String() != c.String() {
				t.Errorf("%v reads back as %v", c, back)
			}
		}
	})
}
