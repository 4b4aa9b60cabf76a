package ports

import (
	"slices"

	"github.com/berth-go/berth/resources"
)

// Fits reports whether [Take] would succeed, under any policy. It does not allocate. It is
// linear in the number of intervals of free and of req.Within, and usually stops at the
// first.
func Fits(free resources.Ranges, req Request) bool {
	if len(req.Fixed) > few {
		return fitsMany(free, &req)
	}
	for i, p := range req.Fixed {
		if !free.Has(uint64(p)) || !req.allows(p) || slices.Contains(req.Fixed[:i], p) {
			return false
		}
	}
	return enough(free, &req, holes{few: req.Fixed})
}

// Take takes the ports of a request out of free, all or none. On success taken holds
// req.Fixed in the order asked, followed by the dynamic ports in ascending order, and rest
// is free without them. Otherwise taken is nil, rest is free itself and ok is false. The
// zero Request succeeds with no ports.
//
// The same arguments always give the same answer. Numbers above 65535 in free are never
// taken and stay in rest; port 0 can be asked for but is never handed out as a dynamic
// port. The caller owns taken.
func Take(free resources.Ranges, req Request, p Policy) (taken []uint16, rest resources.Ranges, ok bool) {
	if !Fits(free, req) {
		return nil, free, false
	}
	if req.IsZero() {
		return nil, free, true
	}
	taken = make([]uint16, 0, req.Count())
	taken = append(taken, req.Fixed...)
	if req.Dynamic > 0 {
		var fixed portSet
		for _, f := range req.Fixed {
			fixed.add(f)
		}
		taken = p.pick(taken, free, &req, holes{many: &fixed})
		slices.Sort(taken[len(req.Fixed):])
	}
	return taken, without(free, taken), true
}

func fitsMany(free resources.Ranges, req *Request) bool {
	var taken portSet
	for _, p := range req.Fixed {
		if !free.Has(uint64(p)) || !req.allows(p) || !taken.add(p) {
			return false
		}
	}
	return enough(free, req, holes{many: &taken})
}

// enough reports whether the dynamic ports can be had beside those taken.
func enough(free resources.Ranges, req *Request, taken holes) bool {
	if req.Dynamic <= 0 {
		return req.Dynamic == 0
	}
	missing := req.Dynamic
	walk := blocksOf(free, req, taken)
	for b, ok := walk.next(); ok; b, ok = walk.next() {
		if b.size() >= missing {
			return true
		}
		if !req.Contiguous {
			missing -= b.size()
		}
	}
	return false
}

func without(free resources.Ranges, taken []uint16) resources.Ranges {
	var runs []resources.Range
	for _, p := range taken {
		n := uint64(p)
		if k := len(runs); k > 0 && runs[k-1].End+1 == n {
			runs[k-1].End = n
			continue
		}
		runs = append(runs, resources.Range{Begin: n, End: n})
	}
	gone, err := resources.NewRanges(runs...)
	if err != nil { // cannot be: every run has begin <= end
		return free
	}
	return free.Minus(gone)
}

func appendRun(ports []uint16, begin, n int) []uint16 {
	for p := begin; p < begin+n; p++ {
		ports = append(ports, uint16(p))
	}
	return ports
}
