//go:build unix

package offerbuffer

import (
	"syscall"
	"time"
)

// cpuTime is what the process has used so far, garbage collection included: unlike the time of day it does not
// depend on what else the machine does.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
