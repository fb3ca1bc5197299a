// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"iter"
	"regexp"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/nginx"
)

// defines reports whether the configuration gives a variable its value, so that it is not
// what nginx makes of the request. For nginx the case of a name does not matter.
func (c *Configuration) defines(name string) bool {
	if c.scripts.variables == nil {
		c.scripts.variables = map[string]bool{}
		for _, h := range c.HTTP {
			collectVariables(h.Directive.Children(), false, c.scripts.variables)
		}
	}
	return c.scripts.variables[strings.ToLower(name)]
}

// namedGroup is how a pattern names what it takes.
var namedGroup = regexp.MustCompile(`\?(?:P?<|')([A-Za-z0-9_]+)[>']`)

// readers are directives, or what their names start with, that only look at variables.
var readers = []string{
	"proxy_", "fastcgi_", "uwsgi_", "scgi_", "grpc_", "add_header", "add_trailer", "limit_", "log_format", "access_log", "if", "return",
	"rewrite", "hash", "expires", "sub_filter", "more_", "try_files", "error_page", "root", "alias", "userid_", "gzip",
}

// setters are directives that give a value to the variable in front.
var setters = []string{"set", "auth_request_set", "perl_set", "js_set"}

// collectVariables finds all names to which directives may give a value: those that stand
// alone as a word, but for directives that are known to look at them only, and groups of
// patterns. Entries are those of a map, which has its name before.
func collectVariables(list iter.Seq[*nginx.Directive], entries bool, all map[string]bool) {
	for d := range list {
		isMap := d.Name == "map" || d.Name == "geo" || d.Name == "split_clients"
		words := d.Values()
		for _, word := range append([]string{d.Name}, words...) {
			for _, m := range namedGroup.FindAllStringSubmatch(word, -1) {
				all[strings.ToLower(m[1])] = true
			}
		}
		switch {
		case entries, slices.ContainsFunc(readers, func(name string) bool { return strings.HasPrefix(d.Name, name) }):
			words = nil
		case isMap:
			words = words[max(0, len(words)-1):]
		case slices.Contains(setters, d.Name):
			words = words[:min(1, len(words))]
		default:
			words = append(words, d.Name)
		}
		for _, word := range words {
			if name, ok := strings.CutPrefix(word, "$"); ok {
				all[strings.ToLower(strings.Trim(name, "{}"))] = true
			}
		}
		collectVariables(d.Children(), isMap, all)
	}
}
