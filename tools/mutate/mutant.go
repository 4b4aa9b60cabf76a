package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
)

// mutant is a change of one file: some bytes replaced.
type mutant struct {
	file       string
	source     []byte
	start, end int
	text       string
	line       int
}

func (m mutant) String() string {
	return fmt.Sprintf("%s:%d: %q becomes %q", m.file, m.line, clip(m.source[m.start:m.end]), clip([]byte(m.text)))
}

func clip(text []byte) string {
	if line, _, more := bytes.Cut(text, []byte("\n")); more || len(line) > 60 {
		return string(line[:min(len(line), 60)]) + "…"
	}
	return string(text)
}

func (m mutant) apply() []byte {
	return slices.Concat(m.source[:m.start], []byte(m.text), m.source[m.end:])
}

// other is what takes the place of an operator.
var other = map[token.Token][]token.Token{
	token.LSS: {token.LEQ, token.GEQ}, token.LEQ: {token.LSS, token.GTR},
	token.GTR: {token.GEQ, token.LEQ}, token.GEQ: {token.GTR, token.LSS},
	token.EQL: {token.NEQ}, token.NEQ: {token.EQL},
	token.LAND: {token.LOR}, token.LOR: {token.LAND},
	token.ADD: {token.SUB}, token.SUB: {token.ADD}, token.MUL: {token.QUO}, token.QUO: {token.MUL}, token.REM: {token.MUL},
	token.AND: {token.OR}, token.OR: {token.AND}, token.SHL: {token.SHR}, token.SHR: {token.SHL},
	token.ADD_ASSIGN: {token.SUB_ASSIGN}, token.SUB_ASSIGN: {token.ADD_ASSIGN},
	token.INC: {token.DEC}, token.DEC: {token.INC},
	token.BREAK: {token.CONTINUE}, token.CONTINUE: {token.BREAK},
}

// mutantsOf lists the changes of a file: operators exchanged, conditions settled, numbers moved by one, statements left out.
func mutantsOf(file string) ([]mutant, error) {
	source, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, file, source, 0)
	if err != nil {
		return nil, err
	}
	f := &finder{file: file, source: source, set: set}
	ast.Inspect(tree, f.visit)
	return f.found, nil
}

type finder struct {
	file   string
	source []byte
	set    *token.FileSet
	found  []mutant
}

func (f *finder) add(start, end token.Pos, text string) {
	from, to := f.set.Position(start), f.set.Position(end)
	f.found = append(f.found, mutant{f.file, f.source, from.Offset, to.Offset, text, from.Line})
}

func (f *finder) exchange(at token.Pos, op token.Token) {
	for _, o := range other[op] {
		f.add(at, at+token.Pos(len(op.String())), o.String())
	}
}

func (f *finder) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GenDecl:
		return n.Tok == token.VAR
	case *ast.BinaryExpr:
		f.exchange(n.OpPos, n.Op)
	case *ast.IncDecStmt:
		f.exchange(n.TokPos, n.Tok)
	case *ast.AssignStmt:
		f.exchange(n.TokPos, n.Tok)
		if n.Tok == token.ASSIGN {
			f.add(n.Pos(), n.End(), "")
		}
	case *ast.BranchStmt:
		if n.Label == nil {
			f.exchange(n.TokPos, n.Tok)
		}
	case *ast.UnaryExpr:
		if n.Op == token.NOT || n.Op == token.SUB {
			f.add(n.OpPos, n.OpPos+1, "")
		}
	case *ast.IfStmt:
		cond := string(f.source[f.set.Position(n.Cond.Pos()).Offset:f.set.Position(n.Cond.End()).Offset])
		f.add(n.Cond.Pos(), n.Cond.End(), "("+cond+") || true")
		f.add(n.Cond.Pos(), n.Cond.End(), "("+cond+") && false")
	case *ast.BasicLit:
		if v, err := strconv.Atoi(n.Value); err == nil {
			f.add(n.Pos(), n.End(), strconv.Itoa(v+1))
		}
	case *ast.Ident:
		if n.Name == "true" || n.Name == "false" {
			f.add(n.Pos(), n.End(), strconv.FormatBool(n.Name == "false"))
		}
	case *ast.ExprStmt:
		f.add(n.Pos(), n.End(), "")
	}
	return true
}
