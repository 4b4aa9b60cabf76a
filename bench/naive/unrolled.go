package naive

import "math"

func (f *Fleet) firstUnrolled(n *[4]int64) int32 {
	n0, n1, n2, n3 := n[0], n[1], n[2], n[3]
	free := f.free
	for b := 0; len(free) >= 4; b, free = b+1, free[4:] {
		if free[0] >= n0 && free[1] >= n1 && free[2] >= n2 && free[3] >= n3 {
			return int32(b)
		}
	}
	return -1
}

func (f *Fleet) linearUnrolled(n *[4]int64) int32 {
	best, top := int32(-1), math.Inf(-1)
	w0, w1, w2, w3 := linearWeights[0], linearWeights[1], linearWeights[2], linearWeights[3]
	free := f.free
	for b, o := 0, 0; o+4 <= len(free); b, o = b+1, o+4 {
		row := (*[4]int64)(free[o : o+4])
		if row[0] < n[0] || row[1] < n[1] || row[2] < n[2] || row[3] < n[3] {
			continue
		}
		s := 0.0
		s -= float64(float64(row[0]-n[0]) * w0)
		s -= float64(float64(row[1]-n[1]) * w1)
		s -= float64(float64(row[2]-n[2]) * w2)
		s -= float64(float64(row[3]-n[3]) * w3)
		if s > top {
			best, top = int32(b), s
		}
	}
	return best
}

func (f *Fleet) dominantUnrolled(n *[4]int64) int32 {
	best, top := int32(-1), math.Inf(-1)
	free, inv := f.free, f.inv[:len(f.free)]
	for b, o := 0, 0; o+4 <= len(free); b, o = b+1, o+4 {
		row := (*[4]int64)(free[o : o+4])
		if row[0] < n[0] || row[1] < n[1] || row[2] < n[2] || row[3] < n[3] {
			continue
		}
		r := (*[4]float64)(inv[o : o+4])
		worst := 0.0
		if s := float64(row[0]-n[0]) * r[0]; s > worst {
			worst = s
		}
		if s := float64(row[1]-n[1]) * r[1]; s > worst {
			worst = s
		}
		if s := float64(row[2]-n[2]) * r[2]; s > worst {
			worst = s
		}
		if s := float64(row[3]-n[3]) * r[3]; s > worst {
			worst = s
		}
		if -worst > top {
			best, top = int32(b), -worst
		}
	}
	return best
}

func (f *Fleet) meanUnrolled(n *[4]int64) int32 {
	best, top := int32(-1), math.Inf(-1)
	free, inv := f.free, f.inv[:len(f.free)]
	for b, o := 0, 0; o+4 <= len(free); b, o = b+1, o+4 {
		row := (*[4]int64)(free[o : o+4])
		if row[0] < n[0] || row[1] < n[1] || row[2] < n[2] || row[3] < n[3] {
			continue
		}
		r := (*[4]float64)(inv[o : o+4])
		s := 0.0
		s -= float64(float64(row[0]-n[0]) * r[0])
		s -= float64(float64(row[1]-n[1]) * r[1])
		s -= float64(float64(row[2]-n[2]) * r[2])
		s -= float64(float64(row[3]-n[3]) * r[3])
		if s > top {
			best, top = int32(b), s
		}
	}
	return best
}
