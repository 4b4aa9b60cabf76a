package constraints

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// ParseMarathon reads constraints as Marathon's applications hold them:
// [["rack","GROUP_BY","3"],["hostname","UNIQUE"]]. The operators are UNIQUE, CLUSTER,
// GROUP_BY, LIKE, UNLIKE, MAX_PER and IS, with the meaning Marathon gives them. An error is
// a [*ParseError] with a position in the JSON. It refuses what Marathon refuses on
// submission, and in addition a MAX_PER or a GROUP_BY below 1; a GROUP_BY without a value
// is the dynamic one.
func ParseMarathon(data []byte) ([]Constraint, error) {
	m := &marathon{text: string(data), dec: json.NewDecoder(bytes.NewReader(data))}
	var list []Constraint
	if err := m.delim('[', "an array of constraints"); err != nil {
		return nil, err
	}
	for m.dec.More() {
		c, err := m.constraint()
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	if err := m.delim(']', "the end of the array"); err != nil {
		return nil, err
	}
	if at := m.start(); m.text[at:] != "" {
		return nil, errorAt(m.text, at, fmt.Errorf("%w: nothing is expected after the array", ErrSyntax))
	}
	return list, nil
}

type marathon struct {
	text string
	dec  *json.Decoder
}

// start is where the next token starts.
func (m *marathon) start() int {
	at := int(m.dec.InputOffset())
	return at + len(m.text[at:]) - len(strings.TrimLeft(m.text[at:], " \t\r\n,"))
}

func (m *marathon) token(wanted string) (json.Token, int, error) {
	at := m.start()
	t, err := m.dec.Token()
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = fmt.Errorf("%s expected at the end", wanted)
	}
	if err != nil {
		return nil, at, errorAt(m.text, at, fmt.Errorf("%w: %v", ErrSyntax, err))
	}
	return t, at, nil
}

func (m *marathon) delim(d json.Delim, wanted string) error {
	t, at, err := m.token(wanted)
	if err == nil && t != d {
		err = errorAt(m.text, at, fmt.Errorf("%w: %s expected", ErrSyntax, wanted))
	}
	return err
}

// constraint reads one array of two or three strings.
func (m *marathon) constraint() (Constraint, error) {
	if err := m.delim('[', "an array: field, operator and perhaps a value"); err != nil {
		return nil, err
	}
	var parts [3]string
	var at [3]int
	n := 0
	for ; m.dec.More(); n++ {
		t, pos, err := m.token("a string")
		if err != nil {
			return nil, err
		}
		text, isText := t.(string)
		if !isText || n == len(parts) {
			return nil, errorAt(m.text, pos, fmt.Errorf("%w: a constraint has two or three strings", ErrSyntax))
		}
		parts[n], at[n] = text, pos
	}
	end := m.start()
	if err := m.delim(']', "the end of the constraint"); err != nil {
		return nil, err
	}
	if n < 2 {
		return nil, errorAt(m.text, end, fmt.Errorf("%w: a constraint has two or three strings", ErrSyntax))
	}
	if parts[0] == "" {
		return nil, errorAt(m.text, at[0], misuse("a field without a name"))
	}
	c, wrong, err := fromMarathon(parts[0], parts[1], parts[2])
	if err != nil {
		return nil, errorAt(m.text, max(at[wrong], at[1]), err)
	}
	return c, nil
}

// fromMarathon also returns which of the three parts is to blame for an error.
func fromMarathon(field, operator, value string) (c Constraint, wrong int, err error) {
	const operatorPart, valuePart = 1, 2
	switch operator {
	case "UNIQUE":
		if value != "" {
			return nil, valuePart, misuse("UNIQUE takes no value")
		}
		return Unique(field), 0, nil
	case "CLUSTER":
		return Cluster(field, value), 0, nil
	case "GROUP_BY":
		if value == "" {
			c, err = GroupBy(field, 0)
			return c, valuePart, err
		}
		n, err := parseInt(value)
		if err == nil && n == 0 {
			err = misuse("tasks cannot be spread over 0 values")
		}
		if err == nil {
			c, err = GroupBy(field, n)
		}
		return c, valuePart, err
	case "MAX_PER":
		n, err := parseInt(value)
		if err == nil {
			c, err = MaxPer(field, n)
		}
		return c, valuePart, err
	case "LIKE":
		c, err = Like(field, value)
		return c, valuePart, err
	case "UNLIKE":
		c, err = Unlike(field, value)
		return c, valuePart, err
	case "IS":
		if strings.Trim(value, isCharacters) != "" {
			return nil, valuePart, misuse("IS takes letters, digits and _ / . - only, not %q", value)
		}
		return Is(field, value), 0, nil
	}
	return nil, operatorPart, misuse("no operator is called %q", operator)
}

const isCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/.-"
