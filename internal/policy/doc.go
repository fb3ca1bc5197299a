// SPDX-License-Identifier: Apache-2.0

// Package policy loads, type-checks and evaluates rules: evidence in, verdicts
// out. It is the only importer of OPA.
//
// A rule is one Rego module whose path, package and id are the same, with its
// documentation in the header. Load refuses whatever could make a rule quiet
// by accident: a field that no evidence has, a constant that no enumeration
// holds, a reference that leads nowhere, a built-in that reads network, clock
// or environment. What a rule reads is taken from the compiler, so that a gap
// in that evidence makes its verdict unknown without the author's help.
//
// A rule that fails to evaluate becomes unknown by name and changes no other
// verdict.
package policy
