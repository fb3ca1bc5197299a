// SPDX-License-Identifier: Apache-2.0

package request_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/nginx/request"
)

// construct is something that a configuration may say, and how to see that it decided
// what became of a request.
type construct struct {
	name string
	// in finds it in a configuration.
	in *regexp.Regexp
	// by finds it in a step of the model, which is the text of the directive, an arrow
	// and what the model says about it.
	by *regexp.Regexp
}

func constructOf(name, in, by string) construct {
	return construct{name, regexp.MustCompile(`(?m)` + in), regexp.MustCompile(by)}
}

// constructs are those that a long run must have seen decide.
var constructs = []construct{
	constructOf("listen: one address", `^listen 127`, `⇒ default server of 127`),
	constructOf("listen: every address", `^listen (\*:)?\d+( |;)`, `⇒ default server of \*`),
	constructOf("listen: default_server", `default_server`, `⇒ default server of`),
	constructOf("listen: ssl", ` ssl`, `⇒ (497|server for SNI)`),
	constructOf("ssl_reject_handshake", `^ssl_reject_handshake`, `⇒ ssl_reject_handshake`),
	constructOf("ssl_verify_client", `^ssl_verify_client`, `⇒ (496|421):`),
	constructOf("server_name: exact", `^server_name (h\.|b;)`, `⇒ server for host "(h\.example|b)"`),
	constructOf("server_name: *.name", `^server_name \*`, `⇒ server for host "(w+\.h\.example|one\.two\.three)"`),
	constructOf("server_name: .name", `^server_name \.`, `⇒ server for host "(w+\.)?h\.example"`),
	constructOf("server_name: name.*", `^server_name www`, `⇒ server for host "www\.`),
	constructOf("server_name: pattern", `^server_name ("?)~`, `⇒ server for host "(w+\.h\.example|.*three)"`),
	constructOf("merge_slashes", `^merge_slashes`, `⇒ path ".*//`),
	constructOf("underscores_in_headers", `^underscores_in_headers`, `⇒ .*X_Y`),
	constructOf("ignore_invalid_headers", `^ignore_invalid_headers`, `⇒ 400: a header line is invalid`),
	constructOf("client_header_buffer_size", `^client_header_buffer_size`, `⇒ (494|414):`),
	constructOf("large_client_header_buffers", `^large_client_header_buffers`, `⇒ (494|414):`),
	constructOf("client_max_body_size", `^client_max_body_size`, `^client_max_body_size .*⇒`),
	constructOf("location: =", `^location = `, `⇒ location = `),
	constructOf("location: ^~", `^location \^~ `, `⇒ location \^~ `),
	constructOf("location: prefix", `^location "?/`, `⇒ location /`),
	constructOf("location: ~", `^location ~ `, `⇒ location ~ `),
	constructOf("location: ~*", `^location ~\* `, `⇒ location ~\* `),
	constructOf("location: @", `^location @`, `⇒ named location`),
	constructOf("location: nested", `(?s)^location [^@=][^\n]*\{\n([^}]*\n)?location`, `⇒ location `),
	constructOf("location: redirect to the slash", `^location [^=\n]*/ \{`, `⇒ 301: the path without`),
	constructOf("internal", `^internal`, `⇒ internal$`),
	constructOf("rewrite last", `^rewrite .* last;`, `^rewrite .* last;⇒ rewritten`),
	constructOf("rewrite break", `^rewrite .* break;`, `^rewrite .* break;⇒ rewritten`),
	constructOf("rewrite", `^rewrite .*[^tk] ;`, `^rewrite .* ;⇒ rewritten`),
	constructOf("rewrite that redirects", `^rewrite .* (redirect|permanent);`, `⇒ rewrite redirects`),
	constructOf("return", `^return`, `⇒ return `),
	constructOf("break", `^break;`, `⇒ break$`),
	constructOf("set", `^set `, `^set .*⇒ `),
	constructOf("set $args", `^set \$args`, `^set \$args.*⇒ `),
	constructOf("if: value", `^if \(\$\w+\)`, `^if \(\$\w+\).*⇒ the condition`),
	constructOf("if: comparison", `^if \(\$\w+ !?= `, `^if \(\$\w+ !?= .*⇒ the condition`),
	constructOf("if: pattern", `^if \(\$\w+ !?~`, `^if \(\$\w+ !?~.*⇒ the condition`),
	constructOf("if: file", `^if \(!?-`, `^if \(!?-.*⇒ the condition`),
	constructOf("if with proxy_pass", `(?s)^if [^\n]*\{\nproxy_pass`, `⇒ the condition`),
	constructOf("groups of patterns", `(proxy_pass|rewrite|set|return) .*\$\d`, `^(proxy_pass|rewrite|set|return) .*\$\d.*⇒`),
	constructOf("limit of searches", `^location \^~ /cc`, `⇒ 500: the (rewrites|internal redirects) do not end`),
	constructOf("try_files", `^try_files`, `⇒ try_files`),
	constructOf("index", `^index`, `^index.*⇒`),
	constructOf("autoindex", `^autoindex`, `⇒ a list of files`),
	constructOf("root", `^root`, `^root.*⇒`),
	constructOf("alias", `^alias`, `^alias.*⇒`),
	constructOf("error_page: path", `^error_page [^@]* /`, `⇒ error_page /`),
	constructOf("error_page: named", `^error_page .* @`, `⇒ error_page @`),
	constructOf("error_page: redirect", `^error_page .* http`, `⇒ error_page http`),
	constructOf("recursive_error_pages", `^recursive_error_pages`, `⇒ error_page`),
	constructOf("limit_except", `^limit_except`, `⇒ limit_except`),
	constructOf("limit_except with proxy_pass", `^limit_except .*proxy_pass`, `^limit_except .*proxy_pass.*⇒`),
	constructOf("allow, deny", `^(allow|deny) `, `⇒ (allow|deny) `),
	constructOf("satisfy any", `^satisfy`, `⇒ satisfy`),
	constructOf("auth_request", `^auth_request`, `⇒ auth_request`),
	constructOf("auth_basic", `^auth_basic`, `⇒ auth_basic`),
	constructOf("map", `^map `, `^map .*⇒`),
	constructOf("map: hostnames", `^hostnames`, `^map .*⇒`),
	constructOf("map: volatile", `volatile`, `^map .*⇒`),
	constructOf("geo", `^geo`, `^geo.*⇒`),
	constructOf("proxy_pass", `^proxy_pass http://u\d;`, `^proxy_pass http://u\d;.*⇒`),
	constructOf("proxy_pass with a path", `^proxy_pass http://u\d/[^$\n]*;`, `^proxy_pass http://u\d/[^$]*;⇒`),
	constructOf("proxy_pass with variables", `^proxy_pass .*\$`, `^proxy_pass .*\$.*⇒`),
	constructOf("fastcgi_pass", `^fastcgi_pass`, `^fastcgi_pass.*⇒`),
	constructOf("scgi_pass", `^scgi_pass`, `^scgi_pass.*⇒`),
	constructOf("uwsgi_pass", `^uwsgi_pass`, `^uwsgi_pass.*⇒`),
	constructOf("grpc_pass", `^grpc_pass`, `^grpc_pass.*⇒`),
	constructOf("stub_status", `^stub_status`, `^stub_status.*⇒`),
}

// anywhere are constructs of the request alone, which every configuration meets.
var anywhere = []construct{
	constructOf("refused: 400", ``, `⇒ 400:`),
	constructOf("refused: a method or version", ``, `⇒ (405|505):`),
	constructOf("absolute target", ``, `absolute target`),
}

// tally counts for one construct.
type tally struct{ configs, decided, unknown int }

// census counts the constructs of a run.
type census struct {
	configs int
	counts  map[string]*tally
}

func newCensus() *census { return &census{counts: map[string]*tally{}} }

// add counts an exchange; those of one configuration come in any order.
func (c *census) add(prefix string, e exchange) {
	text := strings.Split(prefix+e.piece, "\n")
	var marks []string
	for _, s := range e.Steps {
		mark := ""
		if s.Pos.Line > 0 && s.Pos.Line <= len(text) {
			if line := text[s.Pos.Line-1]; s.Pos.Column > 0 && s.Pos.Column <= len(line) {
				mark = line[s.Pos.Column-1:]
			}
		}
		marks = append(marks, mark+"⇒ "+s.Text)
	}
	if strings.Contains(e.Target, "://") && len(e.Steps) > 1 {
		marks = append(marks, "absolute target")
	}
	for _, k := range append(constructs, anywhere...) {
		if slices.ContainsFunc(marks, k.by.MatchString) && k.in.MatchString(e.piece) {
			t := c.of(k.name)
			t.decided++
			if e.Kind == request.Unknown {
				t.unknown++
			}
		}
	}
}

// has counts the constructs of a configuration.
func (c *census) has(piece string) {
	c.configs++
	for _, k := range append(constructs, anywhere...) {
		if k.in.MatchString(piece) {
			c.of(k.name).configs++
		}
	}
}

func (c *census) of(name string) *tally {
	if c.counts[name] == nil {
		c.counts[name] = &tally{}
	}
	return c.counts[name]
}

// report prints a row for each construct, and complains about those that a run of
// this length should have met more often.
func (c *census) report(t *testing.T) {
	strict := c.configs >= 5000
	t.Logf("%-32s %14s %10s %8s", "construct", "configurations", "decided", "unknown")
	for _, k := range append(constructs, anywhere...) {
		n := c.of(k.name)
		share := 100 * float64(n.configs) / float64(c.configs)
		unknown := 100 * float64(n.unknown) / float64(max(1, n.decided))
		t.Logf("%-32s %12.1f %% %10d %6.1f %%", k.name, share, n.decided, unknown)
		if strict && (share < 1 || n.decided < 100 || unknown > 10) {
			t.Errorf("%s is seen too little", k.name)
		}
	}
}
