//go:build !linux

package main

import "time"

func threadTime() time.Duration  { return wallTime() }
func processTime() time.Duration { return wallTime() }

const clockName = "time on the wall"
