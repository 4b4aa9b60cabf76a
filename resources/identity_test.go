package resources

import (
	"bytes"
	"strings"
	"testing"
)

// TestKeysOfStrings: keys are ordered like the strings, those of pairs like the pairs, whatever bytes there are.
func TestKeysOfStrings(t *testing.T) {
	var all []string
	for _, a := range []string{"", "\x00", "\x01", "\x02", "a", "\xff"} {
		for _, b := range []string{"", "\x00", "\x01", "a", "\xff"} {
			for _, c := range []string{"", "\x00", "\x01", "b"} {
				all = append(all, a+b+c)
			}
		}
	}
	key := func(s ...string) (b []byte) {
		for _, x := range s {
			b = appendKeyString(b, x)
		}
		return b
	}
	for i, a := range all {
		for j, b := range all {
			if got, want := bytes.Compare(key(a), key(b)), strings.Compare(a, b); got != want {
				t.Fatalf("the keys of %q and %q compare to %d", a, b, got)
			}
			c, d := all[(7*i+j)%len(all)], all[(i+11*j)%len(all)]
			want := strings.Compare(a, b)
			if want == 0 {
				want = strings.Compare(c, d)
			}
			if got := bytes.Compare(key(a, c), key(b, d)); got != want {
				t.Fatalf("the keys of %q, %q and %q, %q compare to %d", a, c, b, d, got)
			}
		}
	}
}
