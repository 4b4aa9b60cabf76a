package workload

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// The text forms of single cells. Each function returns why a text is refused; the caller knows where it stands.

// parseAmount reads a decimal number of at most three decimals. Unlike the general parser of amounts it rounds nothing.
func parseAmount(text string) (resources.Amount, error) {
	whole, fraction, dotted := strings.Cut(text, ".")
	if !digits(whole) || dotted && !digits(fraction) {
		return 0, notANumber(text)
	}
	if len(fraction) > 3 {
		return 0, errors.New("more than three decimals")
	}
	n, err := strconv.ParseInt(whole+fraction+"000"[len(fraction):], 10, 64)
	if err != nil || n > int64(resources.MaxAmount) {
		return 0, fmt.Errorf("too large; the most is %s", resources.MaxAmount)
	}
	return resources.Amount(n), nil
}

// notANumber says why a text is not an amount, as exactly as it can.
func notANumber(text string) error {
	f, err := strconv.ParseFloat(text, 64)
	switch {
	case strings.TrimSpace(text) != text:
		return errors.New("has white space around it")
	case err != nil && !errors.Is(err, strconv.ErrRange):
		return errors.New("is not a number")
	case math.IsNaN(f):
		return errors.New("is not a number that can be an amount")
	case f < 0 || strings.HasPrefix(text, "-"):
		return errors.New("is negative")
	case math.IsInf(f, 0):
		return fmt.Errorf("too large; the most is %s", resources.MaxAmount)
	}
	return errors.New("must be written as digits with up to three decimals, such as 0.5")
}

func digits(text string) bool {
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return text != ""
}

// parseCount reads a whole number from 0 to most.
func parseCount(text string, most int) (int, error) {
	if !digits(text) {
		if err := notANumber(text); strings.Contains(err.Error(), "negative") {
			return 0, err
		}
		return 0, errors.New("is not a whole number")
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n > int64(most) {
		return 0, fmt.Errorf("too large; the most is %d", most)
	}
	return int(n), nil
}

// checkName refuses what could not be told apart, or would garble a terminal or a table.
func checkName(text string) error {
	switch {
	case text == "":
		return errors.New("must not be empty")
	case strings.TrimSpace(text) != text:
		return errors.New("has white space around it")
	case strings.ContainsFunc(text, unicode.IsControl):
		return errors.New("has a control character in it")
	}
	return nil
}

// parseGang reads NAME, NAME:MIN or either followed by :one-agent.
func parseGang(task *placement.Task, text string) error {
	task.Gang, task.GangOneAgent = strings.CutSuffix(text, ":one-agent")
	if name, least, ok := cutLast(task.Gang, ":"); ok {
		n, err := parseCount(least, maxTasks)
		if err != nil {
			return fmt.Errorf("least number %q %w", least, err)
		}
		task.Gang, task.GangMin = name, n
	}
	return checkName(task.Gang)
}

func cutLast(text, sep string) (before, after string, ok bool) {
	if i := strings.LastIndex(text, sep); i >= 0 {
		return text[:i], text[i+len(sep):], true
	}
	return text, "", false
}

// parsePorts reads ranges of port numbers: 31000-31099|8080.
func parsePorts(text string) (resources.Ranges, error) {
	var ranges []resources.Range
	for part := range strings.SplitSeq(text, "|") {
		from, to, isRange := strings.Cut(part, "-")
		if !isRange {
			to = from
		}
		begin, err := parseCount(from, math.MaxUint16)
		if err != nil {
			return resources.Ranges{}, fmt.Errorf("port %q %w", from, err)
		}
		end, err := parseCount(to, math.MaxUint16)
		if err != nil {
			return resources.Ranges{}, fmt.Errorf("port %q %w", to, err)
		}
		if end < begin {
			return resources.Ranges{}, fmt.Errorf("range %s ends before it begins", part)
		}
		ranges = append(ranges, resources.Range{Begin: uint64(begin), End: uint64(end)})
	}
	return resources.NewRanges(ranges...)
}

// maxUnits bounds the devices of one kind that one cell may describe.
const maxUnits = 4096

// parseUnits reads an agent's devices of one kind: 8x1000:V100, or several such joined by |. The
// number after the x is the size of a unit in thousandths.
func parseUnits(kind, text string) ([]placement.Device, error) {
	var units []placement.Device
	for part := range strings.SplitSeq(text, "|") {
		size, model, named := strings.Cut(part, ":")
		if named && model == "" {
			return nil, errors.New("nothing after the colon; a model is wanted there")
		}
		number, capacity, ok := strings.Cut(size, "x")
		if !ok {
			return nil, errors.New("must be written as units x size, such as 8x1000:V100 for eight units of one whole each")
		}
		n, err := parseCount(number, maxUnits)
		if err != nil {
			return nil, fmt.Errorf("number of units %q %w", number, err)
		}
		thousandths, err := parseCount(capacity, int(resources.MaxAmount))
		if err == nil && thousandths == 0 {
			err = errors.New("is zero")
		}
		if err != nil {
			return nil, fmt.Errorf("size %q %w (a whole unit is 1000)", capacity, err)
		}
		for range n {
			c := resources.Amount(thousandths)
			units = append(units, placement.Device{Kind: kind, Model: model, Capacity: c, Free: c})
		}
	}
	if len(units) > maxUnits {
		return nil, fmt.Errorf("too many units; the most is %d", maxUnits)
	}
	return units, nil
}

// parseDevice reads what a task asks of one kind: 2 (whole units) or 0.46 (a share of one), then
// perhaps :V100|A10 for the models that will do. ok is false when it asks for nothing.
func parseDevice(kind, text string) (req placement.DeviceRequest, ok bool, err error) {
	number, list, named := strings.Cut(text, ":")
	amount, err := parseAmount(number)
	if err != nil {
		return req, false, fmt.Errorf("%q %w", number, err)
	}
	req.Kind = kind
	switch {
	case amount < resources.One:
		req.Share = amount
	case amount%resources.One != 0:
		return req, false, errors.New("is more than one unit and not whole; ask for whole units, or for a share of one")
	case amount/resources.One > maxUnits:
		return req, false, fmt.Errorf("too many units; the most is %d", maxUnits)
	default:
		req.Count = int(amount / resources.One)
	}
	if named {
		req.Models, err = parseNames(list, "model")
	}
	return req, amount > 0, err
}

// parseNames reads different names joined by |.
func parseNames(text, what string) ([]string, error) {
	names := strings.Split(text, "|")
	for i, name := range names {
		if err := checkName(name); err != nil {
			return nil, fmt.Errorf("%s %q %w", what, name, err)
		}
		for _, before := range names[:i] {
			if name == before {
				return nil, fmt.Errorf("%s %q is named twice", what, name)
			}
		}
	}
	return names, nil
}

// parseBraces reads {a|b|c}; {} is empty.
func parseBraces(text string) ([]string, error) {
	inner, ok := strings.CutPrefix(text, "{")
	if ok {
		inner, ok = strings.CutSuffix(inner, "}")
	}
	if !ok {
		return nil, errors.New("must be written as {a|b|c}")
	}
	if inner == "" {
		return nil, nil
	}
	return parseNames(inner, "item")
}
