package ports

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ErrPolicy is wrapped by the errors of [Policy.UnmarshalText].
var ErrPolicy = errors.New("bad port policy")

// MarshalText implements [encoding.TextMarshaler]. The text says everything, for [AvoidRecent] the limit
// of the list and what is in it, the latest use last: "avoidrecent(1024;8000,8001)".
func (p Policy) MarshalText() ([]byte, error) {
	text := []byte(p.String())
	if p.kind != avoidRecent {
		return text, nil
	}
	text = strconv.AppendInt(append(text, '('), int64(p.recent.limit), 10)
	for i, port := range p.recent.ports {
		text = append(text, ";,"[min(i, 1)])
		text = strconv.AppendUint(text, uint64(port), 10)
	}
	return append(text, ')'), nil
}

// UnmarshalText implements [encoding.TextUnmarshaler]. It reads what [Policy.MarshalText] writes; the empty
// text is [LowestFirst]. Errors wrap [ErrPolicy].
func (p *Policy) UnmarshalText(text []byte) error {
	name, rest, open := strings.Cut(string(text), "(")
	inside, closed := strings.CutSuffix(rest, ")")
	if open != closed {
		return fmt.Errorf("%w: %.80q: parentheses do not match", ErrPolicy, text)
	}
	switch {
	case !open && (name == "" || name == "lowest"):
		*p = LowestFirst()
	case !open && name == "bestfit":
		*p = BestFit()
	case open && name == "random":
		seed, err := strconv.ParseUint(inside, 10, 64)
		if err != nil {
			return fmt.Errorf("%w: %.80q: the seed is no whole number", ErrPolicy, text)
		}
		*p = Random(seed)
	case open && name == "avoidrecent":
		recent, err := parseRecent(inside)
		if err != nil {
			return fmt.Errorf("%w: %.80q: %w", ErrPolicy, text, err)
		}
		*p = AvoidRecent(recent)
	default:
		return fmt.Errorf("%w: %.80q is none of lowest, random(SEED), bestfit, avoidrecent(LIMIT;PORT,PORT…)", ErrPolicy, text)
	}
	return nil
}

func parseRecent(text string) (Recent, error) {
	first, list, some := strings.Cut(text, ";")
	limit, err := strconv.Atoi(first)
	if err != nil || limit < 0 {
		return Recent{}, errors.New("the limit is no whole number")
	}
	recent := NewRecent(limit)
	if !some {
		return recent, nil
	}
	var used []uint16
	for word := range strings.SplitSeq(list, ",") {
		port, err := strconv.ParseUint(word, 10, 16)
		if err != nil {
			return Recent{}, fmt.Errorf("%.20q is no port", word)
		}
		used = append(used, uint16(port))
	}
	read := recent.Use(used...)
	if read.Len() != len(used) {
		return Recent{}, errors.New("more ports than the limit, or one twice")
	}
	return read, nil
}
