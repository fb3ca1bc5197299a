// SPDX-License-Identifier: Apache-2.0

// Package policies holds the judgements: one Rego module a rule, in a folder a
// domain, and the data that they are judged by. The path of a module is its
// package and its id; nothing lists them.
package policies

import "embed"

// FS holds the rules with their tests, the shared indexes under lib, the
// profiles, the declared paths and the controls.
//
//go:embed */*.rego profiles/*.yaml profiles/overlays/*.yaml paths/*.yaml controls.yaml
var FS embed.FS
