package constraints

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ErrSyntax is wrapped by errors about text that could not be read as constraints at all.
var ErrSyntax = errors.New("constraint syntax")

// ParseError says where in a text something is wrong. It wraps [ErrSyntax] or [ErrMisuse].
type ParseError struct {
	Line, Column int // from 1; columns count characters
	Err          error
}

// Error says where the text is wrong, and why.
func (e *ParseError) Error() string { return fmt.Sprintf("%d:%d: %v", e.Line, e.Column, e.Err) }

// Unwrap returns the reason.
func (e *ParseError) Unwrap() error { return e.Err }

// errorAt places an error at a byte offset of a text.
func errorAt(text string, offset int, err error) error {
	before := text[:min(offset, len(text))]
	line := 1 + strings.Count(before, "\n")
	column := 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	return &ParseError{Line: line, Column: column, Err: err}
}

// token is a piece of the text form. Its kind is 'w' for a bare word, 'q' for a quoted one,
// 0 at the end, and otherwise the operator itself, with the two-character ones named below.
type token struct {
	kind byte
	text string // of a word: what it says
	pos  int
}

const (
	tokenEnd       byte = 0
	tokenWord      byte = 'w'
	tokenQuoted    byte = 'q'
	tokenNotEqual  byte = 'n' // !=
	tokenAtMost    byte = 'm' // <=
	tokenAtLeast   byte = 'l' // >=
	tokenNotLike   byte = 'u' // !~
	singles             = "=<>~!&|();,*"
	bareCharacters      = "_-./:@+"
)

var doubles = map[string]byte{"!=": tokenNotEqual, "<=": tokenAtMost, ">=": tokenAtLeast, "!~": tokenNotLike}

func isBare(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(bareCharacters, r)
}

// bareLength returns how many bytes of bare characters the text starts with.
func bareLength(text string) int {
	for i, r := range text {
		if !isBare(r) {
			return i
		}
	}
	return len(text)
}

// quote writes a word so that it reads back.
func quote(word string) string {
	if word != "" && bareLength(word) == len(word) {
		return word
	}
	return strconv.Quote(word)
}

// call writes a constraint with arguments; empty ones at the end are left out.
func call(name string, args ...string) string {
	for len(args) > 0 && args[len(args)-1] == "" {
		args = args[:len(args)-1]
	}
	return callExactly(name, args)
}

// callExactly writes a constraint with arguments, empty ones included.
func callExactly(name string, args []string) string {
	if len(args) == 0 {
		return name
	}
	quoted := make([]string, len(args))
	for i, a := range args {
		quoted[i] = quote(a)
	}
	return name + "(" + strings.Join(quoted, ",") + ")"
}

// lex splits a text into tokens, the last of which is tokenEnd.
func lex(text string) ([]token, error) {
	var tokens []token
	for pos := 0; ; {
		pos += len(text[pos:]) - len(strings.TrimLeftFunc(text[pos:], unicode.IsSpace))
		rest := text[pos:]
		t := token{pos: pos}
		size := bareLength(rest)
		switch {
		case rest == "":
			return append(tokens, t), nil
		case size > 0:
			t.kind, t.text = tokenWord, rest[:size]
		case rest[0] == '"':
			literal, err := strconv.QuotedPrefix(rest)
			if err != nil {
				return nil, errorAt(text, pos, fmt.Errorf("%w: unfinished or malformed string", ErrSyntax))
			}
			word, err := strconv.Unquote(literal)
			if err != nil {
				return nil, errorAt(text, pos, fmt.Errorf("%w: malformed string", ErrSyntax))
			}
			t.kind, t.text, size = tokenQuoted, word, len(literal)
		case len(rest) > 1 && doubles[rest[:2]] != 0:
			t.kind, size = doubles[rest[:2]], 2
		case strings.IndexByte(singles, rest[0]) >= 0:
			t.kind, size = rest[0], 1
		default:
			r, _ := utf8.DecodeRuneInString(rest)
			return nil, errorAt(text, pos, fmt.Errorf("%w: unexpected character %q", ErrSyntax, r))
		}
		tokens = append(tokens, t)
		pos += size
	}
}
