// Package proptest holds the laws of the library, as tests over generated inputs: what must be true of
// every result whatever the packer, of the round whatever is done to it, and of the algebra of resources whatever
// the operands. It also holds the policy on who may import whom. Nothing imports it.
//
// A law that fails prints the smallest input found and how to run the very same test again:
//
//	GOPTER_SEED=17 go test ./proptest -run TestName
//
// The seed is fixed, so that the tests are a function of the source. GOPTER_SEED=random looks elsewhere every
// time, -short looks less far, and BERTH_LONG=1 much further.
package proptest
