// SPDX-License-Identifier: Apache-2.0

// Package mutation plants single defects in clean sites, to measure that the rules
// find each of them and nothing else.
//
// A mutation is data (fixtures/mutations/*.yaml): a clean site, one or more edits
// that together make one defect, and the rule and the place that must be found.
// Edits change text as the tools that printed it would have printed it, make
// certificates anew with openssl, or, for what only a listener can show, change one
// fact of the evidence of the loopback lab.
//
// Rules that fire besides the expected one must be named as consequences, and what is
// named must fire. "make mutate" prints the table of all mutations with what was found.
package mutation
