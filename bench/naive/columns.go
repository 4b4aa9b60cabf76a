package naive

import "math"

func (f *Fleet) firstColumns(n *[4]int64) int32 {
	c0, c1, c2, c3 := f.column[0], f.column[1], f.column[2], f.column[3]
	c1, c2, c3 = c1[:len(c0)], c2[:len(c0)], c3[:len(c0)]
	n0, n1, n2, n3 := n[0], n[1], n[2], n[3]
	for b, f0 := range c0 {
		if f0 >= n0 && c1[b] >= n1 && c2[b] >= n2 && c3[b] >= n3 {
			return int32(b)
		}
	}
	return -1
}

func (f *Fleet) linearColumns(n *[4]int64) int32 {
	best, top := int32(-1), math.Inf(-1)
	c0, c1, c2, c3 := f.column[0], f.column[1], f.column[2], f.column[3]
	c1, c2, c3 = c1[:len(c0)], c2[:len(c0)], c3[:len(c0)]
	n0, n1, n2, n3 := n[0], n[1], n[2], n[3]
	w0, w1, w2, w3 := linearWeights[0], linearWeights[1], linearWeights[2], linearWeights[3]
	for b, f0 := range c0 {
		if f0 < n0 || c1[b] < n1 || c2[b] < n2 || c3[b] < n3 {
			continue
		}
		s := 0.0
		s -= float64(float64(f0-n0) * w0)
		s -= float64(float64(c1[b]-n1) * w1)
		s -= float64(float64(c2[b]-n2) * w2)
		s -= float64(float64(c3[b]-n3) * w3)
		if s > top {
			best, top = int32(b), s
		}
	}
	return best
}

func (f *Fleet) dominantColumns(n *[4]int64) int32 {
	best, top := int32(-1), math.Inf(-1)
	c0, c1, c2, c3 := f.column[0], f.column[1], f.column[2], f.column[3]
	c1, c2, c3 = c1[:len(c0)], c2[:len(c0)], c3[:len(c0)]
	n0, n1, n2, n3 := n[0], n[1], n[2], n[3]
	i0, i1, i2, i3 := f.inverse[0], f.inverse[1], f.inverse[2], f.inverse[3]
	i0, i1, i2, i3 = i0[:len(c0)], i1[:len(c0)], i2[:len(c0)], i3[:len(c0)]
	for b, f0 := range c0 {
		if f0 < n0 || c1[b] < n1 || c2[b] < n2 || c3[b] < n3 {
			continue
		}
		worst := 0.0
		if s := float64(f0-n0) * i0[b]; s > worst {
			worst = s
		}
		if s := float64(c1[b]-n1) * i1[b]; s > worst {
			worst = s
		}
		if s := float64(c2[b]-n2) * i2[b]; s > worst {
			worst = s
		}
		if s := float64(c3[b]-n3) * i3[b]; s > worst {
			worst = s
		}
		if -worst > top {
			best, top = int32(b), -worst
		}
	}
	return best
}

func (f *Fleet) meanColumns(n *[4]int64) int32 {
	best, top := int32(-1), math.Inf(-1)
	c0, c1, c2, c3 := f.column[0], f.column[1], f.column[2], f.column[3]
	c1, c2, c3 = c1[:len(c0)], c2[:len(c0)], c3[:len(c0)]
	n0, n1, n2, n3 := n[0], n[1], n[2], n[3]
	i0, i1, i2, i3 := f.inverse[0], f.inverse[1], f.inverse[2], f.inverse[3]
	i0, i1, i2, i3 = i0[:len(c0)], i1[:len(c0)], i2[:len(c0)], i3[:len(c0)]
	for b, f0 := range c0 {
		if f0 < n0 || c1[b] < n1 || c2[b] < n2 || c3[b] < n3 {
			continue
		}
		s := 0.0
		s -= float64(float64(f0-n0) * i0[b])
		s -= float64(float64(c1[b]-n1) * i1[b])
		s -= float64(float64(c2[b]-n2) * i2[b])
		s -= float64(float64(c3[b]-n3) * i3[b])
		if s > top {
			best, top = int32(b), s
		}
	}
	return best
}
