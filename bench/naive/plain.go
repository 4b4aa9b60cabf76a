package naive

import "math"

func fits(row, need []int64) bool {
	row = row[:len(need)]
	for j, n := range need {
		if row[j] < n {
			return false
		}
	}
	return true
}

func (f *Fleet) firstPlain(need []int64) int32 {
	for b, o := 0, 0; o < len(f.free); b, o = b+1, o+f.cols {
		if fits(f.free[o:o+f.cols], need) {
			return int32(b)
		}
	}
	return -1
}

func (f *Fleet) linearPlain(need []int64) int32 {
	best, top := int32(-1), math.Inf(-1)
	for b, o := 0, 0; o < len(f.free); b, o = b+1, o+f.cols {
		row := f.free[o : o+f.cols]
		if !fits(row, need) {
			continue
		}
		s := 0.0
		for j, n := range need {
			s -= float64(float64(row[j]-n) * linearWeights[j&15])
		}
		if s > top {
			best, top = int32(b), s
		}
	}
	return best
}

func (f *Fleet) dominantPlain(need []int64) int32 {
	best, top := int32(-1), math.Inf(-1)
	for b, o := 0, 0; o < len(f.free); b, o = b+1, o+f.cols {
		row, inv := f.free[o:o+f.cols], f.inv[o:o+f.cols]
		if !fits(row, need) {
			continue
		}
		worst := 0.0
		for j, n := range need {
			if s := float64(row[j]-n) * inv[j]; s > worst {
				worst = s
			}
		}
		if -worst > top {
			best, top = int32(b), -worst
		}
	}
	return best
}

func (f *Fleet) meanPlain(need []int64) int32 {
	best, top := int32(-1), math.Inf(-1)
	for b, o := 0, 0; o < len(f.free); b, o = b+1, o+f.cols {
		row, inv := f.free[o:o+f.cols], f.inv[o:o+f.cols]
		if !fits(row, need) {
			continue
		}
		s := 0.0
		for j, n := range need {
			s -= float64(float64(row[j]-n) * inv[j])
		}
		if s > top {
			best, top = int32(b), s
		}
	}
	return best
}
