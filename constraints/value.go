package constraints

import (
	"strconv"

	"github.com/berth-go/berth/resources"
)

// ValueText returns the text by which values are compared, which is Marathon's: a text as
// it is, a number with up to three decimals ("1", "0.5"), ranges as "[1-5,9-9]" and a set
// as "{a,b}", both sorted. Unlike in Marathon, ranges that touch are one.
func ValueText(v resources.Value) string {
	if v.Kind() == resources.KindText {
		return v.Text()
	}
	var buf [64]byte
	return string(appendValue(buf[:0], v))
}

func textIs(v resources.Value, want string) bool {
	if v.Kind() == resources.KindText {
		return v.Text() == want
	}
	var buf [64]byte
	return string(appendValue(buf[:0], v)) == want
}

func appendValue(b []byte, v resources.Value) []byte {
	switch v.Kind() {
	case resources.KindScalar:
		return appendAmount(b, v.Amount())
	case resources.KindRanges:
		b = append(b, '[')
		for i := range v.Ranges().Len() {
			if i > 0 {
				b = append(b, ',')
			}
			r := v.Ranges().At(i)
			b = strconv.AppendUint(b, r.Begin, 10)
			b = append(b, '-')
			b = strconv.AppendUint(b, r.End, 10)
		}
		return append(b, ']')
	case resources.KindSet:
		b = append(b, '{')
		for i := range v.Set().Len() {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, v.Set().At(i)...)
		}
		return append(b, '}')
	}
	return append(b, v.Text()...)
}

func appendAmount(b []byte, a resources.Amount) []byte {
	if a < 0 {
		b, a = append(b, '-'), -a
	}
	b = strconv.AppendInt(b, int64(a/resources.One), 10)
	rest := int64(a % resources.One)
	if rest == 0 {
		return b
	}
	b = append(b, '.', byte('0'+rest/100), byte('0'+rest/10%10), byte('0'+rest%10))
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	return b
}
