// SPDX-License-Identifier: Apache-2.0

package confirm

import (
	"path"
	"strings"

	"github.com/postern-audit/postern/internal/nginx"
)

// rebase moves the name of a file below the folder that stands for the host's root.
func (r *renderer) rebase(name string) string {
	literal, rest := name, ""
	if i := strings.IndexByte(name, '$'); i >= 0 {
		literal, rest = name[:i], name[i:]
	}
	switch {
	case strings.HasPrefix(literal, "/"):
	case literal == "" && rest != "":
		// What the variable holds is known only when a request comes; most hold an
		// absolute name.
		return filesDir + rest
	default:
		literal = path.Join("/", r.prefix) + "/" + literal
	}
	inside := path.Clean(literal)
	if strings.HasSuffix(literal, "/") && inside != "/" {
		inside += "/"
	}
	folder := inside
	if rest != "" {
		folder = path.Dir(inside)
	}
	r.roots = append(r.roots, folder)
	return filesDir + inside + rest
}

// condition moves the file that an if looks up.
func (r *renderer) condition(args []string) []string {
	if len(args) != 2 || !strings.HasPrefix(strings.TrimPrefix(strings.TrimPrefix(args[0], "("), "!"), "-") {
		return args
	}
	name := strings.TrimSuffix(args[1], ")")
	if !strings.HasPrefix(name, "/") {
		return args
	}
	return []string{args[0], r.rebase(name) + args[1][len(name):]}
}

// pass writes a directive that hands over to an upstream, with the address of the
// echo that stands for it. Protocols other than HTTP become HTTP, with the path that
// they would carry.
func (r *renderer) pass(d *nginx.Directive, sc *nginx.Scope) {
	text := d.Arg(0)
	scheme, rest, found := strings.Cut(text, "://")
	if !found {
		scheme, rest = "", text
	}
	port := 80
	if strings.EqualFold(scheme, "https") || strings.EqualFold(scheme, "grpcs") {
		port = 443
	}
	authority, uri := cutAuthority(rest)
	if r.replaceable(authority, strings.Contains(text, "$"), sc) {
		authority = r.upstream(authority, port)
	}
	switch d.Name {
	case "proxy_pass":
		if found {
			authority = scheme + "://" + authority
		}
		r.put(d.Pos(), "proxy_pass", authority+uri)
	case "grpc_pass":
		r.put(d.Pos(), "proxy_pass", "http://"+authority)
	default:
		// With variables a path goes as it is, which is what these protocols carry.
		r.put(d.Pos(), "proxy_pass", "http://"+authority+"$uri$is_args$args")
	}
}

// cutAuthority splits what follows the scheme. An authority ends at its path, or at a
// variable that always begins with one.
func cutAuthority(rest string) (authority, uri string) {
	if after, ok := strings.CutPrefix(rest, "unix:"); ok {
		if i := strings.IndexByte(after, ':'); i >= 0 {
			return "unix:" + after[:i], after[i+1:]
		}
		return rest, ""
	}
	end := len(rest)
	for _, mark := range []string{"/", "?", "$request_uri", "${request_uri}", "$uri", "${uri}", "$document_uri"} {
		if i := strings.Index(rest, mark); i >= 0 && i < end {
			end = i
		}
	}
	return rest[:end], rest[end:]
}

// replaceable tells an authority that an echo stands for. One that holds variables is
// known only when a request comes; the name of an upstream block keeps its meaning.
func (r *renderer) replaceable(authority string, dynamic bool, sc *nginx.Scope) bool {
	if strings.Contains(authority, "$") || r.groups[authority] || authority == "" {
		return false
	}
	if !dynamic || strings.HasPrefix(authority, "unix:") {
		return true
	}
	// At run time nginx finds a name only by a resolver.
	host, _ := splitPort(authority)
	return len(sc.Get("resolver")) > 0 || isAddress(host)
}
