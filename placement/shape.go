package placement

import (
	"encoding/binary"

	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

const (
	anyRole  = -1
	noSuch   = -2 // a role that no bin has
	variants = 2
)

// shape is all that the capacity check reads of a task. Tasks of one shape fit the same bins. Where there are many, reading one is waiting for
// memory, so that what most questions need is kept small, and the rest elsewhere.
type shape struct {
	role  int32
	tasks int32
	// row is the number of the first of its need rows among those of all shapes.
	row      int32
	variants int8
	// plain says that the rows decide; otherwise the requests of the rest are looked at too. Bare says that nothing else is taken.
	plain, bare bool
	revocable   [variants]bool
	*asks
}

// asks is the rest of a shape.
type asks struct {
	needs      resources.Quantities
	allocation string
	policy     RevocablePolicy
	// need has one row a variant: regular, or revocable, or revocable and then regular.
	need [variants][]int64
	// missing says that the row asks for a name that has no column: nothing can fit.
	missing [variants]bool
	ports   ports.Request
	nports  int
	devices []DeviceRequest
	// whole is what each of devices adds to the need row.
	whole []int64
	sets  []SetRequest
	disks []DiskRequest
}

// shaper interns shapes.
type shaper struct {
	fleet  *fleet
	shapes []shape
	byKey  map[string]int32
	key    []byte
	rows   int32
	lately []lately // of tasks that ask for scalars alone
	// chunks hold the need rows of all shapes, by their numbers.
	chunks [][]int64
}

const (
	chunkBits = 8
	chunkRows = 1 << chunkBits
)

// needRow is a need row by its number.
func (s *shaper) needRow(row int32) []int64 {
	stride := s.fleet.stride
	i := int(row&(chunkRows-1)) * stride
	return s.chunks[row>>chunkBits][i : i+stride]
}

// nextRow is the next need row, of zeros.
func (s *shaper) nextRow() []int64 {
	if int(s.rows)>>chunkBits == len(s.chunks) {
		s.chunks = append(s.chunks, make([]int64, chunkRows*s.fleet.stride))
	}
	s.rows++
	return s.needRow(s.rows - 1)
}

func newShaper(f *fleet) *shaper {
	return &shaper{fleet: f, byKey: map[string]int32{}}
}

// fewShapes are found by their keys, more by what their tasks need.
const fewShapes = 8

// of returns the shape of a task.
func (s *shaper) of(t *Task) int32 {
	if !t.Ports.IsZero() || len(t.Devices)+len(t.Sets)+len(t.Disks) > 0 {
		return s.byTask(t)
	}
	return s.ofScalars(t, t.Role, t.Revocable)
}

// ofScalars is of for a task that asks for scalars alone, of that role and sort.
func (s *shaper) ofScalars(t *Task, role string, sort RevocablePolicy) int32 {
	if s.lately == nil {
		if len(s.shapes) < fewShapes {
			return s.byTask(t)
		}
		s.lately = make([]lately, latelyKept)
	}
	hash, _ := hashNeeds(&t.Needs)
	l := &s.lately[hash%latelyKept]
	if l.hash == hash && l.id > 0 {
		if sh := &s.shapes[l.id-1]; sh.allocation == role && sh.policy == sort && sh.needs.Equal(t.Needs) {
			sh.tasks++
			return l.id - 1
		}
	}
	*l = lately{hash, s.byTask(t) + 1}
	return l.id - 1
}

// byTask is of by all that the task asks for.
func (s *shaper) byTask(t *Task) int32 {
	s.key = appendShapeKey(s.key[:0], t)
	if id, ok := s.byKey[string(s.key)]; ok {
		s.shapes[id].tasks++
		return id
	}
	id := int32(len(s.shapes))
	s.byKey[string(s.key)] = id
	row := s.rows
	s.shapes = append(s.shapes, s.fleet.newShape(t, s.nextRow))
	s.shapes[id].row = row
	return id
}

// appendShapeKey writes every field of the task that the capacity check reads, so that equal keys
// mean equal shapes.
func appendShapeKey(k []byte, t *Task) []byte {
	text := func(s string) { k = append(binary.AppendUvarint(k, uint64(len(s))), s...) }
	number := func(n int64) { k = binary.AppendVarint(k, n) }
	text(t.Role)
	k = append(k, byte(t.Revocable))
	number(int64(t.Needs.Len()))
	for i := range t.Needs.Len() {
		q := t.Needs.At(i)
		text(q.Name)
		number(int64(q.Amount))
	}
	number(int64(t.Ports.Dynamic))
	if !t.Ports.IsZero() {
		number(int64(len(t.Ports.Fixed)))
		for _, p := range t.Ports.Fixed {
			number(int64(p))
		}
		k = append(k, flag(t.Ports.Contiguous))
		number(int64(t.Ports.Within.Len()))
		for r := range t.Ports.Within.All() {
			k = binary.AppendUvarint(binary.AppendUvarint(k, r.Begin), r.End)
		}
	}
	if len(t.Devices)+len(t.Sets)+len(t.Disks) == 0 {
		return k
	}
	number(int64(len(t.Devices)))
	for i := range t.Devices {
		d := &t.Devices[i]
		text(d.Kind)
		number(int64(d.Count))
		number(int64(d.Share))
		text(d.Tag)
		number(int64(len(d.Models)))
		for _, m := range d.Models {
			text(m)
		}
	}
	number(int64(len(t.Sets)))
	for i := range t.Sets {
		text(t.Sets[i].Name)
		number(int64(t.Sets[i].Count))
		number(int64(len(t.Sets[i].Items)))
		for _, item := range t.Sets[i].Items {
			text(item)
		}
	}
	number(int64(len(t.Disks)))
	for i := range t.Disks {
		d := &t.Disks[i]
		k = append(k, byte(d.Kind))
		number(int64(d.Amount))
		text(d.ID)
		text(d.Root)
		text(d.Profile)
	}
	return k
}

func flag(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// looseRow is a need row that is not among those of all shapes.
func (f *fleet) looseRow() []int64 { return make([]int64, f.stride) }

// newShape is the shape of a task, with need rows made by row.
func (f *fleet) newShape(t *Task, row func() []int64) shape {
	s := shape{role: anyRole, tasks: 1, asks: &asks{
		needs: t.Needs, allocation: t.Role, policy: t.Revocable,
		ports: t.Ports, nports: t.Ports.Count(), devices: t.Devices, sets: t.Sets, disks: t.Disks,
	}}
	if t.Role != "" {
		role, ok := f.roles[t.Role]
		if !ok {
			role = noSuch
		}
		s.role = role
	}
	for i := range t.Devices {
		s.whole = append(s.whole, f.deviceNeed(&t.Devices[i]))
	}
	sorts := [variants]bool{t.Revocable != Never, false}
	s.variants = 1
	if t.Revocable == Prefer {
		s.variants = 2
	}
	for v := range int(s.variants) {
		s.revocable[v] = sorts[v]
		s.need[v] = row()
		s.missing[v] = f.needRow(s.need[v], t, s.whole, sorts[v])
	}
	s.plain = len(t.Devices)+len(t.Sets)+len(t.Disks) == 0 && len(t.Ports.Fixed) == 0 && !t.Ports.Contiguous && t.Ports.Within.IsEmpty()
	s.bare = s.plain && s.nports == 0
	return s
}

// needRow makes a row of zeros what a task of the shape draws from a bin, column by column. For whole devices of
// several capacities it is the least that they can amount to: the units taken decide.
func (f *fleet) needRow(row []int64, t *Task, whole []int64, revocable bool) (missing bool) {
	for name, amount := range t.Needs.All() {
		if c, ok := f.colIndex[scalarColumn(name, revocable)]; ok {
			row[c] = int64(amount)
		} else {
			missing = true
			row[f.stride-1] = int64(resources.MaxAmount)
		}
	}
	for i := range t.Devices {
		if c, ok := f.colIndex[column{t.Devices[i].Kind, deviceColumn}]; ok {
			row[c] += whole[i]
		}
	}
	row[f.stride-1] += int64(t.Ports.Count())
	return missing
}

// fit returns the first variant of the shape that bin b has room for, or -1. It allocates nothing
// (but for tasks of several disks, see chooseDisks).
func (f *fleet) fit(s *shape, b int32) int8 {
	v := f.fitRow(s, b)
	if v >= 0 && !s.plain && !f.fitItems(s, b) {
		return -1
	}
	return v
}

// fitRow is fit as far as rows can tell.
func (f *fleet) fitRow(s *shape, b int32) int8 {
	if !s.goesTo(f.homes[b].role) {
		return -1
	}
	free := f.freeRow(b)
	for v := range s.variants {
		if covers(free, s.need[v]) {
			return v
		}
	}
	return -1
}

// goesTo says whether tasks of the shape may use bins of the role.
func (s *shape) goesTo(role int32) bool {
	return s.role == role || (s.role == anyRole && role != deadRole)
}

func covers(free, need []int64) bool {
	need = need[:len(free)]
	for i, have := range free {
		if need[i] > have {
			return false
		}
	}
	return true
}

// fitItems is the part of the check that no row can answer.
func (f *fleet) fitItems(s *shape, b int32) bool {
	return (len(s.devices) == 0 || f.bins[b].hasUnits(s.devices)) && f.fitOthers(s, b)
}

// fitOthers is fitItems but for devices.
func (f *fleet) fitOthers(s *shape, b int32) bool {
	bn := &f.bins[b]
	if s.nports > 0 && !ports.Fits(f.ports[b], s.ports) {
		return false
	}
	for i := range s.sets {
		if !bn.hasItems(&s.sets[i]) {
			return false
		}
	}
	if len(s.disks) > 0 {
		var choice [maxRequests]int32
		return bn.chooseDisks(s.disks, &choice)
	}
	return true
}
