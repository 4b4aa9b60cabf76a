package resources

import (
	"encoding/json"
	"fmt"
	"slices"
)

// oracleArgs reads arguments; the first failure is kept in err.
type oracleArgs struct {
	raw map[string]json.RawMessage
	err error
}

func (a *oracleArgs) fail(err error) {
	if a.err == nil {
		a.err = err
	}
}

func (a *oracleArgs) has(key string) bool { return a.raw[key] != nil }

func (a *oracleArgs) text(key string) string {
	var s string
	if a.raw[key] != nil {
		a.must(json.Unmarshal(a.raw[key], &s))
	}
	return s
}

func (a *oracleArgs) must(err error) {
	if err != nil {
		a.fail(err)
	}
}

// list reads resources in post format, valid or not.
func (a *oracleArgs) list(raw json.RawMessage) []Resource {
	if raw == nil {
		return nil
	}
	p, list, err := oracleList(raw)
	if err != nil {
		a.fail(err)
		return nil
	}
	var out []Resource
	for _, n := range list {
		w, err := p.resource(n)
		if err == nil && (w.role.set || w.reservation != nil) {
			err = fmt.Errorf("%w: not in post format", ErrFormat)
		}
		if err != nil {
			a.fail(err)
			return nil
		}
		out = append(out, oracleResource(w))
	}
	return out
}

// oracleResource is w, or a resource that is invalid if w is.
func oracleResource(w wireResource) Resource {
	r, err := w.convert()
	if err == nil {
		return r
	}
	if r, err = w.upgrade(); err == nil {
		r.Value, err = w.value(false)
	}
	if err == nil && r.Validate() != nil {
		return r
	}
	r.Name = "" // it cannot be expressed, least of all validly
	return r
}

// collection reads resources; like the original it drops invalid ones.
func (a *oracleArgs) collection(key string) Resources {
	valid := slices.DeleteFunc(a.list(a.raw[key]), func(r Resource) bool { return r.Validate() != nil })
	r, err := New(valid...)
	a.must(err)
	return r
}

func (a *oracleArgs) resource(key string) Resource {
	l := a.list(json.RawMessage("[" + string(a.raw[key]) + "]"))
	if len(l) == 0 {
		return Resource{}
	}
	return l[0]
}

func (a *oracleArgs) task() (task, executor []Resource) {
	var t struct {
		Resources json.RawMessage
		Executor  struct{ Resources json.RawMessage }
	}
	a.must(json.Unmarshal(a.raw["task"], &t))
	return a.list(t.Resources), a.list(t.Executor.Resources)
}

func (a *oracleArgs) framework(key string) *Framework {
	if !a.has(key) {
		return nil
	}
	var m struct {
		ID           struct{ Value string }
		User         string
		Principal    *string
		Role         *string
		Roles        []string
		Checkpoint   bool
		Capabilities []struct{ Type string }
	}
	a.must(json.Unmarshal(a.raw[key], &m))
	f := &Framework{ID: m.ID.Value, User: m.User, Principal: optionalOf(m.Principal), Role: optionalOf(m.Role), Roles: m.Roles, Checkpoint: m.Checkpoint}
	for _, c := range m.Capabilities {
		switch c.Type {
		case "MULTI_ROLE":
			f.MultiRole = true
		case "SHARED_RESOURCES":
			f.SharedResources = true
		}
	}
	return f
}

func optionalOf(s *string) Optional {
	if s == nil {
		return Optional{}
	}
	return Some(*s)
}

func oracleValidate(a *oracleArgs) (any, error) {
	op, err := a.operation()
	if err != nil {
		return nil, err
	}
	ctx := OperationContext{Framework: a.framework("framework"), Checkpointed: a.collection("checkpointed"), Used: a.collection("used")}
	if a.has("principal") {
		ctx.Principal = Some(a.text("principal"))
	}
	var caps []struct{ Type string }
	a.must(json.Unmarshal(a.raw["agentCapabilities"], &caps))
	for _, c := range caps {
		switch c.Type {
		case "HIERARCHICAL_ROLE":
			ctx.Agent.HierarchicalRole = true
		case "RESERVATION_REFINEMENT":
			ctx.Agent.ReservationRefinement = true
		case "RESIZE_VOLUME":
			ctx.Agent.ResizeVolume = true
		}
	}
	return nil, ValidateOperation(op, ctx)
}

func (a *oracleArgs) operation() (Operation, error) {
	type list struct{ Resources, Source, Volumes json.RawMessage }
	var m struct {
		Type               string
		Reserve, Unreserve list
		Create, Destroy    list
		Grow               struct{ Volume, Addition json.RawMessage }                    `json:"grow_volume"`
		Shrink             struct{ Volume, Subtract json.RawMessage }                    `json:"shrink_volume"`
		CreateDisk         struct{ Source, Target_type, Target_profile json.RawMessage } `json:"create_disk"`
		DestroyDisk        struct{ Source json.RawMessage }                              `json:"destroy_disk"`
	}
	if err := json.Unmarshal(a.raw["operation"], &m); err != nil {
		return nil, err
	}
	one := func(raw json.RawMessage) Resource {
		l := a.list(json.RawMessage("[" + string(raw) + "]"))
		if len(l) == 0 {
			return Resource{}
		}
		return l[0]
	}
	switch m.Type {
	case "RESERVE":
		return Reserve{a.list(m.Reserve.Resources), a.list(m.Reserve.Source)}, nil
	case "UNRESERVE":
		return Unreserve{a.list(m.Unreserve.Resources)}, nil
	case "CREATE":
		return Create{a.list(m.Create.Volumes)}, nil
	case "DESTROY":
		return Destroy{a.list(m.Destroy.Volumes)}, nil
	case "GROW_VOLUME":
		return GrowVolume{one(m.Grow.Volume), one(m.Grow.Addition)}, nil
	case "SHRINK_VOLUME":
		var s struct{ Value float64 }
		a.must(json.Unmarshal(m.Shrink.Subtract, &s))
		amount, err := AmountOf(s.Value)
		return ShrinkVolume{one(m.Shrink.Volume), amount}, err
	case "CREATE_DISK":
		op := CreateDisk{Source: one(m.CreateDisk.Source)}
		var kind string
		a.must(json.Unmarshal(m.CreateDisk.Target_type, &kind))
		op.Target = DiskType(max(0, slices.Index(diskTypeNames[:], kind)))
		if m.CreateDisk.Target_profile != nil {
			var s string
			a.must(json.Unmarshal(m.CreateDisk.Target_profile, &s))
			op.TargetProfile = Some(s)
		}
		return op, nil
	case "DESTROY_DISK":
		return DestroyDisk{one(m.DestroyDisk.Source)}, nil
	}
	return nil, nil
}
