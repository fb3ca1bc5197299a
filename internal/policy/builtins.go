// SPDX-License-Identifier: Apache-2.0

package policy

import "github.com/open-policy-agent/opa/v1/ast"

// allowedBuiltins are all functions that rules may call: pure functions of
// their arguments. Whatever reads the network, the environment or the clock,
// or verifies certificates and tokens (collectors do that), is missing.
var allowedBuiltins = []string{
	// comparison and arithmetic
	"eq", "equal", "neq", "lt", "lte", "gt", "gte", "assign",
	"plus", "minus", "mul", "div", "rem", "abs", "ceil", "floor", "round", "numbers.range",
	// aggregates and collections
	"count", "sum", "product", "max", "min", "sort", "all", "any",
	"array.concat", "array.slice", "array.reverse", "array.flatten",
	"and", "or", "intersection", "union",
	"object.get", "object.keys", "object.remove", "object.union", "object.filter", "object.subset",
	"graph.reachable",
	"internal.member_2", "internal.member_3", "internal.print", "print",
	// text
	"concat", "contains", "endswith", "format_int", "indexof", "indexof_n", "lower", "replace", "split",
	"sprintf", "startswith", "strings.any_prefix_match", "strings.any_suffix_match", "strings.replace_n",
	"strings.reverse", "strings.count", "substring", "trim", "trim_left", "trim_prefix", "trim_right",
	"trim_space", "trim_suffix", "upper", "internal.template_string",
	"regex.match", "regex.is_valid", "regex.split", "regex.find_n", "regex.find_all_string_submatch_n", "regex.replace",
	"glob.match", "glob.quote_meta",
	// types and conversion
	"is_array", "is_boolean", "is_null", "is_number", "is_object", "is_set", "is_string", "type_name",
	"to_number", "units.parse", "units.parse_bytes",
	"bits.and", "bits.or", "bits.lsh", "bits.rsh", "bits.xor", "bits.negate",
	"base64.encode", "base64.is_valid", "hex.encode", "crypto.sha256",
	// addresses and instants given as arguments
	"net.cidr_contains", "net.cidr_contains_matches", "net.cidr_intersects", "net.cidr_is_valid", "net.cidr_merge",
	"time.parse_rfc3339_ns", "time.parse_duration_ns", "time.add_date", "time.date", "time.diff", "time.format",
	"semver.compare", "semver.is_valid",
}

// capabilities returns the features of this OPA version with only the allowed
// built-ins and no host that may be contacted.
func capabilities() *ast.Capabilities {
	c := ast.CapabilitiesForThisVersion()
	allowed := make(map[string]bool, len(allowedBuiltins))
	for _, name := range allowedBuiltins {
		allowed[name] = true
	}
	kept := make([]*ast.Builtin, 0, len(allowedBuiltins))
	for _, b := range c.Builtins {
		if allowed[b.Name] {
			kept = append(kept, b)
		}
	}
	c.Builtins = kept
	c.AllowNet = []string{}
	return c
}
