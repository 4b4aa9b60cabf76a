// Package tracepb is the file format of recorded rounds: trace.proto, and what is generated from it. Use
// package trace, which turns it into the types of package placement.
package tracepb

//go:generate sh -c "protoc --plugin=protoc-gen-go=$(go tool -modfile=../../../tools/go.mod -n protoc-gen-go) --go_out=. --go_opt=paths=source_relative trace.proto"
