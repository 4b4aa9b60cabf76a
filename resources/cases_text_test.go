package resources

import (
	"errors"
	"strings"
	"testing"
)

// valueCases: a text, the kind it is read as, and how that prints; or an error.
var valueCases = []struct {
	id, text string
	kind     Kind
	want     string
	err      error
}{
	{id: "VAL-01", text: "45.55", want: "45.55"},
	{id: "VAL-03", text: "{sda1, sda2}", kind: KindSet, want: "{sda1, sda2}"},
	{id: "VAL-04", text: "123abc,s", kind: KindText, want: "123abc,s"},
	{id: "VAL-05", text: "inf", kind: KindText, want: "inf"},
	{id: "VAL-05", text: "-inf", kind: KindText, want: "-inf"},
	{id: "VAL-05", text: "infinity", kind: KindText, want: "infinity"},
	{id: "VAL-05", text: "-infinity", kind: KindText, want: "-infinity"},
	{id: "VAL-05", text: "nan", kind: KindText, want: "nan"},
	{id: "VAL-05", text: "-nan", kind: KindText, want: "-nan"},
	{id: "VAL-06", text: "{aa,b}}", err: ErrSyntax},
	{id: "VAL-08", text: "[1-2b]", err: ErrSyntax},
	{id: "VAL-11", text: "[1-10]", kind: KindRanges, want: "[1-10]"},
	{id: "VAL-12", text: "[4-6, 6-8, 5-9, 3-4, 2-5, 4-6, 1-1, 10-10, 4-6]", kind: KindRanges, want: "[1-10]"},
	{id: "VAL-14", text: "[1-11, 8-10]", kind: KindRanges, want: "[1-11]"},
	{id: "VAL-16", text: "[7-8, 1-4, [8-10], 4-5]", kind: KindRanges, want: "[1-5, 7-10]"},
	{id: "VAL-17", text: "[4-6, 7-7]", kind: KindRanges, want: "[4-7]"},
	{id: "VAL-18", text: "[4-6, 7-7, 9-10, 9-11]", kind: KindRanges, want: "[4-7, 9-11]"},
	{id: "VAL-19", text: "[6-8, 6-8, 4-6, 6-8]", kind: KindRanges, want: "[4-8]"},
	{id: "VAL-20", text: "[]", kind: KindRanges, want: "[]"},
	{id: "VAL-21", text: "[1]", err: ErrSyntax},
	{id: "VAL-23", text: "[-1-2]", kind: KindRanges, want: "[1-2]"},
	{id: "VAL-25", text: "[1-2]3-4", kind: KindRanges, want: "[1-4]"},
	{id: "VAL-26", text: "[0x10-0x20]", kind: KindRanges, want: "[16-32]"},
	{id: "VAL-27", text: "[0-18446744073709551615]", kind: KindRanges, want: "[0-18446744073709551615]"},
	{id: "VAL-28", text: "[0-18446744073709551616]", err: ErrSyntax},
	{id: "VAL-30", text: "[1-10,5-2]", kind: KindRanges, want: "[1-10]"},
	{id: "VAL-31", text: "[0-18446744073709551615,5-6]", kind: KindRanges, want: "[0-18446744073709551615]"}, // deviation
	{id: "VAL-34", text: "{a{b}}", kind: KindSet, want: "{a, b}"},
	{id: "VAL-35", text: "1 000", want: "1000"},
	{id: "VAL-36", text: "+5", want: "5"},
	{id: "VAL-36", text: ".5", want: "0.5"},
	{id: "VAL-36", text: "5.", want: "5"},
	{id: "VAL-36", text: "1e3", want: "1000"},
	{id: "VAL-38", text: "-0", want: "0"},
	{id: "", text: "", err: ErrSyntax},
	{id: "", text: "0x10", kind: KindText, want: "0x10"},
	{id: "", text: "1e400", kind: KindText, want: "1e400"},
	{id: "", text: "-1", kind: KindText, want: "-1"},
	{id: "", text: "1\t", kind: KindText, want: "1\t"},
	{id: "", text: "4.9e-324", err: ErrAmount},
	{id: "", text: "-4.9e-324", err: ErrAmount},
	{id: "", text: "1e15", err: ErrAmount},
	{id: "", text: "a[1-2]", err: ErrSyntax},
	{id: "", text: "a{b}", err: ErrSyntax},
	{id: "", text: "[5-2]", err: ErrRange},
	{id: "", text: "{a,a}", kind: KindSet, want: "{a}"},
}

func TestValueCases(t *testing.T) {
	for _, tt := range valueCases {
		t.Run(rowName(tt.id, tt.text), func(t *testing.T) {
			v, err := ParseValue(tt.text)
			if !errors.Is(err, tt.err) {
				t.Fatalf("ParseValue(%q): %v; want error %v", tt.text, err, tt.err)
			}
			if err == nil && (v.Kind() != tt.kind || v.String() != tt.want) {
				t.Errorf("ParseValue(%q) = %v %v; want %v %v", tt.text, v.Kind(), v, tt.kind, tt.want)
			}
		})
	}
}

// rowName is the id of a case, or the text of a row that belongs to none.
func rowName(id, text string) string {
	if id != "" {
		return id
	}
	return text
}

// parseCases: a text for Parse, and what it means in the notation of this package, or an
// error.
var parseCases = []struct {
	id, role, text, want string
	err                  error
}{
	{id: "TXT-01", text: "cpus:45.55;ports:[10000-20000, 30000-50000];disks:{sda1}", want: "cpus:45.55 | ports:[10000-20000,30000-50000] | disks:{sda1}"},
	{id: "TXT-02", text: "cpus(role1):2;mem(role1):3", want: "cpus:2 +S(role1) | mem:3 +S(role1)"},
	{id: "TXT-03", role: "role1", text: "cpus:2.5;ports(role2):[0-100]", want: "cpus(role1):2.5 | ports(role2):[0-100]"},
	{id: "TXT-04", text: "cpus(role1)", err: ErrSyntax},
	{id: "TXT-06", text: "cpus)(role1:1", err: ErrSyntax},
	{id: "TXT-07", text: "foo(role1):1;foo(role2):[0-1]", err: ErrName},
	{id: "TXT-08", text: ""},
	{id: "TXT-09", text: ";"},
	{id: "TXT-10", text: "  ", err: ErrSyntax},
	{id: "TXT-13", text: " cpus ( role ) : 1 ", want: "cpus(role):1"},
	{id: "TXT-16", text: "cpus():1", err: ErrRole},
	{id: "TXT-17", text: "(r):1", err: ErrName},
	{id: "TXT-20", text: "cpus(a/b):1", want: "cpus:1 +S(a/b)"},
	{id: "TXT-22", text: "cpus:abc", err: ErrKind},
	{id: "TXT-22", text: "cpus:-1", err: ErrKind},
	{id: "TXT-22", text: "cpus:nan", err: ErrKind},
	{id: "TXT-23", text: "gpus:0"},
	{id: "TXT-25", text: "cpus:0.0005", want: "cpus:0.001"},
	{id: "TXT-26", text: "cpus:1;cpus:2", want: "cpus:3"},
	{id: "TXT-28", text: "disks:{a,a}", err: ErrDuplicate},
	{id: "TXT-29", text: "disks:{}"},
	{id: "TXT-29", text: "ports:[]"},
	{id: "TXT-30", text: "foo:0;foo:[1-2]", want: "foo:[1-2]"},
	{id: "TXT-31", text: "cpus:[1-2]", want: "cpus:[1-2]"},
	{text: "cpus::1", want: "cpus:1"},
	{text: "cpus(r)x:1", want: "cpus(r):1"},
	{text: "cpus(*):1", role: "r", want: "cpus:1"},
	{text: "cpus)x:1", want: "cpus)x:1"},
	{text: "{}", err: ErrSyntax},

	{id: "JSN-01", text: `[{"name":"cpus","type":"SCALAR","scalar":{"value":45.55}}]`, want: "cpus:45.55"},
	{id: "JSN-01", text: "[\n{\"name\":\"cpus\",\n\"type\":\"SCALAR\",\n\"scalar\":{\n\"value\":45.55}}\n]\n", want: "cpus:45.55"},
	{id: "JSN-04", text: `[{"name":"cpus","type":"SCALAR","scalar":{"value":1},"reservations":[{"type":"STATIC","role":"role1"}]}]`, want: "cpus(role1):1"},
	{id: "JSN-05", text: `{"name":"cpus","type":"SCALAR","scalar":{"value":1}}`, err: ErrSyntax},
	{id: "JSN-06", text: `[{"name":"cpus","type":"SCALAR","scalar":{"value":1}} {"name":"mem","type":"SCALAR","scalar":{"value":1}}]`, err: ErrSyntax},
	{id: "JSN-06", text: `[{"name":"disks","type":"SET","set":{"item":["a" "b"]}}]`, err: ErrSyntax},
	{id: "JSN-07", text: `[[{"name":"cpus","type":"SCALAR","scalar":{"value":1}}]]`, err: ErrSyntax},
	{id: "JSN-08", text: `{"name":"cpus","type":"SCALAR","scalar":{"value":1}},{"name":"mem","type":"SCALAR","scalar":{"value":1}}`, err: ErrSyntax},
	{id: "JSN-09", text: `[{"name":"cpus","type":"SCALAR","scalar":{"value":1}}] more`, err: ErrSyntax},
	{id: "JSN-10", text: `[{"name":"cpus","type":"SCALAR","scalar":{"value":1}]}`, err: ErrSyntax},
	{id: "JSN-11", text: `[{"name":"cpus","scalar":{"value":1}}]`, err: ErrSyntax},
	{id: "JSN-12", text: `[{"name":"","type":"SCALAR","scalar":{"value":1}}]`, err: ErrName},
	{id: "JSN-16", text: `[{"name":"disk","type":"SCALAR","scalar":{"value":1},"reservations":[{"type":"STATIC","role":"r"}],"disk":{"persistence":{"id":"i"},"volume":{"container_path":"p","mode":"RW"}}}]`, err: ErrNotAllowed},
	{id: "JSN-17", text: `[{"name":"cpus","type":"SCALAR","scalar":{"value":1},"revocable":{}}]`, err: ErrNotAllowed},
	{id: "JSN-18", text: `[{"name":"cpus","type":"SCALAR","scalar":{"value":1},"reservations":[{"type":"DYNAMIC","role":"r"}]}]`, err: ErrNotAllowed},
	{id: "JSN-19", role: "x", text: `[{"name":"cpus","type":"SCALAR","scalar":{"value":1}}]`, want: "cpus(x):1"},
	{id: "JSN-20", role: "x", text: `[{"name":"cpus","type":"SCALAR","scalar":{"value":1},"role":"*"}]`, want: "cpus:1"},
	{text: `[{"name":"disk","type":"SCALAR","scalar":{"value":5},"disk":{"source":{"type":"MOUNT","mount":{"root":"/mnt"}}}}]`, want: "disk:5 +src(MOUNT,/mnt)"},
	{text: `[{"name":"cpus","type":"SCALAR","scalar":{"value":"1.5"},"role":null}]`, want: "cpus:1.5"},
	{text: `[{"name":"cpus","type":0,"scalar":{"value":1}}]`, err: ErrSyntax},
	{text: `[{"name":"cpus","type":"SCALAR","scalar":{"value":1},"role":"b","reservations":[{"type":"STATIC","role":"a"}]}]`, want: "cpus(a):1"},
	{text: `[{"name":"cpus","type":"SCALAR","scalar":{"value":1},"role":"*","reservation":{}}]`, err: ErrReservation}, // Mesos dies of it
	{text: `[{"name":"ports","type":"RANGES","ranges":{"range":[{"begin":9007199254740993,"end":18446744073709551615}]}}]`, want: "ports:[9007199254740993-18446744073709551615]"},
	{text: `[{"name":"ports","type":"RANGES","ranges":{"range":[{"begin":1,"end":5},{"begin":3,"end":8}]}}]`, err: ErrRange},
	{text: `[{"name":"ports","type":"RANGES","ranges":{"range":[{"begin":3,"end":8},{"begin":1,"end":5}]}}]`, want: "ports:[1-8]"},
	{text: `[{"Name":"cpus","type":"SCALAR","scalar":{"value":1}}]`, err: ErrSyntax},
	{text: strings.Repeat("[", 1000), err: ErrSyntax},
}

func TestParseCases(t *testing.T) {
	for _, tt := range parseCases {
		t.Run(rowName(tt.id, tt.text), func(t *testing.T) {
			if tt.role == "" {
				tt.role = "*"
			}
			r, err := Parse(tt.text, DefaultRole(tt.role))
			var p *ParseError
			if !errors.Is(err, tt.err) || err != nil && !errors.As(err, &p) {
				t.Fatalf("Parse(%q): %v; want error %v", tt.text, err, tt.err)
			}
			if want := rs(tt.want); !r.Equal(want) {
				t.Errorf("Parse(%q) = %v; want %v", tt.text, r, want)
			}
		})
	}
}

// printCases: resources, and how Mesos prints them.
var printCases = []struct{ id, list, want string }{
	{"TXT-32", "cpus:45.55 | ports:[10000-20000,30000-50000] | disks:{sda1}", "cpus:45.55; disks:{sda1}; ports:[10000-20000, 30000-50000]"}, // canonical order
	{"TXT-33", "", "{}"},
	{"TXT-34", "disk:1", "disk:1"},
	{"TXT-36", "disk(alice):1 +alloc(role)", "disk(allocated: role)(reservations: [(STATIC,alice)]):1"},
	{"TXT-37", "disk(alice):1 +rev", "disk(reservations: [(STATIC,alice)]){REV}:1"},
	{"TXT-39", "disk(alice):1 +src(MOUNT,/mnt1) +pv(hadoop,/data,/hdfs)", "disk(reservations: [(STATIC,alice)])[MOUNT:/mnt1,hadoop:/hdfs:/data:rw]:1"},
	{"TXT-40", "cpus:1 +D(a,p,foo=bar,foo)", "cpus(reservations: [(DYNAMIC,a,p,{foo: bar, foo})]):1"},
	{"TXT-43", "disk(a):64 +pv(id1,path1) +shared", "disk(reservations: [(STATIC,a)])[id1:path1]<SHARED>:64<1>"},
	{"TXT-43", "disk(a):64 +pv(id1,path1) +shared | disk(a):64 +pv(id1,path1) +shared", "disk(reservations: [(STATIC,a)])[id1:path1]<SHARED>:64<2>"},
	{"", "disk:5 +src(RAW,id=i,vendor=v)", "disk[RAW(v,i,)]:5"},
	{"", "cpus(a):1 +D(a/b,p)", "cpus(reservations: [(STATIC,a),(DYNAMIC,a/b,p)]):1"},
}

func TestPrintCases(t *testing.T) {
	for _, tt := range printCases {
		t.Run(rowName(tt.id, tt.want), func(t *testing.T) { checkRow(t, tt.list, "print", "", tt.want) })
	}
}

// roleCases: names of roles, one a line where several are alike, and whether they are valid.
var roleCases = []struct {
	id    string
	roles []string
	valid bool
}{
	{"RSV-38", []string{"foo", "123", "foo_123", "*", "foo-bar", "foo.bar", "foo..bar", "...", "foo/bar", "foo/.bar", "a/b/c/d/e/f/g/h"}, true},
	{"RSV-39", []string{"", ".", "..", "-foo", "/", "/foo", "foo/", "foo//bar", "foo bar", "foo\tbar", "foo\nbar"}, false},
	{"RSV-41", []string{"a\x01b", "a\u00a0b", "a(b", "a\x00b"}, true},
	{"", []string{"a/*", "a/./b", "a/../b", "a/-b", "a\vb", "a\fb", "a\rb", "a\x7fb"}, false},
}

func TestRoleCases(t *testing.T) {
	for _, tt := range roleCases {
		t.Run(rowName(tt.id, "others"), func(t *testing.T) {
			for _, role := range tt.roles {
				if err := ValidateRole(role); (err == nil) != tt.valid || err != nil && !errors.Is(err, ErrRole) {
					t.Errorf("ValidateRole(%q): %v; want valid %v", role, err, tt.valid)
				}
			}
		})
	}
}
