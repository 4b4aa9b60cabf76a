package placement

// Keep returns what was made for the key before, or makes it: a place for what a packer works out
// once and wants to find again when its Pack is called the next time on the same [Round], for the next priority or, in
// an engine, in the next round. A [Ranking] may be kept; what depends on which tasks are pending
// may not. The key is compared with ==, and is best a pointer that only the packer has.
func (r *Round) Keep(key any, make func() any) any {
	if v, ok := r.kept[key]; ok {
		return v
	}
	v := make()
	if r.kept == nil {
		r.kept = map[any]any{}
	}
	r.kept[key] = v
	return v
}
