package resources

import (
	"fmt"
	"math"
	"strconv"
)

// Amount is a scalar quantity in thousandths: 1.5 CPUs are Amount(1500). It is the
// precision with which Mesos itself compares, adds and subtracts. Use + and - freely:
// [MaxAmount] leaves room for sums over 131,071 amounts.
type Amount int64

const (
	// One is the amount 1.
	One Amount = 1000

	// MaxAmount bounds, on either side of zero, the amounts that [AmountOf],
	// [ParseAmount] and [NewQuantities] accept: about 70 billion.
	MaxAmount Amount = 1 << 46

	// MaxHeld bounds the amount that one [Resource] may hold, which may be a sum of
	// amounts: about a trillion. Up to here every thousandth survives the way through
	// a JSON number, which is a float64.
	MaxHeld Amount = 1 << 50
)

// AmountOf converts f, rounding to the nearest thousandth and halves away from zero.
// As in Mesos the rounding is that of the binary product f*1000, so 1.0005 gives 1.001
// but 4.0005 (which in binary is a little less) gives 4. NaN, infinities and numbers
// beyond [MaxAmount] are refused with [ErrAmount].
func AmountOf(f float64) (Amount, error) { return amountWithin(f, MaxAmount) }

func amountWithin(f float64, limit Amount) (Amount, error) {
	r := math.Round(f * 1000)
	if !(math.Abs(r) <= float64(limit)) { // also catches NaN
		return 0, fmt.Errorf("%w: %v is not a number between -%v and %v", ErrAmount, f, limit, limit)
	}
	return Amount(r), nil
}

// ParseAmount reads a decimal number such as "1.5", "-2" or "1e3" and converts it like
// [AmountOf]. Errors are of type [*ParseError] and wrap [ErrSyntax] or [ErrAmount].
func ParseAmount(text string) (Amount, error) {
	f, ok := parseFloat(text)
	if !ok {
		return 0, &ParseError{What: "amount", Token: text, Err: fmt.Errorf("%w: not a decimal number", ErrSyntax)}
	}
	a, err := AmountOf(f)
	if err != nil {
		return 0, &ParseError{What: "amount", Token: text, Err: err}
	}
	return a, nil
}

// MustAmount is [ParseAmount] for texts known to be good; it panics on others.
func MustAmount(text string) Amount { return must(ParseAmount(text)) }

// parseFloat reads a decimal number, and none of the other things that
// [strconv.ParseFloat] reads: hexadecimal, "inf", "nan", underscores. What is too
// large for a float64 is not a number.
func parseFloat(text string) (float64, bool) {
	for i := range len(text) {
		switch c := text[i]; {
		case '0' <= c && c <= '9', c == '.', c == '+', c == '-', c == 'e', c == 'E':
		default:
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	return f, err == nil
}

// Float64 returns the amount as a floating point number.
func (a Amount) Float64() float64 {
	return float64(a/One) + float64(a%One)/float64(One)
}

// Whole returns the amount in whole units, rounded toward zero, as Mesos reports mem
// and disk.
func (a Amount) Whole() int64 { return int64(a / One) }

// String returns the amount in decimal, exactly and without trailing zeros: "1.5".
func (a Amount) String() string { return string(a.append(nil)) }

func (a Amount) append(b []byte) []byte {
	u := uint64(a)
	if a < 0 {
		b = append(b, '-')
		u = -u
	}
	b = strconv.AppendUint(b, u/1000, 10)
	f := u % 1000
	if f == 0 {
		return b
	}
	b = append(b, '.', byte('0'+f/100))
	if f%100 != 0 {
		b = append(b, byte('0'+f/10%10))
	}
	if f%10 != 0 {
		b = append(b, byte('0'+f%10))
	}
	return b
}

// MarshalText implements [encoding.TextMarshaler] with the form of String.
func (a Amount) MarshalText() ([]byte, error) { return a.append(nil), nil }

// UnmarshalText implements [encoding.TextUnmarshaler] with [ParseAmount].
func (a *Amount) UnmarshalText(text []byte) error {
	v, err := ParseAmount(string(text))
	if err == nil {
		*a = v
	}
	return err
}

// addAmounts is a+b for amounts that are not negative; it stops at the largest int64.
func addAmounts(a, b Amount) Amount {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// countAmount is n units, or the largest amount.
func countAmount(n uint64) Amount {
	if n > math.MaxInt64/uint64(One) {
		return math.MaxInt64
	}
	return Amount(n) * One
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
