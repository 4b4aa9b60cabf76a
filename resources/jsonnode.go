package resources

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// node is a part of a JSON document, and where it stands. Mesos messages need what
// encoding/json does not offer: exact names, presence, 64 bit integers, and positions.
type node struct {
	at, end int
	value   any // nil, bool, json.Number, string, []node, or []field
}

type field struct {
	name string
	node node
}

// maxDepth bounds the nesting of documents; messages need less than ten levels.
const maxDepth = 100

// parseJSON reads one document.
func parseJSON(text []byte) (node, error) {
	p := jsonReader{text: text, dec: json.NewDecoder(bytes.NewReader(text))}
	p.dec.UseNumber()
	n, err := p.node(0)
	if err == nil {
		at := p.next()
		if _, extra := p.dec.Token(); extra != io.EOF {
			err = p.fail(node{at: at, end: len(text)}, fmt.Errorf("%w: something follows the document", ErrSyntax))
		}
	}
	return n, err
}

type jsonReader struct {
	text []byte
	dec  *json.Decoder
}

func (p *jsonReader) fail(n node, err error) error {
	return &ParseError{What: "JSON", Token: string(p.text[min(n.at, len(p.text)):min(n.end, len(p.text))]), Offset: n.at, Err: err}
}

// next returns where the next token begins.
func (p *jsonReader) next() int {
	at := int(p.dec.InputOffset())
	for at < len(p.text) && strings.IndexByte(" \t\r\n,:", p.text[at]) >= 0 {
		at++
	}
	return at
}

func (p *jsonReader) node(depth int) (node, error) {
	n := node{at: p.next()}
	tok, err := p.dec.Token()
	n.end = int(p.dec.InputOffset())
	switch {
	case err != nil:
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		n.end = min(len(p.text), max(n.end, n.at+1))
		return n, p.fail(n, fmt.Errorf("%w: %w", ErrSyntax, err))
	case depth > maxDepth:
		return n, p.fail(n, fmt.Errorf("%w: nested too deeply", ErrSyntax))
	case tok == json.Delim('['):
		list := []node{}
		for err == nil && p.dec.More() {
			var x node
			x, err = p.node(depth + 1)
			list = append(list, x)
		}
		n.value = list
	case tok == json.Delim('{'):
		fields := []field{}
		for err == nil && p.dec.More() {
			var name, x node
			if name, err = p.node(depth + 1); err == nil {
				x, err = p.node(depth + 1)
			}
			if s, ok := name.value.(string); ok {
				fields = append(fields, field{s, x})
			}
		}
		n.value = fields
	default:
		n.value = tok
		return n, nil
	}
	if err == nil {
		at := p.next()
		if _, err = p.dec.Token(); err != nil { // the closing bracket
			err = p.fail(node{at: at, end: at + 1}, fmt.Errorf("%w: %w", ErrSyntax, err))
		}
	}
	n.end = int(p.dec.InputOffset())
	return n, err
}

// message reads the fields of a JSON object. The first thing that goes wrong is kept in
// err; everything after that is zero.
type message struct {
	p      *jsonReader
	n      node
	fields []field
	err    *error
}

func (p *jsonReader) message(n node, err *error) message {
	m := message{p: p, n: n, err: err}
	fields, ok := n.value.([]field)
	if !ok {
		m.fail(n, "%w: a JSON object is expected", ErrSyntax)
	}
	m.fields = fields
	return m
}

func (m message) fail(n node, format string, args ...any) {
	if *m.err == nil {
		*m.err = m.p.fail(n, fmt.Errorf(format, args...))
	}
}

// get returns the last field called name; null counts as unset.
func (m message) get(name string) (node, bool) {
	for i := len(m.fields) - 1; i >= 0; i-- {
		if m.fields[i].name == name {
			return m.fields[i].node, m.fields[i].node.value != nil
		}
	}
	return node{}, false
}

// need is get for a required field.
func (m message) need(name string) node {
	n, ok := m.get(name)
	if !ok {
		m.fail(m.n, "%w: the field %q is missing", ErrSyntax, name)
	}
	return n
}

func (m message) message(name string) (message, bool) {
	n, ok := m.get(name)
	if !ok {
		return message{p: m.p, err: m.err}, false
	}
	return m.p.message(n, m.err), true
}

func (m message) list(name string) []node {
	n, ok := m.get(name)
	if !ok {
		return nil
	}
	l, ok := n.value.([]node)
	if !ok {
		m.fail(n, "%w: %q must be an array", ErrSyntax, name)
	}
	return l
}

func (m message) text(n node) string {
	s, ok := n.value.(string)
	if !ok {
		m.fail(n, "%w: a string is expected", ErrSyntax)
	}
	return s
}

func (m message) optional(name string) Optional {
	n, ok := m.get(name)
	if !ok {
		return Optional{}
	}
	return Some(m.text(n))
}

// enum returns the index of the name in names.
func (m message) enum(n node, names ...string) int {
	s := m.text(n)
	for i, x := range names {
		if x == s {
			return i
		}
	}
	m.fail(n, "%w: none of %s", ErrSyntax, strings.Join(names, ", "))
	return 0
}

// float reads a number, or a string that holds one.
func (m message) float(n node) float64 {
	s, _ := n.value.(string)
	if x, ok := n.value.(json.Number); ok {
		s = x.String()
	}
	f, ok := parseFloat(s)
	if !ok {
		m.fail(n, "%w: a number is expected", ErrSyntax)
	}
	return f
}

// uint reads an unsigned integer, or a string that holds one.
func (m message) uint(n node) uint64 {
	if s, ok := n.value.(string); ok {
		if u, ok := parseUint(s); ok {
			return u
		}
	}
	if x, ok := n.value.(json.Number); ok {
		if u, err := strconv.ParseUint(x.String(), 10, 64); err == nil {
			return u
		}
		if f, ok := parseFloat(x.String()); ok && f >= 0 && f <= 1<<53 && f == math.Trunc(f) {
			return uint64(f)
		}
	}
	m.fail(n, "%w: an unsigned 64 bit integer is expected", ErrSyntax)
	return 0
}
