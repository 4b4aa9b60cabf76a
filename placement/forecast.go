package placement

import "encoding/binary"

// forecast is a workload in the terms of a round: what packers that look ahead work with. Of what a
// task asks for it knows scalars, the number of ports and device units; port numbers, set items and disks are taken to fit.
type forecast struct {
	types    []taskType
	requests []DeviceRequest // distinct ones of all types
	// accept says, per request and make of units, whether the request accepts it. See acceptance.
	accept [][]bool
	tags   map[string]int32
	makes  int    // how many makes accept knows of
	judged []byte // per kit: 1 by devices, 2 by scalars; see scalarsOnly
}

// taskType is one expected shape.
type taskType struct {
	weight float64 // all sum to 1
	role   int32
	// need has a row for each variant of the shape, without what devices add to it.
	need     [][]int64
	requests []int32 // positions in forecast.requests
}

// weighed is a shape and how often it is expected.
type weighed struct {
	shape  *shape
	weight float64
}

func newForecast(r *Round, shapes []weighed) *forecast {
	f := &forecast{tags: map[string]int32{}}
	sum := 0.0
	for _, w := range shapes {
		sum += w.weight
	}
	for _, w := range shapes {
		t := taskType{weight: w.weight / sum, role: w.shape.role}
		for v := range w.shape.variants {
			row := make([]int64, r.stride)
			copy(row, w.shape.need[v])
			for i, c := range r.columns {
				if c.sort == deviceColumn {
					row[i] = 0
				}
			}
			t.need = append(t.need, row)
		}
		for i := range w.shape.devices {
			t.requests = append(t.requests, f.request(&w.shape.devices[i]))
		}
		f.types = append(f.types, t)
	}
	return f
}

// request interns a request.
func (f *forecast) request(q *DeviceRequest) int32 {
	for i := range f.requests {
		if sameRequest(&f.requests[i], q) {
			return int32(i)
		}
	}
	f.requests = append(f.requests, *q)
	f.accept = append(f.accept, nil)
	if _, ok := f.tags[q.Tag]; !ok && q.Tag != "" {
		f.tags[q.Tag] = int32(len(f.tags) + 1)
	}
	return int32(len(f.requests) - 1)
}

func sameRequest(a, b *DeviceRequest) bool {
	if a.Kind != b.Kind || a.Count != b.Count || a.Share != b.Share || a.Tag != b.Tag || len(a.Models) != len(b.Models) {
		return false
	}
	for i := range a.Models {
		if a.Models[i] != b.Models[i] {
			return false
		}
	}
	return true
}

// acceptance brings accept up to the makes known.
func (f *forecast) acceptance(makes []unitMake) {
	if f.makes == len(makes) {
		return
	}
	f.makes = len(makes)
	for i := range f.requests {
		for m := len(f.accept[i]); m < len(makes); m++ {
			u := unit{kind: makes[m].kind, model: makes[m].model}
			f.accept[i] = append(f.accept[i], u.accepts(&f.requests[i]))
		}
	}
}

// lock is what keeps expected sharers away from a unit: 0 nothing, or the tag they must have, plus one where it is of
// those expected; others are all alike.
func (f *forecast) lock(users int32, tag string) int32 {
	if users == 0 || tag == "" {
		return 0
	}
	if l, ok := f.tags[tag]; ok {
		return l
	}
	return int32(len(f.tags) + 1)
}

func (f *forecast) lockOf(q *DeviceRequest) int32 { return f.lock(1, q.Tag) }

// fits says whether the type's scalars fit.
func (t *taskType) fits(s *binState) bool {
	if t.role != anyRole && t.role != s.kit.roleID {
		return false
	}
	for _, need := range t.need {
		if covers(s.row, need) {
			return true
		}
	}
	return false
}

func (u *unitState) part() float64 { return float64(u.left) / float64(u.size) }

func (u *unitState) room(q *DeviceRequest, lock int32) bool {
	if q.Count > 0 {
		return u.idle()
	}
	return u.left >= int64(q.Share) && (u.lock == lock || u.idle())
}

// scalarsOnly says that a bin is judged by its scalars: it has no units that any expected task asks for.
func (f *forecast) scalarsOnly(s *binState) bool {
	for int(s.kit.id) >= len(f.judged) {
		f.judged = append(f.judged, 0)
	}
	j := &f.judged[s.kit.id]
	if *j == 0 {
		*j = 1 + flag(f.noneAsked(s))
	}
	return *j == 2
}

func (f *forecast) noneAsked(s *binState) bool {
	for i := range f.requests {
		for j := range s.units {
			if f.accept[i][s.units[j].make] {
				return false
			}
		}
	}
	return true
}

// scale turns the scalars that expected tasks ask for into parts of the largest bin's, such that those of
// a bin which is the largest in all sum to 1. Other columns get 0.
func (f *forecast) scale(r *Round) []float64 {
	scale := make([]float64, r.stride)
	for c, top := range r.largest() {
		scale[c] = float64(top)
	}
	used := 0
	for c := range scale {
		if !f.asked(c) {
			scale[c] = 0
		}
		if scale[c] > 0 {
			used++
		}
	}
	for c, most := range scale {
		if most > 0 {
			scale[c] = 1 / (most * float64(used))
		}
	}
	return scale
}

// asked says whether an expected task draws on a column.
func (f *forecast) asked(c int) bool {
	for i := range f.types {
		for _, need := range f.types[i].need {
			if need[c] > 0 {
				return true
			}
		}
	}
	return false
}

// appendScaled appends what is left in the columns that have a scale.
func appendScaled(key []byte, s *binState, scale []float64) []byte {
	for c := range scale {
		if scale[c] > 0 {
			key = binary.AppendVarint(key, s.row[c])
		}
	}
	return key
}
