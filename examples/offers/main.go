// Command offers is a complete Mesos framework without a Mesos: a script of offers, rescinds, tasks and time goes through an
// offer buffer, an engine and the conversions of mesosv1, and the calls that would be sent are printed as JSON.
//
//	go run ./examples/offers
//
// To make it a real framework, feed the events of mesos-go to framework.receive in place of the script, and send what
// framework.send prints. See offerbuffer.Run for a driver with a clock.
package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "offers:", err)
		os.Exit(1)
	}
}

// run plays the script. Between its lines, time jumps to whenever the buffer has something to do.
func run(out io.Writer) error {
	f, err := newFramework(out)
	if err != nil {
		return err
	}
	start := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for _, line := range script {
		at := start.Add(line.at)
		for due, ok := f.buffer.Next(); ok && due.Before(at); due, ok = f.buffer.Next() {
			if err := f.step(due); err != nil {
				return err
			}
		}
		f.now = at
		fmt.Fprintf(out, "\n%s %s\n", at.Format("15:04:05"), line.text)
		line.do(f)
		if err := f.step(at); err != nil {
			return err
		}
	}
	s := f.buffer.Stats()
	fmt.Fprintf(out, "\n%d offers: %d used, %d declined, %d rescinded, %d void, %d held\n",
		s.Added, s.Used, s.Declined, s.Rescinded, s.Void, s.Held)
	return nil
}
