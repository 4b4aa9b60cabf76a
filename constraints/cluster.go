package constraints

type cluster struct{ by, value string }

// Cluster is Marathon's CLUSTER. With a value it wants the attribute to have it:
// cluster(rack,r1). Without one it wants the value of the first task of the group, or any
// while there is none: cluster(rack). An agent without the attribute is refused, and so is
// every agent while that of the first task has no value. Compare [Same], which accepts the
// value of any task of the group. It scores 1 or 0.
func Cluster(attr, value string) Constraint { return cluster{attr, value} }

func (k cluster) String() string { return call("cluster", k.by, k.value) }

func (k cluster) Reads(group string) Reads {
	if k.value != "" {
		group = ""
	}
	r := readsPeers(group, k.by, group == "") // taking the first task away makes another the first
	r.Agent = k.by == ""
	return r
}

func (k cluster) Judge(c *Candidate) Verdict {
	want := k.value
	if want == "" {
		if c.group == "" {
			return pass(c.placedBy(k.by))
		}
		t := c.Tally(Count{Group: c.group, By: k.by})
		if t.Total+t.Valueless == 0 {
			return pass(c.placedBy(k.by))
		}
		if want = t.First; want == "" {
			return Verdict{}
		}
	}
	if k.by == "" {
		return pass(c.Agent() == want)
	}
	return pass(c.is(k.by, want))
}
