// SPDX-License-Identifier: Apache-2.0

// Package evidence defines what Postern knows about a site and how sure it is.
//
// A Document holds flat facts gathered by collectors, one array a section, one
// record a target. Each fact carries a Source (where it was read or observed)
// and, where a value could have come from more than one place, an Origin. What
// could not be learned is a Gap: silence is never turned into a fact.
//
// The types are a public contract: their JSON form is stored in bundles, is the
// input of every Rego rule, and its schema (see Schema) type-checks those rules.
// Therefore they hold no maps, no interfaces and no pointers, every field is
// always present, and a value that may be missing is an Optional.
//
// Nothing here judges. Rules do that.
package evidence
