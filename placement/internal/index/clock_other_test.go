//go:build !linux

package index_test

import "github.com/berth-go/berth/bench/naive"

func threadClock() naive.Clock { return naive.WallClock() }
