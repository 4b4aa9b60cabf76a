package resources

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// oracleOps performs the operations of the oracle. What they return is compared with
// the result by its type; an error stands for error and abort alike.
var oracleOps = map[string]func(a *oracleArgs) (any, error){
	"plus":     func(a *oracleArgs) (any, error) { return a.collection("left").Plus(a.collection("right")), nil },
	"minus":    func(a *oracleArgs) (any, error) { return a.collection("left").Minus(a.collection("right")), nil },
	"contains": func(a *oracleArgs) (any, error) { return a.collection("left").Contains(a.collection("right")), nil },
	"equals":   func(a *oracleArgs) (any, error) { return a.collection("left").Equal(a.collection("right")), nil },
	"overlap":  func(a *oracleArgs) (any, error) { return a.collection("left").Overlaps(a.collection("right")), nil },
	"ancestor": func(a *oracleArgs) (any, error) {
		return CommonAncestor(a.collection("left"), a.collection("right"))
	},
	"containsResource": func(a *oracleArgs) (any, error) {
		x, err := New(a.resource("resource"))
		return err == nil && a.collection("resources").Contains(x), nil
	},
	"count": func(a *oracleArgs) (any, error) {
		return a.collection("resources").Count(a.resource("resource")), nil
	},
	"match": func(a *oracleArgs) (any, error) {
		r, ok := a.collection("resources").Match(a.resource("resource"))
		if !ok {
			return (*Resource)(nil), nil
		}
		return &r, nil
	},
	"resourceEqual": func(a *oracleArgs) (any, error) { return a.resource("left").Equal(a.resource("right")), nil },
	"containsQuantities": func(a *oracleArgs) (any, error) {
		q, err := ParseQuantities(a.text("quantities"))
		return a.collection("resources").ContainsQuantities(q), err
	},
	"find": func(a *oracleArgs) (any, error) {
		return found{a.collection("resources"), a.inserted("resources"), a.inserted("targets")}, nil
	},
	"filter":       oracleFilter,
	"reservations": func(a *oracleArgs) (any, error) { return groups(a.collection("resources").ByReservation()), nil },
	"allocations": func(a *oracleArgs) (any, error) {
		g, err := a.collection("resources").ByAllocation()
		return groups(g), err
	},
	"pushReservation": func(a *oracleArgs) (any, error) {
		var err error
		p := &jsonReader{text: a.raw["reservation"]}
		n, _ := parseJSON(a.raw["reservation"])
		w := p.message(n, &err).reservation()
		a.must(err)
		return a.collection("resources").PushReservation(Reservation{w.role.text, w.kind == reservedDynamic, w.principal, w.labels})
	},
	"popReservation": func(a *oracleArgs) (any, error) { return a.collection("resources").PopReservation() },
	"toUnreserved":   func(a *oracleArgs) (any, error) { return a.collection("resources").ToUnreserved(), nil },
	"allocate":       func(a *oracleArgs) (any, error) { return a.collection("resources").Allocate(a.text("role")), nil },
	"unallocate":     func(a *oracleArgs) (any, error) { return a.collection("resources").Unallocate(), nil },
	"stripped":       func(a *oracleArgs) (any, error) { return stripped(a.collection("resources")), nil },
	"construct":      func(a *oracleArgs) (any, error) { return a.collection("resources"), nil },
	"quantitiesFrom": func(a *oracleArgs) (any, error) { return floats(a.collection("resources").Quantities()), nil },
	"aggregate":      func(a *oracleArgs) (any, error) { return aggregate{a.collection("resources")}, nil },
	"print":          oraclePrint,
	"printResource":  func(a *oracleArgs) (any, error) { return a.list(a.raw["resources"])[0].String(), nil },
	"shrink":         oracleShrink,
	"shrinkQuantities": func(a *oracleArgs) (any, error) {
		return a.collection("resources").ShrinkTo(MustQuantities(a.text("target"))), nil
	},
	"shrinkLimits": func(a *oracleArgs) (any, error) {
		return a.collection("resources").ShrinkWithin(MustLimits(a.text("target"))), nil
	},
	"apply": func(a *oracleArgs) (any, error) {
		op, err := a.operation()
		if err != nil {
			return nil, err
		}
		return a.collection("resources").Apply(op)
	},
	"validate": func(a *oracleArgs) (any, error) {
		var r Resource
		return nil, r.UnmarshalJSON(a.raw["resource"])
	},
	"masterValidate": func(a *oracleArgs) (any, error) { return nil, ValidateResources(a.list(a.raw["resources"])) },
	"singleProvider": func(a *oracleArgs) (any, error) { return nil, validateSingleProvider(a.list(a.raw["resources"])) },
	"opValidate":     oracleValidate,
	"taskResources": func(a *oracleArgs) (any, error) {
		task, _ := a.task()
		return nil, ValidateTask(task)
	},
	"taskAndExecutorResources": func(a *oracleArgs) (any, error) { return nil, ValidateTaskAndExecutor(a.task()) },
	"frameworkValidate": func(a *oracleArgs) (any, error) {
		return nil, a.framework("framework").Validate()
	},
	"frameworkUpdate": func(a *oracleArgs) (any, error) {
		return nil, a.framework("left").ValidateUpdate(a.framework("right"))
	},
	"upgrade":   oracleUpgrade,
	"downgrade": func(a *oracleArgs) (any, error) { return oracleFormat(a, FormatPre) },
	"endpoint":  func(a *oracleArgs) (any, error) { return oracleFormat(a, FormatEndpoint) },
	"isDynamic": func(a *oracleArgs) (any, error) { return a.resource("resource").DynamicallyReserved(), nil },
	"parse": func(a *oracleArgs) (any, error) {
		return Parse(a.text("text"), DefaultRole(a.text("role")))
	},
	"value":           func(a *oracleArgs) (any, error) { return ParseValue(a.text("text")) },
	"attributes":      func(a *oracleArgs) (any, error) { return ParseAttributes(a.text("text")) },
	"attributesEqual": oracleAttributesEqual,
	"attributeText": func(a *oracleArgs) (any, error) {
		attributes, err := ParseAttributes(a.text("text"))
		v, _ := attributes.Get(a.text("name"))
		return v.Text(), err
	},
	"role":       func(a *oracleArgs) (any, error) { return nil, ValidateRole(a.text("role")) },
	"subrole":    func(a *oracleArgs) (any, error) { return IsStrictSubrole(a.text("left"), a.text("right")), nil },
	"ancestors":  func(a *oracleArgs) (any, error) { return RoleAncestors(a.text("role")), nil },
	"rolesParse": func(a *oracleArgs) (any, error) { return ParseRoles(a.text("text")) },
	"quantities": func(a *oracleArgs) (any, error) {
		q, err := ParseQuantities(a.text("text"))
		return floats(q), err
	},
	"limits": func(a *oracleArgs) (any, error) {
		l, err := ParseLimits(a.text("text"))
		return floats(Quantities(l)), err
	},
	"quantitiesPlus": func(a *oracleArgs) (any, error) {
		return floats(MustQuantities(a.text("left")).Plus(MustQuantities(a.text("right")))), nil
	},
	"quantitiesMinus": func(a *oracleArgs) (any, error) {
		return floats(MustQuantities(a.text("left")).Minus(MustQuantities(a.text("right")))), nil
	},
	"quantitiesContains": func(a *oracleArgs) (any, error) {
		return MustQuantities(a.text("left")).Contains(MustQuantities(a.text("right"))), nil
	},
	"repeat": oracleRepeat,
}

func oracleRepeat(a *oracleArgs) (any, error) {
	start := a.collection("resources")
	var n int
	a.must(json.Unmarshal(a.raw["n"], &n))
	r := start
	for range n {
		r = r.Plus(start)
	}
	for range n {
		r = r.Minus(start)
	}
	return r.Equal(start), nil
}

func oracleFilter(a *oracleArgs) (any, error) {
	r, role := a.collection("resources"), a.text("role")
	switch name := a.text("filter"); name {
	case "allocatableTo":
		return r.AllocatableTo(role), nil
	case "reserved":
		return r.Reserved(role), nil
	case "unreserved":
		return r.Unreserved(), nil
	case "revocable":
		return r.Revocable(), nil
	case "nonRevocable":
		return r.NonRevocable(), nil
	case "shared":
		return r.Shared(), nil
	case "nonShared":
		return r.NonShared(), nil
	case "persistentVolumes":
		return r.PersistentVolumes(), nil
	case "scalars":
		return r.Scalars(), nil
	case "get":
		return r.Named(a.text("name")), nil
	case "reservedToRoleSubtree":
		return r.ReservedWithin(role), nil
	case "allocatedToRoleSubtree":
		return r.AllocatedWithin(role), nil
	default:
		return nil, fmt.Errorf("unknown filter %q", name)
	}
}

func oraclePrint(a *oracleArgs) (any, error) {
	r := a.collection("resources")
	var entries printed
	if !r.IsEmpty() {
		entries = strings.Split(r.String(), "; ")
	}
	slices.Sort(entries)
	return entries, nil
}

func oracleShrink(a *oracleArgs) (any, error) {
	target, err := ParseAmount(a.text("target"))
	r, ok := a.resource("resource").Shrink(target)
	return shrunk{&r, ok}, err
}

func oracleAttributesEqual(a *oracleArgs) (any, error) {
	left, err := ParseAttributes(a.text("left"))
	if err != nil {
		return nil, err
	}
	right, err := ParseAttributes(a.text("right"))
	return left.Equal(right), err
}

func groups(list []RoleResources) map[string]Resources {
	out := map[string]Resources{}
	for _, x := range list {
		out[x.Role] = x.Resources
	}
	return out
}

func floats(q Quantities) map[string]float64 {
	out := map[string]float64{}
	for name, a := range q.All() {
		out[name] = a.Float64()
	}
	return out
}

// stripped keeps names and amounts of scalars, and nothing else.
func stripped(r Resources) Resources {
	var list []Resource
	for name, a := range r.Scalars().Quantities().All() {
		list = append(list, Resource{Name: name, Value: ScalarOf(a)})
	}
	return Must(list...)
}
