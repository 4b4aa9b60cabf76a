package proptest

import "slices"

// The solver here shares nothing with package placement: hosts and jobs are its own, and so is what every
// rule means. It says how many jobs can be placed at most, and where.

type rule string

// Rules hold among the jobs of one group, all of which have the same.
const (
	inRack     rule = "rack=r1"
	uniqueHost rule = "unique(hostname)"
	uniqueRack rule = "unique(rack)"
	exclusive  rule = "exclusive"
	twoPerRack rule = "max_per(rack,2)"
	apart      rule = "apart(other)"
)

type job struct {
	cpus, mem int
	ports     int // any
	fixed     int // one particular port, from 1 on; 0 is none
	units     int // whole ones
	share     int // hundredths of one unit
	model     string
	group     string
	rule      rule
}

type host struct {
	rack      string
	cpus, mem int
	ports     int // 1..ports
	units     []unit
}

type unit struct {
	model string
	free  int // hundredths
}

type puzzle struct {
	hosts []host
	jobs  []job
}

// seat is where a job goes; units are indices.
type seat struct {
	host  int
	units []int32
}

// solver places as many jobs as possible by branch and bound.
type solver struct {
	puzzle
	seats []seat // job by job; host -1 is nowhere
	best  []seat
	most  int
	// lone[i] are the cpus of jobs i.. in increasing order, for the bound.
	lone [][]int
}

func (p puzzle) solve() (most int, best []seat) {
	s := &solver{puzzle: puzzle{slices.Clone(p.hosts), p.jobs}, most: -1, seats: make([]seat, len(p.jobs))}
	for i := range s.hosts {
		s.hosts[i].units = slices.Clone(s.hosts[i].units)
	}
	for i := range p.jobs {
		var list []int
		for _, j := range p.jobs[i:] {
			list = append(list, j.cpus)
		}
		slices.Sort(list)
		s.lone = append(s.lone, list)
		s.seats[i].host = -1
	}
	s.branch(0, 0)
	return s.most, s.best
}

// bound is how many of the jobs from i on can be placed at most: the smallest ones, as if all hosts were one.
func (s *solver) bound(i int) int {
	free, n := 0, 0
	for _, h := range s.hosts {
		free += h.cpus
	}
	for _, c := range s.lone[i] {
		if free -= c; free < 0 {
			break
		}
		n++
	}
	return n
}

func (s *solver) branch(i, placed int) {
	if placed > s.most {
		s.most, s.best = placed, slices.Clone(s.seats)
	}
	if i == len(s.jobs) || placed+s.bound(i) <= s.most {
		return
	}
	j := s.jobs[i]
	for h := range s.hosts {
		if !s.fits(j, h) {
			continue
		}
		for _, units := range choices(j, s.hosts[h].units) {
			s.seats[i] = seat{h, units}
			s.charge(j, h, units, 1)
			s.branch(i+1, placed+1)
			s.charge(j, h, units, -1)
			s.seats[i] = seat{host: -1}
		}
	}
	s.branch(i+1, placed)
}

func (s *solver) charge(j job, h int, units []int32, sign int) {
	s.hosts[h].cpus -= sign * j.cpus
	s.hosts[h].mem -= sign * j.mem
	for _, u := range units {
		if j.share > 0 {
			s.hosts[h].units[u].free -= sign * j.share
		} else {
			s.hosts[h].units[u].free -= sign * 100
		}
	}
}

// choices are the sets of units that serve a job; one that asks for none is served by none.
func choices(j job, units []unit) [][]int32 {
	switch {
	case j.share == 0 && j.units == 0:
		return [][]int32{nil}
	case j.share > 0:
		var list [][]int32
		for i, u := range units {
			if (j.model == "" || j.model == u.model) && u.free >= j.share {
				list = append(list, []int32{int32(i)})
			}
		}
		return list
	}
	var list [][]int32
next:
	for set := range 1 << len(units) {
		var chosen []int32
		for i, u := range units {
			if set>>i&1 == 0 {
				continue
			}
			if u.free < 100 || (j.model != "" && j.model != u.model) {
				continue next
			}
			chosen = append(chosen, int32(i))
		}
		if len(chosen) == j.units {
			list = append(list, chosen)
		}
	}
	return list
}

// fits says whether a host has room and every rule holds with the job there, units aside.
func (s *solver) fits(j job, h int) bool {
	host := s.hosts[h]
	if j.cpus > host.cpus || j.mem > host.mem || (j.rule == inRack && host.rack != "r1") {
		return false
	}
	ports, fixed := host.ports-j.ports, map[int]bool{j.fixed: true}
	inRack := 0
	for k, at := range s.seats {
		if at.host < 0 {
			continue
		}
		o := s.jobs[k]
		sameHost, sameRack := at.host == h, s.hosts[at.host].rack == host.rack
		if sameHost {
			ports -= o.ports
			if o.fixed > 0 && fixed[o.fixed] {
				return false
			}
			fixed[o.fixed] = true
		}
		switch {
		case sameHost && (j.rule == exclusive || o.rule == exclusive),
			sameHost && (j.rule == apart && o.group == "other" || o.rule == apart && j.group == "other"),
			sameHost && j.rule == uniqueHost && o.group == j.group,
			sameRack && j.rule == uniqueRack && o.group == j.group:
			return false
		}
		if sameRack && o.group == j.group {
			inRack++
		}
	}
	delete(fixed, 0)
	for p := range fixed {
		if p > host.ports {
			return false
		}
	}
	return ports >= len(fixed) && !(j.rule == twoPerRack && inRack >= 2)
}
