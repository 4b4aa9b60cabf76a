package resources

import "testing"

// algebraCases: an operation on collections in the notation of this package.
var algebraCases = []struct{ id, left, op, right, want string }{
	{"SCL-02", "cpus(role1):3", "==", "cpus(role2):3", "false"},
	{"SCL-03", "cpus:1|mem:4096", "contains", "cpus:1|mem:3072", "true"},
	{"SCL-03", "cpus:1|mem:3072", "contains", "cpus:1|mem:4096", "false"},
	{"SCL-04", "cpus(role1):3", "contains", "cpus(role1):1", "true"},
	{"SCL-04", "cpus(role1):3", "contains", "cpus(role2):1", "false"},
	{"SCL-06", "cpus(role1):1|cpus(role2):3", "+", "cpus(role1):5", "cpus(role1):6|cpus(role2):3"},
	{"SCL-06", "cpus(role1):6|cpus(role2):3", "quantities", "", "cpus:9"},
	{"SCL-07", "cpus:50|mem:4096", "-", "cpus:0.5|mem:1024", "cpus:49.5|mem:3072"},
	{"SCL-08", "cpus:50|mem:4096", "-", "cpus:50|mem:4096", ""},
	{"SCL-12", "", "+", "cpus:0", ""},
	{"SCL-20", "cpus:0.0004", "entries", "", "0"},
	{"SCL-24", "cpus(role1):2|cpus:4|mem:10", "named", "cpus", "cpus(role1):2|cpus:4"},
	{"SCL-25", "gpus:1.5", "quantities", "", "gpus:1.5"},

	{"SET-01", "disks:{sda1}", "==", "disks:{sda1}", "true"},
	{"SET-03", "disks:{sda1,sda2,sda3}", "+", "disks:{sda1,sda2,sda3,sda4}", "disks:{sda1,sda2,sda3,sda4}"},
	{"SET-04", "disks:{sda1,sda2,sda3,sda4}", "-", "disks:{sda2,sda3,sda4}", "disks:{sda1}"},
	{"SET-05", "disks:{sda4}", "-", "disks:{sda1}", "disks:{sda4}"},
	{"SET-06", "disks:{a,b}", "==", "disks:{b,a}", "true"},

	{"RSV-03", "cpus:1|cpus(a):1|mem:1 +D(b)", "unreserved", "", "cpus:1"},
	{"RSV-03", "cpus:1|cpus(a):1|mem:1 +D(b)", "reserved", "", "cpus(a):1|mem:1 +D(b)"},
	{"RSV-04", "x:1|x(a):1|x(a/b):1|x(a/bx):1|x(a/bx/c):1", "allocatable to", "*", "x:1"},
	{"RSV-05", "x:1|x(a):1|x(a/b):1|x(a/bx):1|x(a/bx/c):1", "allocatable to", "a", "x:1|x(a):1"},
	{"RSV-06", "x:1|x(a):1|x(a/b):1|x(a/bx):1|x(a/bx/c):1", "allocatable to", "a/bx", "x:1|x(a):1|x(a/bx):1"},
	{"RSV-08", "cpus(role1):1|cpus(role2):2|mem(role1):5", "to unreserved", "", "cpus:3|mem:5"},
	{"RSV-11", "cpus:8 +D(role,p)", "+", "cpus:4 +D(role,p)", "cpus:12 +D(role,p)"},
	{"RSV-12", "cpus:6 +D(role,p,foo=bar)", "+", "cpus:6 +D(role,p,foo=baz)", "cpus:6 +D(role,p,foo=bar)|cpus:6 +D(role,p,foo=baz)"},
	{"RSV-13", "cpus(role):8", "-", "cpus:8 +D(role,p)", "cpus(role):8"},
	{"RSV-14", "cpus(role):8|cpus:12 +D(role,p)", "contains", "cpus(role):8", "true"},
	{"RSV-14", "cpus(role):8|cpus:12 +D(role,p)", "contains", "cpus:12 +D(role,p)", "true"},
	{"RSV-14", "cpus(role):8|cpus:12 +D(role,p)", "contains", "cpus(role):8|cpus:12 +D(role,p)", "true"},
	{"RSV-14", "cpus(role):8", "contains", "cpus(role):8|cpus:12 +D(role,p)", "false"},
	{"RSV-14", "cpus:12 +D(role,p)", "contains", "cpus(role):8|cpus:12 +D(role,p)", "false"},
	{"", "cpus:1 +D(a)", "==", "cpus:1 +D(a,)", "false"}, // a principal unset and empty

	{"PAR-01", "disk:1 +rp(X)", "+", "disk:1 +rp(X)", "disk:2 +rp(X)"},
	{"PAR-02", "disk:1", "+", "disk:1 +rp(X)", "disk:1|disk:1 +rp(X)"},
	{"PAR-02", "disk:1|disk:1 +rp(X)", "quantities", "", "disk:2"},
	{"PAR-04", "cpus:1 +rp(X)|disk:1", "-", "disk:1 +rp(X)", "cpus:1 +rp(X)|disk:1"},
	{"PAR-05", "cpus:1 +alloc(role1)", "==", "cpus:1 +alloc(role2)", "false"},
	{"PAR-06", "cpus:1 +alloc(role1)", "+", "cpus:1 +alloc(role2)", "cpus:1 +alloc(role1)|cpus:1 +alloc(role2)"},
	{"PAR-06", "cpus:1 +alloc(role1)|cpus:1 +alloc(role2)", "quantities", "", "cpus:2"},
	{"PAR-07", "cpus:1 +alloc(role1)", "-", "cpus:1 +alloc(role2)", "cpus:1 +alloc(role1)"},
	{"PAR-10", "cpus:1 +alloc(*)", "allocated", "", "cpus:1"},
	{"PAR-12", "cpus:1 +rev", "==", "cpus:1", "false"},
	{"PAR-13", "cpus:1 +rev", "+", "cpus:1 +rev", "cpus:2 +rev"},
	{"PAR-13", "cpus:1 +rev", "+", "cpus:1", "cpus:1 +rev|cpus:1"},
	{"PAR-14", "cpus:1 +rev", "-", "cpus:1", "cpus:1 +rev"},

	{"DSK-05", "disk:10", "==", "disk:10 +vol(path1)", "false"},
	{"DSK-06", "disk:10 +vol(path1)", "==", "disk:10 +vol(path2)", "true"},
	{"DSK-07", "disk(r):10 +pv(1,path1)", "==", "disk(r):10 +pv(1,path2)", "true"},
	{"DSK-07", "disk(r):10 +pv(1,path1)", "==", "disk(r):10 +pv(2,path1)", "false"},
	{"DSK-08", "disk:1 +src(PATH,mnt)", "==", "disk:1 +src(PATH,mnt2)", "false"},
	{"DSK-08", "disk:1 +src(PATH,mnt)", "==", "disk:1 +src(MOUNT,mnt)", "false"},
	{"DSK-08", "disk:1 +src(PATH,mnt2)", "==", "disk:1 +src(MOUNT,mnt)", "false"},
	{"DSK-10", "disk:2 +src(RAW,id=i)", "contains", "disk:1 +src(RAW,id=i)", "false"},
	{"DSK-10", "disk:1 +src(RAW,id=i)", "+", "disk:1 +src(RAW,id=i)", "disk:1 +src(RAW,id=i)|disk:1 +src(RAW,id=i)"},
	{"DSK-13", "disk(role):10 +vol(p)", "+", "disk(role):10 +vol(p)", "disk(role):20 +vol(p)"},
	{"DSK-13", "disk(role):10 +vol(p)", "+", "disk(role):10", "disk(role):10 +vol(p)|disk(role):10"},
	{"DSK-15", "disk(r):10 +pv(1,p)", "-", "disk(r):10 +pv(2,p)", "disk(r):10 +pv(1,p)"},
	{"DSK-15", "disk(r):10 +pv(2,path)", "-", "disk(r):10 +pv(2,path2)", ""},
	{"DSK-16", "disk:20 +src(PATH,m)", "-", "disk:10 +src(PATH,m)", "disk:10 +src(PATH,m)"},
	{"DSK-16", "disk:10 +src(PATH,m)", "-", "disk:10 +src(PATH,m)", ""},
	{"DSK-18", "disk(r):10 +pv(1,p)", "contains", "disk(r):10 +pv(1,p)|disk(r):10 +pv(1,p)", "false"},
	{"DSK-20", "disk:20 +src(PATH,m)", "contains", "disk:10 +src(PATH,m)|disk:10 +src(PATH,m)", "true"},
	{"DSK-21", "disk:20 +src(MOUNT,m)", "contains", "disk:10 +src(MOUNT,m)", "false"},
	{"DSK-22", "disk:10 +src(MOUNT,m)", "contains", "disk:10 +src(MOUNT,m)|disk:10 +src(MOUNT,m)", "false"}, // deviation
	{"DSK-23", "cpus:1|mem:1|disk:5|disk(role2):1|disk(role1):10 +pv(1,p)", "volumes", "", "disk(role1):10 +pv(1,p)"},
	{"DSK-25", "cpus:1 +D(a,p)", "==", "cpus:1 +D(a,p,)", "false"}, // labels unset and empty
	{"", "disk:10 +src(RAW)", "==", "disk:10 +src(RAW,id=)", "false"},
	{"", "disk:10 +src(RAW)", "+", "disk:5 +src(RAW)", "disk:15 +src(RAW)"},
	{"", "disk:10 +disk", "==", "disk:10", "false"},
	{"", "disk:10 +src(BLOCK)", "-", "disk:5 +src(BLOCK)", "disk:10 +src(BLOCK)"},

	{"SHR-01", "disk(r):8 +pv(1,p) +shared", "count", "disk(r):8 +pv(1,p) +shared", "1"},
	{"SHR-01", "disk(r):8 +pv(1,p) +shared|disk(r):8 +pv(1,p) +shared", "count", "disk(r):8 +pv(1,p) +shared", "2"},
	{"SHR-05", "disk(r):8 +pv(1,p) +shared", "-", "disk(r):8 +pv(1,p) +shared|disk(r):8 +pv(1,p) +shared", ""},
	{"SHR-07", "disk(r):8 +pv(A,p) +shared", "-", "disk(r):8 +pv(B,p) +shared", "disk(r):8 +pv(A,p) +shared"},
	{"SHR-08", "disk(r):100 +pv(1,p) +shared|disk(r):100 +pv(1,p) +shared", "+", "disk(r):100 +pv(1,p)",
		"disk(r):100 +pv(1,p) +shared|disk(r):100 +pv(1,p) +shared|disk(r):100 +pv(1,p)"},
	{"SHR-08", "disk(r):100 +pv(1,p) +shared|disk(r):100 +pv(1,p) +shared|disk(r):100 +pv(1,p)", "count", "disk(r):100 +pv(1,p)", "1"},
	{"SHR-08", "disk(r):100 +pv(1,p) +shared|disk(r):100 +pv(1,p) +shared|disk(r):100 +pv(1,p)", "quantities", "", "disk:200"},
	{"SHR-10", "disk(r):8 +pv(1,p) +shared", "contains", "disk(r):8 +pv(1,p) +shared|disk(r):8 +pv(1,p) +shared", "false"},
	{"SHR-11", "disk(r):8 +pv(1,p) +shared|cpus:1", "shared", "", "disk(r):8 +pv(1,p) +shared"},
	{"SHR-11", "disk(r):8 +pv(1,p) +shared|cpus:1", "nonshared", "", "cpus:1"},

	{"FND-02", "cpus(role1):1|mem(role1):5|cpus(role2):2|mem(role2):8|cpus:1|mem:7", "find", "cpus(role1):3|mem(role1):15",
		"cpus(role1):1|mem(role1):5|cpus:1|mem:7|cpus(role2):1|mem(role2):3"},
	{"FND-03", "cpus(role1):5|mem(role1):5|cpus:5|mem:5", "find", "cpus:6|mem:6", "cpus:5|mem:5|cpus(role1):1|mem(role1):1"},
	{"FND-04", "cpus(role1):1|mem(role1):1", "find", "cpus(role1):2|mem(role1):2", "none"},
	{"FND-05", "cpus:1|cpus(a):1|cpus(b):1", "find", "cpus:3", "none"},
	{"FND-06", "cpus:1", "find", "", ""},
	{"FND-07", "cpus:4 +alloc(r)", "find", "cpus:1", "none"},
	{"FND-11", "cpus:1|mem:512|ports:[5000-6000]|zones:{a,b}|disk:800", "quantities", "", "cpus:1;disk:800;mem:512;ports:1001;zones:2"},
	{"FND-13", "ports:[1-3]", "contains quantities", "ports:2", "true"},
	{"FND-13", "ports:[1-1]", "contains quantities", "ports:2", "false"},
	{"FND-14", "features:{a,b}", "contains quantities", "features:2", "true"},
	{"FND-14", "features:{a}", "contains quantities", "features:2", "false"},
	{"FND-15", "cpus(role1):2|cpus:1", "contains quantities", "cpus:3", "true"},
	{"FND-16", "disk(r):64 +pv(1,p) +shared|disk:64", "contains quantities", "disk:128", "true"},
	{"FND-17", "cpus:2|mem:20", "shrink to", "cpus:1", "cpus:1"},
	{"FND-17", "cpus:2|mem:20", "shrink to", "", ""},
	{"FND-18", "cpus:2|mem:20", "shrink within", "cpus:1", "cpus:1|mem:20"},
	{"FND-18", "cpus:2|mem:20", "shrink within", "", "cpus:2|mem:20"},
	{"FND-20", "disk:10|disk:10 +src(MOUNT,m)", "shrink to", "disk:10", "disk:10"}, // canonical order decides
	{"", "disk:5|disk:10 +src(MOUNT,m)", "shrink to", "disk:10", "disk:5"},
	{"", "ports:[1-3,7-9]|zones:{a,b}", "shrink to", "ports:4;zones:1", "ports:[1-3,7-7]|zones:{a}"},
	{"", "cpus:1|mem:1", "shrink within", "cpus:0", "mem:1"},
}

func TestAlgebraCases(t *testing.T) {
	for _, tt := range algebraCases {
		t.Run(rowName(tt.id, tt.left+tt.op), func(t *testing.T) { checkRow(t, tt.left, tt.op, tt.right, tt.want) })
	}
}

// rangeCases: an operation on ranges.
var rangeCases = []struct{ id, left, op, right, want string }{
	{"RNG-01", "[20-40]", "==", "[20-30,31-39,40-40]", "true"},
	{"RNG-02", "[1-10]", "contains", "[2-2,4-5]", "true"},
	{"RNG-02", "[2-2,4-5]", "contains", "[1-10]", "false"},
	{"RNG-03", "[2-3]", "contains", "[2-2,4-5]", "false"},
	{"RNG-04", "[1-2,4-6]", "contains", "[2-2,4-5]", "true"},
	{"RNG-05", "[1-4,5-5]", "contains", "[2-2,4-5]", "true"},
	{"RNG-06", "[20000-40000]", "+", "[30000-50000,10000-20000]", "[10000-50000]"},
	{"RNG-07", "[1-10,5-30,50-60]", "+", "[1-65,70-80]", "[1-65, 70-80]"},
	{"RNG-08", "[1-2]", "+", "[3-4]", "[1-4]"},
	{"RNG-08", "[7-8]", "+", "[5-6]", "[5-8]"},
	{"RNG-08", "[1-4]", "+", "[5-8]", "[1-8]"},
	{"RNG-10", "[20000-40000]", "-", "[10000-20000,30000-50000]", "[20001-29999]"},
	{"RNG-11", "[50000-60000]", "-", "[50000-50001]", "[50002-60000]"},
	{"RNG-12", "[50000-60000]", "-", "[50000-50000]", "[50001-60000]"},
	{"RNG-13", "[1-10,20-30,40-50]", "-", "[2-9,15-45,48-50]", "[1-1, 10-10, 46-47]"},
	{"RNG-14", "[1-10]", "-", "[11-20]", "[1-10]"},
	{"RNG-15", "[50000-60000]", "-", "[50000-60000]", "[]"},
	{"RNG-16", "[]", "-", "[1-10]", "[]"},
	{"RNG-16", "[3-8]", "-", "[]", "[3-8]"},
	{"RNG-18", "[3-8]", "-", "[5-6]", "[3-4, 7-8]"},
	{"RNG-18", "[3-8]", "-", "[1-3]", "[4-8]"},
	{"RNG-18", "[3-8]", "-", "[5-10]", "[3-4]"},
	{"RNG-20", "[3-5,7-8]", "+", "[6-6]", "[3-8]"},
}

func TestRangeCases(t *testing.T) {
	for _, tt := range rangeCases {
		t.Run(tt.id, func(t *testing.T) {
			want := tt.want
			if want != "true" && want != "false" { // as resources, through the same tables
				want = "ports:" + compact(want)
			}
			checkRow(t, "ports:"+tt.left, tt.op, "ports:"+tt.right, want)
			a, b := MustRanges(tt.left), MustRanges(tt.right)
			var got string
			switch tt.op {
			case "+":
				got = a.Plus(b).String()
			case "-":
				got = a.Minus(b).String()
			case "==":
				got = boolText(a.Equal(b))
			case "contains":
				got = boolText(a.Contains(b))
			}
			if got != tt.want {
				t.Errorf("%v %s %v = %s; want %s", a, tt.op, b, got, tt.want)
			}
		})
	}
}
