package index_test

import (
	"syscall"
	"time"
	"unsafe"

	"github.com/berth-go/berth/bench/naive"
)

// threadClock is the processor time of the calling thread, which other work on the machine disturbs less than wall time.
func threadClock() naive.Clock {
	const threadCPUTime = 3 // CLOCK_THREAD_CPUTIME_ID
	return func() time.Duration {
		var ts syscall.Timespec
		if _, _, errno := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, threadCPUTime, uintptr(unsafe.Pointer(&ts)), 0); errno != 0 {
			panic(errno)
		}
		return time.Duration(ts.Nano())
	}
}
