package resources

import (
	"errors"
	"math"
	"testing"
)

func TestAmountOf(t *testing.T) {
	for _, tt := range []struct {
		f    float64
		want Amount
	}{
		{0, 0}, {1.5, 1500}, {1.0005, 1001}, {1.2345, 1235}, {1.5015, 1502}, {1.5011, 1501},
		{4.0005, 4000}, {0.0005, 1}, {0.0004, 0}, {-0.0005, -1}, {-2, -2000},
		{float64(MaxAmount) / 1000, MaxAmount},
	} {
		if got, err := AmountOf(tt.f); err != nil || got != tt.want {
			t.Errorf("AmountOf(%v) = %d, %v; want %d", tt.f, got, err, tt.want)
		}
	}
	for _, f := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), float64(MaxAmount)/1000 + 1, -1e300} {
		if _, err := AmountOf(f); !errors.Is(err, ErrAmount) {
			t.Errorf("AmountOf(%v): %v; want ErrAmount", f, err)
		}
	}
}

func TestAmountText(t *testing.T) {
	for _, tt := range []struct {
		a    Amount
		want string
	}{
		{0, "0"}, {One, "1"}, {1500, "1.5"}, {1, "0.001"}, {-1250, "-1.25"}, {10, "0.01"},
		{MaxAmount, "70368744177.664"}, {math.MinInt64, "-9223372036854775.808"},
	} {
		if got := tt.a.String(); got != tt.want {
			t.Errorf("Amount(%d).String() = %q; want %q", int64(tt.a), got, tt.want)
		}
	}
	for text, want := range map[string]Amount{"1.5": 1500, "-2": -2000, "1e3": 1000 * One, "+.5": 500, "5.": 5 * One} {
		if got, err := ParseAmount(text); err != nil || got != want {
			t.Errorf("ParseAmount(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
	for text, want := range map[string]error{
		"": ErrSyntax, "abc": ErrSyntax, "0x10": ErrSyntax, "nan": ErrSyntax, "inf": ErrSyntax, "1_0": ErrSyntax, "1e400": ErrSyntax, "1e30": ErrAmount,
	} {
		if _, err := ParseAmount(text); !errors.Is(err, want) {
			t.Errorf("ParseAmount(%q): %v; want %v", text, err, want)
		}
	}
	if got := Amount(1900).Whole(); got != 1 {
		t.Errorf("Whole = %d; want 1", got)
	}
}
