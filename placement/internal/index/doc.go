// Package index finds bins without looking at all of them: exact first fit ([First]) and exact best fit under any pure scorer
// ([Best]) over dense rows of what is free.
//
// Every answer is the one a scan over all bins in order would give, ties and NaN included; the scan itself is kept in the
// tests as the oracle. Which structure answers is chosen by counts alone (bins, what changed since a shape was last asked
// about), so the choice never shows in a result, and the steps counted are the same on every machine.
//
// The caller owns the rows, tells the index after changing one (Changed), and may refuse bins for reasons of its own
// ([Accept]); a refusal is remembered by nobody. Indexes are not safe for concurrent use.
package index
