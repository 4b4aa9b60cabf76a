package main

import (
	"errors"
	"fmt"
)

// The exit statuses. They are part of what the command promises; --help lists them.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2   // as most commands do
	exitInterrupted = 130 // as shells report a process ended by Ctrl-C
)

// exitHelp is what --help says of them.
const exitHelp = `
Exit status: 0 if all went well, 1 if something failed (a file cannot be read or written, its contents are wrong,
no packer, workload, format or order has that name, a packer broke its contract, a trace does not replay), 2 if
the command line is wrong, 130 after Ctrl-C, which prints what was done so far.
`

// errInterrupted ends a command whose context ended. What was done so far has been printed.
var errInterrupted = errors.New("interrupted; this is what was done so far")

// usageError is about the command line.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// exitStatus is the status that an error ends the process with.
func exitStatus(err error) int {
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errInterrupted):
		return exitInterrupted
	case errors.As(err, &usage):
		return exitUsage
	}
	return exitFailed
}
