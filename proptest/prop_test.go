package proptest

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/prop"
)

var long = os.Getenv("BERTH_LONG") == "1"

// scale makes a number of cases fit the mode of the run: about a tenth with -short, fifty times with BERTH_LONG=1.
func scale(n int) int {
	switch {
	case long:
		return 50 * n
	case testing.Short():
		return max(n/10, 5)
	}
	return n
}

func seedOf(t *testing.T) int64 {
	switch text := os.Getenv("GOPTER_SEED"); text {
	case "":
		return 1
	case "random":
		return time.Now().UnixNano()
	default:
		seed, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			t.Fatalf("GOPTER_SEED is neither a number nor random: %v", err)
		}
		return seed
	}
}

// law tests that a condition holds for about n cases. The condition takes what the generators make, and returns
// what is wrong, or nothing.
func law(t *testing.T, n int, condition any, gens ...gopter.Gen) {
	t.Helper()
	if err := broken(seedOf(t), scale(n), condition, gens...); err != "" {
		t.Errorf("%s\nto repeat: GOPTER_SEED=%d go test ./proptest -run '^%s$'", err, seedOf(t), strings.ReplaceAll(t.Name(), "/", "$/^"))
	}
}

// broken runs a law and says how it is broken.
func broken(seed int64, n int, condition any, gens ...gopter.Gen) string {
	parameters := gopter.DefaultTestParametersWithSeed(seed)
	parameters.MinSuccessfulTests = n
	parameters.MaxShrinkCount = 300
	result := prop.ForAll(condition, gens...).Check(parameters)
	if result.Passed() {
		return ""
	}
	var b strings.Builder
	b.WriteString(result.Status.String() + " after " + strconv.Itoa(result.Succeeded) + " cases")
	if result.Error != nil {
		b.WriteString(": " + result.Error.Error() + "\n" + string(result.ErrorStack))
	}
	for _, label := range result.Labels {
		b.WriteString("\n" + label)
	}
	for i, arg := range result.Args {
		b.WriteString("\nargument " + strconv.Itoa(i) + ": " + arg.ArgFormatted)
	}
	return b.String()
}

// TestLawsBreak checks that a law that does not hold fails, shrinks and repeats.
func TestLawsBreak(t *testing.T) {
	few := func(s scenario) string {
		if n := len(s.input().Tasks); n >= 3 {
			return "there are " + strconv.Itoa(n) + " tasks"
		}
		return ""
	}
	got := broken(5, 100, few, scenarios(rich))
	if !strings.Contains(got, "there are 3 tasks") {
		t.Errorf("not shrunk to three tasks: %s", got)
	}
	if !strings.Contains(got, "in := placementtest.Input{Offers: []placement.Offer{") {
		t.Errorf("no Go code to paste: %s", got)
	}
	if again := broken(5, 100, few, scenarios(rich)); again != got {
		t.Errorf("the same seed gives %s and %s", got, again)
	}
	if got := broken(5, 10, func(s scenario) string { panic("at the " + "disco") }, scenarios(rich)); !strings.Contains(got, "disco") {
		t.Errorf("a panic gives %q", got)
	}
	if got := broken(5, 10, func(s scenario) string { return "" }, scenarios(rich)); got != "" {
		t.Errorf("a law that holds gives %q", got)
	}
}
