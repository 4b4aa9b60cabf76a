package placement

import (
	"fmt"
	"strings"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/ports"
)

func describePorts(q ports.Request) string {
	var parts []string
	if len(q.Fixed) > 0 {
		parts = append(parts, strings.Trim(fmt.Sprint(q.Fixed), "[]"))
	}
	if q.Dynamic > 0 {
		text := fmt.Sprintf("any %d", q.Dynamic)
		if q.Contiguous {
			text = fmt.Sprintf("%d in a row", q.Dynamic)
		}
		parts = append(parts, text)
	}
	text := strings.Join(parts, " and ")
	if !q.Within.IsEmpty() {
		text += " within " + q.Within.String()
	}
	return text
}

func describeDevices(q *DeviceRequest) string {
	text := fmt.Sprintf("%d whole %s", q.Count, q.Kind)
	if q.Count == 0 {
		text = fmt.Sprintf("%s of one %s", q.Share, q.Kind)
	}
	if len(q.Models) > 0 {
		text += " of " + strings.Join(q.Models, "|")
	}
	if q.Tag != "" {
		text += " beside " + q.Tag
	}
	return text
}

func describeSet(q *SetRequest) string {
	switch {
	case len(q.Items) == 0:
		return fmt.Sprintf("any %d of %s", q.Count, q.Name)
	case q.Count == 0:
		return fmt.Sprintf("%s of %s", strings.Join(q.Items, ","), q.Name)
	}
	return fmt.Sprintf("%s and any %d of %s", strings.Join(q.Items, ","), q.Count, q.Name)
}

func describeDisk(q *DiskRequest) string {
	text := q.Kind.String()
	if q.ID != "" {
		text += " " + q.ID
	}
	if q.Amount > 0 {
		text += fmt.Sprintf(" of %s MB", q.Amount)
	}
	if q.Root != "" {
		text += " at " + q.Root
	}
	if q.Profile != "" {
		text += " with profile " + q.Profile
	}
	return text
}

func describeForbid(v *veto) string {
	whom := "tasks of group " + v.forbid.Group
	switch {
	case v.forbid.Group == constraints.AnyGroup:
		whom = "all others"
	case v.forbid.Others:
		whom = "tasks not of group " + v.forbid.Group
	}
	if v.forbid.By == "" {
		return whom
	}
	return whom + " with the same " + v.forbid.By
}
