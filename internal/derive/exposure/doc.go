// SPDX-License-Identifier: Apache-2.0

// Package exposure proves which requests reach an upstream through an nginx
// configuration, and what they reach there.
//
// Prove explores the ways that requests can take through the model of package request
// and compares what each upstream reads with the allowed surface. The answer is a
// Proof: each kind of request that gets through, with the one that is easiest to send
// and read; what is allowed and cannot be reached; and what could not be decided, with
// the directive that is to blame. Compare does the same for two configurations at once
// and says what changed.
//
// How the exploration works, and what a proof does not say, is in
// docs/0014-proof-by-exploration.md.
package exposure
