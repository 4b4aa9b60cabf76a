package proptest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"testing"

	"github.com/leanovate/gopter/gen"

	"github.com/berth-go/berth/placement"
)

// TestValid: whatever the packer, the result is valid, and its pieces, too: so amounts that fit a column
// can always be cut into pieces.
func TestValid(t *testing.T) {
	for _, p := range packers() {
		t.Run(p.name, func(t *testing.T) {
			law(t, 160, func(s scenario, order uint8) string {
				_, wrong := s.assign(p.new(), placement.WithBudget(p.budget), placement.WithOrder(placement.Order(order)))
				return wrong
			}, scenarios(rich), gen.UInt8Range(0, uint8(placement.DRF)))
			law(t, 60, func(s scenario) string {
				_, wrong := s.assign(p.new(), placement.WithBudget(p.budget))
				return wrong
			}, scenarios(ruled))
		})
	}
}

// TestPanic: a packer that panics, wherever, makes an error that says so, and no result.
func TestPanic(t *testing.T) {
	law(t, 100, func(s scenario, after uint8) string {
		in := s.input()
		left := int(after)
		res, err := placement.Assign(in.Offers, in.Tasks, in.Options(placement.WithPacker(placement.PackerFunc(func(r *placement.Round) {
			for t := range r.Pending() {
				if left--; left < 0 {
					panic("enough")
				}
				if b, ok := r.First(t); ok {
					r.Place(t, b)
				}
			}
			panic("at the end")
		})))...)
		switch {
		case len(in.Tasks) == 0:
			return "" // a packer is not even asked
		case !errors.Is(err, placement.ErrPolicy):
			return fmt.Sprintf("the error is %v", err)
		case !reflect.DeepEqual(res, placement.Result{}):
			return "there is a result"
		}
		return ""
	}, scenarios(rich), gen.UInt8Range(0, 30))
}

// TestSame: same input, same seed, same bytes, whatever the number of processors.
func TestSame(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, p := range packers() {
		t.Run(p.name, func(t *testing.T) {
			law(t, 60, func(s scenario) string {
				var results [2]placement.Result
				var texts [2][]byte
				for i, processors := range []int{1, 4} {
					runtime.GOMAXPROCS(processors)
					var wrong string
					if results[i], wrong = s.assign(p.new(), placement.WithBudget(p.budget), placement.WithOrder(placement.Shuffled), placement.WithWorkers(processors)); wrong != "" {
						return wrong
					}
					texts[i] = render(results[i])
				}
				if !bytes.Equal(texts[0], texts[1]) {
					return fmt.Sprintf("%s\n%s", texts[0], texts[1])
				}
				if !reflect.DeepEqual(results[0], results[1]) {
					return "two results print alike but are not"
				}
				return ""
			}, scenarios(rich))
		})
	}
}

// render writes a result out in full.
func render(res placement.Result) []byte {
	var b bytes.Buffer
	for _, a := range res.Assignments {
		fmt.Fprintf(&b, "%q on %q %q %q: ports %v, devices %+v, revocable %v, order %d, pieces %v", a.Task, a.Agent, a.Role, a.Offers, a.Ports, a.Devices, a.Revocable, a.Order, a.Pieces)
		for _, g := range a.Items {
			fmt.Fprintf(&b, ", %s %q %v", g.Name, g.Items, g.Disk)
		}
		b.WriteByte('\n')
	}
	for _, f := range res.Failures {
		why, _ := json.Marshal(f.Why)
		fmt.Fprintf(&b, "%q failed: %s\n", f.Task, why)
	}
	fmt.Fprintf(&b, "%v %+v\n", res.Truncated, res.Stats)
	return b.Bytes()
}

// TestStopped: results of rounds that a budget or a context ended are valid, too.
func TestStopped(t *testing.T) {
	for _, p := range packers() {
		t.Run(p.name, func(t *testing.T) {
			law(t, 60, func(s scenario, budget int64) string {
				a, wrong := s.assign(p.new(), placement.WithBudget(budget))
				if wrong != "" {
					return wrong
				}
				if b, _ := s.assign(p.new(), placement.WithBudget(budget)); !reflect.DeepEqual(a, b) {
					return "the same budget gives two results"
				}
				in := s.input()
				res, err := placement.AssignContext(&ending{context.Background(), budget}, in.Offers, in.Tasks, in.Options(placement.WithPacker(p.new()))...)
				if err == nil {
					err = in.Verify(res)
				}
				if err != nil {
					return err.Error()
				}
				return ""
			}, scenarios(rich), gen.Int64Range(1, 80))
		})
	}
}

// ending is a context that ends when it was asked some times whether it did.
type ending struct {
	context.Context
	after int64
}

func (e *ending) Err() error {
	if e.after--; e.after < 0 {
		return context.DeadlineExceeded
	}
	return nil
}
