package workload

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// What an application of Marathon has when it does not say (its REST API, v2).
const (
	marathonCPUs = 1
	marathonMem  = 128
)

// maxJSON bounds a file that is held in memory whole.
const maxJSON = 256 << 20

// marathonApp is what placement needs of an application definition. Other fields are of no matter to it.
type marathonApp struct {
	ID                    string          `json:"id"`
	Instances             *int64          `json:"instances"`
	CPUs                  *float64        `json:"cpus"`
	Mem                   *float64        `json:"mem"`
	Disk                  *float64        `json:"disk"`
	GPUs                  *float64        `json:"gpus"`
	Role                  string          `json:"role"`
	AcceptedResourceRoles []string        `json:"acceptedResourceRoles"`
	Constraints           json.RawMessage `json:"constraints"`
	RequirePorts          bool            `json:"requirePorts"`
	Ports                 []uint16        `json:"ports"` // nil: not given
	PortDefinitions       []struct {
		Port uint16 `json:"port"`
	} `json:"portDefinitions"`
	IPAddress json.RawMessage `json:"ipAddress"`
	Networks  []struct {
		Mode string `json:"mode"`
	} `json:"networks"`
	Container *struct {
		PortMappings []marathonMapping `json:"portMappings"`
		Docker       *struct {
			Network      string            `json:"network"`
			PortMappings []marathonMapping `json:"portMappings"`
		} `json:"docker"`
		Volumes []struct {
			Persistent *struct {
				Size        float64 `json:"size"`
				Type        string  `json:"type"`
				ProfileName string  `json:"profileName"`
			} `json:"persistent"`
		} `json:"volumes"`
	} `json:"container"`
}

type marathonMapping struct {
	HostPort *uint16 `json:"hostPort"`
}

// marathonGroup is a group of applications, or what GET /v2/apps answers.
type marathonGroup struct {
	ID     string            `json:"id"`
	Apps   []marathonApp     `json:"apps"`
	Groups []marathonGroup   `json:"groups"`
	Pods   []json.RawMessage `json:"pods"`
}

func readMarathonFiles(s Source) ([]*Workload, error) {
	fleet, err := openFleet(s.Fleet)
	if err != nil {
		return nil, err
	}
	in, err := open(s.Tasks)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	w := &Workload{Name: s.Tasks, Offers: fleet.offers, fleetFile: s.Fleet, tasksFile: s.Tasks, offerLines: fleet.lines}
	return []*Workload{w}, w.readMarathon(in, s.Limit)
}

// readMarathon reads applications as one may have them in a file: one, an array of them, a group with its groups, or the answer of
// GET /v2/apps. Every instance becomes a task; the instances of an application are a group that its constraints count.
func (w *Workload) readMarathon(r io.Reader, limit int) error {
	text, err := io.ReadAll(io.LimitReader(r, maxJSON+1))
	if err != nil {
		return fileError(w.tasksFile, err)
	}
	if len(text) > maxJSON {
		return &Error{File: w.tasksFile, Why: fmt.Sprintf("is larger than %d MB", maxJSON>>20)}
	}
	root, err := marathonRoot(text)
	if err != nil {
		return w.jsonError(text, err)
	}
	m := marathonReader{w: w, limit: limit, seen: map[string]bool{}}
	if m.limit <= 0 {
		m.limit = maxTasks + 1
	}
	for i := range w.Offers {
		m.roles = m.roles || w.Offers[i].Role != ""
	}
	if err := m.group(root, "/"); err != nil {
		return err
	}
	if len(m.seen) == 0 {
		return &Error{File: w.tasksFile, Why: "has no applications"}
	}
	if m.pods > 0 {
		w.Warnings = append(w.Warnings, fmt.Sprintf("%s: %d pods are left out; only applications are read", w.tasksFile, m.pods))
	}
	if len(m.accepts) > 0 {
		w.Warnings = append(w.Warnings, fmt.Sprintf("%s: acceptedResourceRoles of %s is not looked at: an offer holds only what its role may use",
			w.tasksFile, strings.Join(m.accepts[:min(3, len(m.accepts))], ", ")))
	}
	return nil
}

// marathonRoot makes a group of whatever the file holds.
func marathonRoot(text []byte) (*marathonGroup, error) {
	if !json.Valid(text) {
		var any json.RawMessage
		return nil, json.Unmarshal(text, &any)
	}
	root := &marathonGroup{}
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) {
		return root, json.Unmarshal(text, &root.Apps)
	}
	var keys struct{ Apps, Groups, Pods json.RawMessage }
	if err := json.Unmarshal(text, &keys); err != nil {
		return nil, err
	}
	if keys.Apps != nil || keys.Groups != nil || keys.Pods != nil {
		return root, json.Unmarshal(text, root)
	}
	root.Apps = make([]marathonApp, 1)
	return root, json.Unmarshal(text, &root.Apps[0])
}

// jsonError says where in the file decoding failed.
func (w *Workload) jsonError(text []byte, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	at := int64(-1)
	why := err.Error()
	switch {
	case errors.As(err, &syntax):
		at = max(syntax.Offset-1, 0)
		why = "not JSON: " + why
	case errors.As(err, &kind):
		at = kind.Offset
		why = fmt.Sprintf("%s must not be a %s", kind.Field, kind.Value)
		if kind.Field == "" {
			why = fmt.Sprintf("an application must not be a %s", kind.Value)
		}
	}
	e := &Error{File: w.tasksFile, Why: why}
	if at >= 0 && at <= int64(len(text)) {
		before := text[:at]
		e.Line = 1 + bytes.Count(before, []byte("\n"))
		e.Column = len(before) - bytes.LastIndexByte(before, '\n')
	}
	return e
}

// marathonReader turns applications into tasks.
type marathonReader struct {
	w       *Workload
	limit   int
	roles   bool // the fleet has roles
	seen    map[string]bool
	pods    int
	accepts []string // applications with accepted roles other than all
}

func (m *marathonReader) group(g *marathonGroup, parent string) error {
	path := resolvePath(parent, g.ID)
	m.pods += len(g.Pods)
	for i := range g.Apps {
		a := &g.Apps[i]
		if a.ID == "" {
			return &Error{File: m.w.tasksFile, Why: fmt.Sprintf("application %d of %s has no id", i+1, path)}
		}
		a.ID = resolvePath(path, a.ID)
		if err := m.app(a); err != nil {
			return &Error{File: m.w.tasksFile, Name: "", Text: a.ID, Why: err.Error()}
		}
	}
	for i := range g.Groups {
		if err := m.group(&g.Groups[i], path); err != nil {
			return err
		}
	}
	return nil
}

// resolvePath makes an id absolute.
func resolvePath(parent, id string) string {
	if !strings.HasPrefix(id, "/") {
		id = strings.TrimSuffix(parent, "/") + "/" + id
	}
	if id != "/" {
		id = strings.TrimSuffix(id, "/")
	}
	return id
}

func (m *marathonReader) app(a *marathonApp) error {
	name := strings.TrimPrefix(a.ID, "/")
	if err := checkName(name); err != nil {
		return fmt.Errorf("the id %w", err)
	}
	if m.seen[a.ID] {
		return errors.New("is there twice")
	}
	m.seen[a.ID] = true
	task, err := a.task()
	if err != nil {
		return err
	}
	task.Group = a.ID
	if m.roles && a.Role != "*" {
		task.Role = a.Role
	}
	if len(a.AcceptedResourceRoles) > 0 && !slices.Contains(a.AcceptedResourceRoles, "*") {
		m.accepts = append(m.accepts, a.ID)
	}
	n := int64(1)
	if a.Instances != nil {
		n = *a.Instances
	}
	if n < 0 || n > int64(maxTasks-len(m.w.Tasks)) {
		return fmt.Errorf("%d instances; all applications together may have %d", n, maxTasks)
	}
	for i := range n {
		if len(m.w.Tasks) >= m.limit {
			break
		}
		task.ID = placement.TaskID(name)
		if n > 1 {
			task.ID = placement.TaskID(name + "-" + strconv.FormatInt(i, 10))
		}
		m.w.Tasks = append(m.w.Tasks, task)
	}
	return nil
}

// task is what one instance asks for, without its names.
func (a *marathonApp) task() (t placement.Task, err error) {
	cpus, mem, disk, gpus := float64(marathonCPUs), float64(marathonMem), 0.0, 0.0
	for _, set := range []struct{ to, from *float64 }{{&cpus, a.CPUs}, {&mem, a.Mem}, {&disk, a.Disk}, {&gpus, a.GPUs}} {
		if set.from != nil {
			*set.to = *set.from
		}
	}
	if t.Disks, err = a.disks(&disk); err != nil {
		return t, err
	}
	var needs []resources.Quantity
	for _, n := range []struct {
		name string
		x    float64
	}{{"cpus", cpus}, {"disk", disk}, {"gpus", gpus}, {"mem", mem}} {
		x, err := resources.AmountOf(n.x)
		if err != nil {
			return t, fmt.Errorf("%s: %w", n.name, err)
		}
		needs = append(needs, resources.Quantity{Name: n.name, Amount: x})
	}
	if t.Needs, err = resources.NewQuantities(needs...); err != nil {
		return t, err
	}
	if len(a.Constraints) > 0 && string(a.Constraints) != "null" {
		if t.Require, err = constraints.ParseMarathon(a.Constraints); err != nil {
			return t, fmt.Errorf("constraints: %w", oneLine(err))
		}
	}
	t.Ports.Fixed, t.Ports.Dynamic = a.ports()
	return t, t.Ports.Validate()
}

// oneLine keeps an error that quotes a text of several lines on one.
func oneLine(err error) error {
	if text := err.Error(); strings.ContainsAny(text, "\n\r") {
		return errors.New(strings.Join(strings.Fields(text), " "))
	}
	return err
}

// disks are the persistent volumes: a part of the root disk adds to disk.
func (a *marathonApp) disks(disk *float64) (all []placement.DiskRequest, err error) {
	if a.Container == nil {
		return nil, nil
	}
	for _, v := range a.Container.Volumes {
		p := v.Persistent
		if p == nil {
			continue
		}
		q := placement.DiskRequest{Profile: p.ProfileName}
		if q.Amount, err = resources.AmountOf(p.Size); err != nil || q.Amount <= 0 {
			return nil, fmt.Errorf("a persistent volume of %v MB", p.Size)
		}
		switch p.Type {
		case "", "root":
			*disk += p.Size
			continue
		case "path":
			q.Kind = placement.PathDisk
		case "mount":
			q.Kind = placement.MountDisk
		default:
			return nil, fmt.Errorf("a persistent volume of type %s, which is none of root, path, mount", quote(p.Type))
		}
		all = append(all, q)
	}
	return all, nil
}

// ports are the host ports. On the agent's network every port that is defined is one, dynamic unless requirePorts says that its number
// counts, and one where nothing is said; with port mappings those that have a host port.
func (a *marathonApp) ports() (fixed []uint16, dynamic int) {
	take := func(port uint16, exact bool) {
		if port != 0 && exact {
			fixed = append(fixed, port)
		} else {
			dynamic++
		}
	}
	mappings, ownNetwork := a.mappings()
	switch {
	case mappings != nil:
		for _, p := range mappings {
			switch {
			case p.HostPort != nil:
				take(*p.HostPort, true)
			case !ownNetwork:
				dynamic++ // on a bridge
			}
		}
	case ownNetwork:
	case a.PortDefinitions != nil:
		for _, p := range a.PortDefinitions {
			take(p.Port, a.RequirePorts)
		}
	case a.Ports != nil:
		for _, p := range a.Ports {
			take(p, a.RequirePorts)
		}
	default:
		dynamic = 1
	}
	return fixed, dynamic
}

// mappings are the port mappings, nil without any, and whether the application has an address of its own.
func (a *marathonApp) mappings() (list []marathonMapping, ownNetwork bool) {
	ownNetwork = len(a.IPAddress) > 0 && string(a.IPAddress) != "null"
	for _, n := range a.Networks {
		ownNetwork = ownNetwork || n.Mode == "container"
	}
	if c := a.Container; c != nil {
		list = c.PortMappings
		if d := c.Docker; d != nil {
			ownNetwork = ownNetwork || d.Network == "USER"
			if list == nil {
				list = d.PortMappings
			}
		}
	}
	return list, ownNetwork
}
