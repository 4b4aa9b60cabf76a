package constraintstest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/berth-go/berth/constraints"
)

// Test fails t if c breaks a promise of [constraints.Constraint] in one of many small
// random worlds; see [Check].
func Test(t testing.TB, c constraints.Constraint) {
	t.Helper()
	if err := Check(c); err != nil {
		t.Error(err)
	}
}

// worlds is how many random worlds a constraint is judged in.
const worlds = 300

// Check reports the first promise of [constraints.Constraint] that c is seen to break: that
//
//   - String is not empty, always the same, and means the same if it parses;
//   - Reads is always the same, and Judge looks at nothing it does not declare;
//   - Judge gives the same verdict for the same, with a score from 0 to 1;
//   - OK never turns from false to true by a task that is placed, nor from true to false by one
//     that is taken away, if Reads declares Shrinks;
//   - Forbids, if c is [constraints.Standing], is always the same and names groups.
//
// The worlds have the attributes and groups that c declares. As values, agents and groups
// they use, beside a few others, the words of c.String(), so a constraint that is printed
// with all its operands is tested with them. The worlds are the same in every run.
func Check(c constraints.Constraint) (err error) {
	if c == nil {
		return errors.New("the constraint is nil")
	}
	if err := checkString(c); err != nil {
		return err
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v: panics: %v", c, r)
		}
	}()
	words := wordsOf(c.String())
	said, _ := constraints.ParseOne(c.String()) // nil: a text of its own kind
	for seed := range uint64(worlds) {
		rng := rand.New(rand.NewPCG(seed, 0))
		group := ""
		if rng.IntN(4) > 0 {
			group = pick(rng, groups(words))
		}
		if err := checkDeclared(c, group); err != nil {
			return fmt.Errorf("%v: %w", c, err)
		}
		w := randomWorld(rng, c.Reads(group), words)
		if err := checkWorld(c, said, rng, w, group, words); err != nil {
			return fmt.Errorf("%v: for a task of group %q in random world %d: %w", c, group, seed, err)
		}
	}
	return nil
}

func checkString(c constraints.Constraint) error {
	text := c.String()
	if text == "" {
		return fmt.Errorf("%T: String is empty", c)
	}
	if again := c.String(); again != text {
		return fmt.Errorf("%T: String is %q and then %q", c, text, again)
	}
	return nil
}

func checkDeclared(c constraints.Constraint, group string) error {
	if a, b := c.Reads(group), c.Reads(group); !reflect.DeepEqual(a, b) {
		return fmt.Errorf("Reads(%q) is %v and then %v", group, a, b)
	}
	s, ok := c.(constraints.Standing)
	if !ok {
		return nil
	}
	first := s.Forbids(group)
	if again := s.Forbids(group); !reflect.DeepEqual(first, again) {
		return fmt.Errorf("Forbids(%q) is %v and then %v", group, first, again)
	}
	for _, f := range first {
		if f.Group == "" || f.Above < 0 || f.Group == constraints.AnyGroup && f.Others {
			return fmt.Errorf("Forbids(%q) has %+v, which concerns nobody", group, f)
		}
	}
	return nil
}

// checkWorld judges all agents, then places more tasks and judges again after each. What the constraint's text says, if it
// says anything, must judge alike.
func checkWorld(c, said constraints.Constraint, rng *rand.Rand, w *World, group string, words []string) error {
	shrinks := c.Reads(group).Shrinks
	refused := map[string]bool{}
	for range 5 {
		for _, agent := range w.Agents() {
			v, err := judge(c, w, agent, group, pick(rng, groups(words)))
			if err != nil {
				return fmt.Errorf("on agent %s: %w", agent, err)
			}
			if said != nil && w.Judge(said, agent, group) != v {
				return fmt.Errorf("on agent %s: what String returns parses as a constraint that judges otherwise", agent)
			}
			if v.OK && refused[agent] && shrinks {
				return fmt.Errorf("on agent %s: OK again after a task was placed, though Reads declares Shrinks", agent)
			}
			refused[agent] = !v.OK
			if v.OK && shrinks && len(w.tasks) > 0 && !w.without(rng.IntN(len(w.tasks))).Judge(c, agent, group).OK {
				return fmt.Errorf("on agent %s: no longer OK with a task less, though Reads declares Shrinks", agent)
			}
		}
		arriving := pick(rng, groups(words))
		if rng.IntN(2) == 0 {
			arriving = group
		}
		w.Place(arriving, pick(rng, w.Agents()))
		if w.Pending[arriving] > 0 {
			w.Pending[arriving]--
		}
	}
	return nil
}

// judge judges three times: under watch, again, and for a task of another name.
func judge(c constraints.Constraint, w *World, agent, group, otherTask string) (constraints.Verdict, error) {
	reads := c.Reads(group)
	var violation string
	var candidate constraints.Candidate
	candidate.Reset(Strict(w.Source(agent), reads, func(v string) { violation = v }), "asking", group)
	v := c.Judge(&candidate)
	if violation != "" {
		return v, errors.New(violation)
	}
	if !(v.Score >= 0 && v.Score <= 1) {
		return v, fmt.Errorf("the score is %v", v.Score)
	}
	if candidate.Group() != group || candidate.Task() != "asking" {
		return v, errors.New("Judge changed the candidate")
	}
	if again := w.Judge(c, agent, group); again != v {
		return v, fmt.Errorf("the verdict is %v and then %v", v, again)
	}
	if p, ok := c.(constraints.Peers); ok {
		if err := checkPeers(p, &reads, w, &candidate, v); err != nil {
			return v, err
		}
	}
	if other := c.Judge(w.Candidate(agent, otherTask, group)); other != v && !reads.Task {
		return v, fmt.Errorf("the verdict depends on the task's ID without Reads.Task")
	}
	return v, nil
}

// checkPeers compares the verdict with what the constraint says without a candidate.
func checkPeers(c constraints.Peers, reads *constraints.Reads, w *World, candidate *constraints.Candidate, want constraints.Verdict) error {
	if reads.Agent || reads.Task || reads.Time || len(reads.Attributes) > 1 || len(reads.Counts) > 1 {
		return fmt.Errorf("it implements Peers and reads more: %+v", *reads)
	}
	by := ""
	if len(reads.Attributes) == 1 {
		by = reads.Attributes[0]
	}
	if candidate.Group() == "" {
		if len(reads.Counts) > 0 {
			return fmt.Errorf("it implements Peers and counts %v for a task without a group", reads.Counts)
		}
		return nil
	}
	count := constraints.Count{Group: candidate.Group(), By: by}
	if len(reads.Counts) == 0 || reads.Counts[0] != count {
		return fmt.Errorf("it implements Peers and counts %v, not %v", reads.Counts, count)
	}
	if by != "" {
		if _, ok := candidate.Value(by); !ok {
			if want.OK {
				return fmt.Errorf("it implements Peers and accepts an agent without %s", by)
			}
			return nil
		}
	}
	got := c.JudgePeers(candidate.Count(count), func() constraints.Tally {
		t := candidate.Tally(count)
		t.First = ""
		return t
	})
	if got != want {
		return fmt.Errorf("the verdict is %v, that of JudgePeers %v", want, got)
	}
	return nil
}
