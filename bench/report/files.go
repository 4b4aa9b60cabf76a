package report

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/berth-go/berth/placement"
)

// WriteJSON writes one comparison as an object, several as an array of objects.
func WriteJSON(w io.Writer, all []*Comparison) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if len(all) == 1 {
		return e.Encode(all[0])
	}
	return e.Encode(all)
}

// WriteAssignments writes where every task went: comma separated values with the columns packer,
// task, agent, ports, devices.
func WriteAssignments(w io.Writer, c *Comparison) error {
	out := csv.NewWriter(w)
	out.Write([]string{"packer", "task", "agent", "ports", "devices"})
	for _, r := range c.Results {
		for i := range r.Assignments {
			a := &r.Assignments[i]
			out.Write([]string{r.Packer, string(a.Task), string(a.Agent), PortsText(a.Ports), DevicesText(a.Devices)})
		}
	}
	out.Flush()
	return out.Error()
}

// PortsText writes ports as ranges: 31000-31001|31005-31005.
func PortsText(ports []uint16) string {
	ports = slices.Sorted(slices.Values(ports))
	var b strings.Builder
	for i := 0; i < len(ports); {
		j := i
		for j+1 < len(ports) && ports[j+1] == ports[j]+1 {
			j++
		}
		if i > 0 {
			b.WriteByte('|')
		}
		b.WriteString(strconv.Itoa(int(ports[i])) + "-" + strconv.Itoa(int(ports[j])))
		i = j + 1
	}
	return b.String()
}

// DevicesText writes the units a task got, gpu:0+1 or gpu:3@0.46 for a share of one, a kind after
// the other.
func DevicesText(grants []placement.DeviceGrant) string {
	var parts []string
	for _, g := range grants {
		units := make([]string, len(g.Units))
		for i, u := range g.Units {
			units[i] = strconv.Itoa(u)
		}
		text := g.Kind + ":" + strings.Join(units, "+")
		if !g.Whole {
			text += "@" + g.Share.String()
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}
