package placement_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

func ExampleFailure() {
	offers := []placement.Offer{
		{ID: "o1", Agent: "a1", Resources: resources.MustParse("cpus:2"), Attributes: resources.MustAttributes("rack:r1")},
		{ID: "o2", Agent: "a2", Resources: resources.MustParse("cpus:1"), Attributes: resources.MustAttributes("rack:r2")},
	}
	task := placement.Task{ID: "t", Needs: resources.MustQuantities("cpus:2.5"), Require: constraints.MustParse("rack=r1")}
	result, _ := placement.Assign(offers, []placement.Task{task})
	text, _ := json.MarshalIndent(result.Failures[0], "", "  ")
	fmt.Println(string(text))
	// Output:
	// {
	//   "task": "t",
	//   "why": {
	//     "agents": 2,
	//     "reasons": [
	//       {
	//         "cause": "too small",
	//         "what": "cpus",
	//         "agents": 2
	//       },
	//       {
	//         "cause": "constraint",
	//         "what": "rack=r1",
	//         "agents": 1
	//       }
	//     ],
	//     "nearest": {
	//       "agent": "a1",
	//       "lacks": [
	//         {
	//           "what": "cpus",
	//           "asked": "2.5",
	//           "free": "2",
	//           "capacity": "2"
	//         }
	//       ],
	//       "reasons": [
	//         {
	//           "cause": "too small",
	//           "what": "cpus",
	//           "agents": 1
	//         }
	//       ]
	//     }
	//   }
	// }
}

// TestFailureJSON checks a failure with every sort of reason, counted, and that it comes back from JSON as it was.
func TestFailureJSON(t *testing.T) {
	offer := func(agent, text, attributes string) placement.Offer {
		return placement.Offer{ID: placement.OfferID(agent), Agent: placement.AgentID(agent), Resources: resources.MustParse(text), Attributes: resources.MustAttributes(attributes)}
	}
	offers := []placement.Offer{
		offer("small1", "cpus:2;mem:10", "rack:r1"), offer("small2", "cpus:1;mem:10", "rack:r1"), offer("used", "cpus:1;mem:10", "rack:r1"),
		offer("short", "cpus:8;mem:1", "rack:r1"), offer("elsewhere", "cpus:8;mem:10", "rack:r2"), offer("off", "cpus:8;mem:10", "rack:r1"),
		offer("noports", "cpus:8;mem:10", "rack:r1"),
	}
	for i := range offers[:6] {
		offers[i].Resources = offers[i].Resources.Plus(resources.MustParse("ports:[1-2]"))
	}
	task := placement.Task{ID: "t", Needs: resources.MustQuantities("cpus:4;mem:5"), Require: constraints.MustParse("rack = r1")}
	task.Ports.Dynamic = 1
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	res, err := placement.Assign(offers, []placement.Task{task}, placement.WithNow(now),
		placement.WithRunning(placement.Running{Agent: "used", Task: named("r", "cpus:7")}),
		placement.WithDisabled(placement.Disabled{Agent: "off", Until: now.Add(1)}))
	if err != nil || len(res.Failures) != 1 {
		t.Fatal(res, err)
	}
	why := res.Failures[0].Why
	want := map[placement.Reason]bool{
		{Cause: placement.CauseTooSmall, What: "cpus", Agents: 2}:        true,
		{Cause: placement.CauseTooSmall, What: "mem", Agents: 1}:         true,
		{Cause: placement.CauseExhausted, What: "cpus", Agents: 1}:       true,
		{Cause: placement.CauseConstraint, What: "rack = r1", Agents: 1}: true,
		{Cause: placement.CauseDisabled, Agents: 1}:                      true,
	}
	got := map[placement.Reason]bool{}
	for _, r := range why.Reasons {
		if r.What != "ports" && r.Cause != placement.CausePorts {
			got[r] = true
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(why.Reasons) != len(want)+1 || why.Agents != 7 {
		t.Errorf("%v\n%s", why, diff)
	}
	text, err := json.Marshal(res.Failures)
	if err != nil {
		t.Fatal(err)
	}
	var back []placement.Failure
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(res.Failures, back); diff != "" {
		t.Errorf("%s comes back as something else (-was +is):\n%s", text, diff)
	}
}

// TestFailureNamesConstraintAsWritten: tasks that say the same in other words each read their own words.
func TestFailureNamesConstraintAsWritten(t *testing.T) {
	offer := placement.Offer{ID: "o", Agent: "a", Resources: resources.MustParse("cpus:4"), Attributes: resources.MustAttributes("gen:2")}
	var tasks []placement.Task
	texts := []string{"gen >= 3.000", "gen>=3", `gen>="3" & unique( rack )`}
	for i, text := range texts {
		tasks = append(tasks, placement.Task{ID: placement.TaskID(fmt.Sprint(i)), Needs: resources.MustQuantities("cpus:1"), Require: constraints.MustParse(text)})
	}
	res, err := placement.Assign([]placement.Offer{offer}, tasks)
	if err != nil || len(res.Failures) != len(texts) {
		t.Fatal(res, err)
	}
	for i, f := range res.Failures {
		if want := (placement.Reason{Cause: placement.CauseConstraint, What: texts[i], Agents: 1}); f.Why.Main() != want {
			t.Errorf("%s: %v", texts[i], f.Why)
		}
	}
}

// TestWrittenOtherwisePlacedAlike: how a requirement is written changes neither where tasks go nor how much is looked at.
func TestWrittenOtherwisePlacedAlike(t *testing.T) {
	var offers []placement.Offer
	for i := range 12 {
		o := agents("cpus:4;mem:9")[0]
		o.ID, o.Agent, o.Attributes = placement.OfferID(fmt.Sprint(i)), placement.AgentID(fmt.Sprint(i)), resources.MustAttributes(fmt.Sprint("rack:r", i%4))
		offers = append(offers, o)
	}
	for plain, other := range map[string]string{"unique(rack)": "unique( rack )", "exclusive": "exclusive()", "balanced(rack,2)": "balanced( rack , 2 )",
		"max_per(rack,2)": `max_per("rack",2)`, "rack=r1 | rack=r2": "(rack=r1)|(rack = r2)", "private(rack)": "private( rack )"} {
		var want placement.Result
		for i, text := range []string{plain, other} {
			var tasks []placement.Task
			for n := range 9 {
				tasks = append(tasks, placement.Task{ID: placement.TaskID(fmt.Sprint(n)), Group: "g", Needs: resources.MustQuantities("cpus:1"), Require: constraints.MustParse(text)})
			}
			res, err := placement.Assign(offers, tasks, placement.WithExplain(0))
			if err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				want = res
			} else if d := cmp.Diff(want, res); d != "" {
				t.Errorf("%s -, %s +:\n%s", plain, other, d)
			}
		}
	}
}
