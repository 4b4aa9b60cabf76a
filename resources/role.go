package resources

import (
	"fmt"
	"strings"
)

// ValidateRole reports what is wrong with role as the name of a role, nil if nothing.
// "*" is valid and means no role in particular. Other names are components separated
// by '/'; no component is empty, ".", ".." or "*", begins with '-', or holds
// a blank, a tab or another ASCII space or a delete character. Errors wrap [ErrRole].
func ValidateRole(role string) error {
	if role == "*" {
		return nil
	}
	if role == "" {
		return fmt.Errorf("%w: empty", ErrRole)
	}
	bad := func(why string) error { return fmt.Errorf("%w: %q %s", ErrRole, role, why) }
	switch {
	case role[0] == '/':
		return bad("begins with a slash")
	case role[len(role)-1] == '/':
		return bad("ends with a slash")
	case strings.Contains(role, "//"):
		return bad("has two slashes side by side")
	}
	for c := range strings.SplitSeq(role, "/") {
		switch {
		case c == ".", c == "..", c == "*":
			return bad("has the component " + c)
		case c[0] == '-':
			return bad("has a component that begins with a dash")
		case strings.ContainsAny(c, "\t\n\v\f\r \x7f"):
			return bad("holds white space or a delete character")
		}
	}
	return nil
}

// IsStrictSubrole reports whether role is below parent in the hierarchy: "a/b" and
// "a/b/c" are below "a", "a" itself and "ab" are not.
func IsStrictSubrole(role, parent string) bool {
	return len(role) > len(parent) && role[len(parent)] == '/' && role[:len(parent)] == parent
}

// RoleAncestors returns the roles above role, nearest first: for "a/b/c" these are
// "a/b" and "a".
func RoleAncestors(role string) []string {
	var out []string
	for {
		i := strings.LastIndexByte(role, '/')
		if i < 0 {
			return out
		}
		role = role[:i]
		out = append(out, role)
	}
}

// ParseRoles reads role names separated by commas. Empty parts are skipped; every name
// must be valid. Errors are of type [*ParseError] and wrap [ErrRole].
func ParseRoles(text string) ([]string, error) {
	var out []string
	for t := range tokens(text, ",") {
		if err := ValidateRole(t.text); err != nil {
			return nil, &ParseError{What: "roles", Token: t.text, Offset: t.at, Err: err}
		}
		out = append(out, t.text)
	}
	return out, nil
}
