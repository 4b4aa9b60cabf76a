package workload

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/berth-go/berth/placement"
)

// Whatever is in a file, a reader returns data or an error that says where; and what it returns, placement takes or
// refuses with an error of its own. Nothing panics, and no task is lost.

func FuzzCSV(f *testing.F) {
	f.Add("agent,cpus,ports,attr:rack,device:gpu,features,disks,revocable:cpus,role\na,1,1-9,r,2x1000:V,{x|y},path:5;volume:v size=1,1,dev\n",
		"id,cpus,ports,device:gpu,sets,disks,count,require,prefer,gang,priority,value,revocable\nt,1,2,0.5:V|W,features:{x}+1,path:1,2,rack=r;exclusive,2*unique(rack),g,1,2,prefer\n")
	f.Add("agent,cpus\r\na,1\r\n", "\ufeffid,cpus\n\"t\",1\n")
	f.Add("agent\n\"", "id,id\n")
	f.Fuzz(func(t *testing.T, fleetText, tasksText string) {
		fleet, err := readFleet("f", strings.NewReader(fleetText))
		if err != nil {
			checkError(t, err)
			return
		}
		read, _, err := readTasks("t", strings.NewReader(tasksText), fleet.kinds, 50)
		if err != nil {
			checkError(t, err)
			return
		}
		checkPlaces(t, fleet.offers, read.tasks)
	})
}

func FuzzOpenb(f *testing.F) {
	f.Add("sn,cpu_milli,memory_mib,gpu,model\nn,1000,10,2,T4\n", "cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec\n1,1,1,500,T4|V100\n")
	f.Fuzz(func(t *testing.T, nodes, pods string) {
		offers, _, err := readOpenbNodes("n", strings.NewReader(nodes))
		if err != nil {
			checkError(t, err)
			return
		}
		tasks, _, err := readOpenbPods("p", strings.NewReader(pods), 50)
		if err != nil {
			checkError(t, err)
			return
		}
		checkPlaces(t, offers, tasks)
	})
}

func FuzzVBP(f *testing.F) {
	f.Add("x/1;2;3;10 8;2;1;5 5,5 5,1 0\n")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := ReadVBP("v", strings.NewReader(text))
		if err != nil {
			checkError(t, err)
			return
		}
		for _, in := range all {
			w, err := in.Workload(1)
			if err != nil {
				t.Fatal(err)
			}
			checkPlaces(t, w.Offers, w.Tasks)
		}
	})
}

func FuzzMarathon(f *testing.F) {
	f.Add(`{"id":"/shop","apps":[{"id":"web","instances":3,"cpus":0.5,"mem":64,"constraints":[["hostname","UNIQUE"]],"portDefinitions":[{"port":0}]}],
"groups":[{"id":"db","apps":[{"id":"main","container":{"volumes":[{"persistent":{"size":10,"type":"mount"}}],"docker":{"network":"USER","portMappings":[{"hostPort":80},{}]}}}]}]}`)
	f.Add(`[{"id":"a","ports":[1,0],"requirePorts":true,"gpus":1,"role":"r"},{"id":"/a"}]`)
	f.Fuzz(func(t *testing.T, text string) {
		fleet, err := readFleet("f", strings.NewReader("agent,cpus,mem,ports,role,disks\na,4,1000,1-99,,mount:50\nb,1,128,80-81,r,\n"))
		if err != nil {
			t.Fatal(err)
		}
		w := &Workload{tasksFile: "m", Offers: fleet.offers}
		if err := w.readMarathon(strings.NewReader(text), 50); err != nil {
			checkError(t, err)
			return
		}
		checkPlaces(t, w.Offers, w.Tasks)
	})
}

func FuzzArrivals(f *testing.F) {
	f.Add("at,task,lasts\n0,a,10\n1.5,a,\n0.001,b,1e9\n")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := readArrivals("f", strings.NewReader(text), []placement.Task{{ID: "a"}, {ID: "b"}})
		if err != nil {
			checkError(t, err)
			return
		}
		seen := map[placement.TaskID]bool{}
		for i, a := range all {
			if a.At < 0 || a.Lasts < 0 || i > 0 && a.At < all[i-1].At || seen[a.Task.ID] {
				t.Fatalf("%+v", all)
			}
			seen[a.Task.ID] = true
		}
	})
}

func FuzzSequences(f *testing.F) {
	f.Add("default,42,0 1 2 1\n\nopenb,x,4\r\n", 5)
	f.Add("a,,0", 0)
	f.Fuzz(func(t *testing.T, text string, pods int) {
		all, err := readSequences("f", strings.NewReader(text), pods)
		if err != nil {
			checkError(t, err)
			return
		}
		if len(all) == 0 {
			t.Fatal("no order, and no error")
		}
		for _, s := range all {
			if len(s.Rows) == 0 || slices.Min(s.Rows) < 0 || slices.Max(s.Rows) >= pods {
				t.Fatalf("%d pods: %+v", pods, s)
			}
		}
	})
}

func checkError(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, ErrInput) {
		t.Fatalf("%v does not wrap ErrInput", err)
	}
	if strings.ContainsAny(err.Error(), "\n\r") {
		t.Fatalf("%q is more than a line", err)
	}
}

func checkPlaces(t *testing.T, offers []placement.Offer, tasks []placement.Task) {
	t.Helper()
	result, err := placement.Assign(offers, tasks)
	var input *placement.InputError
	if err != nil {
		if !errors.As(err, &input) {
			t.Fatal(err)
		}
		return
	}
	if len(result.Assignments)+len(result.Failures) != len(tasks) {
		t.Fatalf("%d tasks became %d assignments and %d failures", len(tasks), len(result.Assignments), len(result.Failures))
	}
}
