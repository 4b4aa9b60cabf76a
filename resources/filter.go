package resources

// Filter returns the entries for which keep is true. It calls keep once for every entry
// in canonical order.
func (r Resources) Filter(keep func(Resource) bool) Resources {
	return r.filter(func(e *entry) bool { return keep(e.resource()) })
}

func (r Resources) filter(keep func(*entry) bool) Resources {
	n := 0
	for n < len(r.e) && keep(&r.e[n]) {
		n++
	}
	if n == len(r.e) {
		return r
	}
	out := r.e[:n:n]
	for i := n + 1; i < len(r.e); i++ {
		if keep(&r.e[i]) {
			out = append(out, r.e[i])
		}
	}
	return Resources{out}
}

// Named returns the resources of that name.
func (r Resources) Named(name string) Resources {
	return r.filter(func(e *entry) bool { return e.res.Name == name })
}

// Scalars returns the resources that are scalars.
func (r Resources) Scalars() Resources {
	return r.filter(func(e *entry) bool { return e.kind == KindScalar })
}

// Reserved returns the resources that are reserved for role, "" meaning any role.
// Nothing is ever reserved for "*".
func (r Resources) Reserved(role string) Resources {
	return r.filter(func(e *entry) bool {
		return len(e.res.Reservations) > 0 && (role == "" || e.res.Role() == role)
	})
}

// Unreserved returns the resources that are not reserved.
func (r Resources) Unreserved() Resources {
	return r.filter(func(e *entry) bool { return len(e.res.Reservations) == 0 })
}

// AllocatableTo returns the resources that may be offered to role: the unreserved ones,
// and those reserved for role or an ancestor of it.
func (r Resources) AllocatableTo(role string) Resources {
	return r.filter(func(e *entry) bool { return e.res.AllocatableTo(role) })
}

// ReservedWithin returns the resources that are reserved for role or a role below it.
func (r Resources) ReservedWithin(role string) Resources {
	return r.filter(func(e *entry) bool {
		return len(e.res.Reservations) > 0 && within(e.res.Role(), role)
	})
}

// AllocatedWithin returns the resources that are allocated to role or a role below it.
func (r Resources) AllocatedWithin(role string) Resources {
	return r.filter(func(e *entry) bool {
		return e.res.AllocatedTo != "" && within(e.res.AllocatedTo, role)
	})
}

func within(role, top string) bool { return role == top || IsStrictSubrole(role, top) }

// Revocable returns the revocable resources.
func (r Resources) Revocable() Resources {
	return r.filter(func(e *entry) bool { return e.res.Revocable })
}

// NonRevocable returns the resources that are not revocable.
func (r Resources) NonRevocable() Resources {
	return r.filter(func(e *entry) bool { return !e.res.Revocable })
}

// Shared returns the shared resources.
func (r Resources) Shared() Resources {
	return r.filter(func(e *entry) bool { return e.res.Shared })
}

// NonShared returns the resources that are not shared.
func (r Resources) NonShared() Resources {
	return r.filter(func(e *entry) bool { return !e.res.Shared })
}

// PersistentVolumes returns the persistent volumes.
func (r Resources) PersistentVolumes() Resources {
	return r.filter(func(e *entry) bool { return e.res.Persistent() })
}
