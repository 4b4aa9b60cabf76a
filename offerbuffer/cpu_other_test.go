//go:build !unix

package offerbuffer

import "time"

func cpuTime() time.Duration { return 0 }
