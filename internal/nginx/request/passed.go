// SPDX-License-Identifier: Apache-2.0

package request

import (
	"net"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/nginx"
)

// readPassed notes where directives without variables pass requests on to. nginx looks
// these names up when it starts, and a name that is put together for a request is found
// among them.
func (m *Model) readPassed(d *nginx.Directive) {
	for c := range d.All() {
		if !strings.HasSuffix(c.Name, "_pass") || !handlers[c.Name] || strings.Contains(c.Arg(0), "$") {
			continue
		}
		scheme, rest, ok := strings.Cut(c.Arg(0), "://")
		if !ok {
			scheme, rest = "", c.Arg(0)
		}
		if i := strings.IndexAny(rest, "/?"); i >= 0 {
			rest = rest[:i]
		}
		m.passed[hostAndPort(scheme, rest)] = true
	}
}

// readBelieving notes where the address of a client changes on the way: nginx reads the
// header that names it when the server is known, and again in a location that says other
// things of it.
func (m *Model) readBelieving(d *nginx.Directive, inLocation bool) {
	for c := range d.Children() {
		switch c.Name {
		case "set_real_ip_from", "real_ip_header", "real_ip_recursive":
			if inLocation && m.believing.IsZero() {
				m.believing = c.Pos()
			}
		}
		m.readBelieving(c, inLocation || c.Name == "location")
	}
}

// hostAndPort is how nginx compares upstreams that are no groups.
func hostAndPort(scheme, authority string) string {
	host, port, err := net.SplitHostPort(authority)
	if err == nil {
		return lower(host) + ":" + port
	}
	switch port = "80"; lower(scheme) {
	case "https", "grpcs":
		port = "443"
	case "":
		port = ""
	}
	return lower(strings.Trim(authority, "[]")) + ":" + port
}

// params looks at what an upstream of FastCGI and its kin is told of the request. Which
// of the variables it believes is its own affair: so each has to say the same as the path
// that nginx works with.
func (r *run) params(family string) {
	if r.trace == nil {
		return
	}
	for _, s := range r.block.scope.Get(family + "_param") {
		name, value := s.Arg(0), s.Arg(1)
		if v := r.lines(value, nil); family == "scgi" && v != "" && !r.followsLines(v) {
			r.widen(s.From, "%s %s: $%s may hold null bytes, behind which the client writes the rest of the head", s.Name, name, v)
		}
		if name == "REQUEST_METHOD" {
			r.trace.Method = r.text(value, s.From)
			continue
		}
		if usual, ok := usualParams[name]; ok && !slices.Contains(usual, value) {
			r.widen(s.From, "%s %s %s: the upstream may read another path there", s.Name, name, value)
		}
		if name == "REQUEST_URI" && value == "$request_uri" && !r.asSent {
			r.widen(s.From, "%s %s is the target as it was sent, and the path is another", s.Name, name)
		}
		if name == "SCRIPT_FILENAME" && !slices.Contains(usualFiles, value) {
			r.widen(s.From, "%s %s %s: the upstream may run another file", s.Name, name, value)
		}
		if _, usual := usualParams[name]; !usual && !strings.HasPrefix(name, "HTTP_") && !slices.Contains(tellingParams, name) {
			r.widen(s.From, "%s %s: nobody knows what the upstream makes of it", s.Name, name)
		}
		if at, ok := r.splits(value); ok {
			r.widen(at.From, "%s: the upstream gets another path than nginx works with", at.Name)
		}
	}
}

// splits finds the directive that changes what a text holds of the path.
func (r *run) splits(text string) (at nginx.Setting, ok bool) {
	for _, v := range variablesIn(text) {
		if v != "fastcgi_script_name" && v != "fastcgi_path_info" {
			continue
		}
		for _, name := range []string{"fastcgi_split_path_info", "fastcgi_index"} {
			if s := r.setting(name); s.Name != "" && s.Origin != nginx.Default {
				return s, true
			}
		}
	}
	return nginx.Setting{}, false
}

// usualParams are values by which an upstream gets the path, the arguments or a part of
// them that is left to it.
var usualParams = map[string][]string{
	"SCRIPT_NAME":  {"", "$fastcgi_script_name", "$uri", "$document_uri"},
	"PATH_INFO":    {"", "$fastcgi_path_info", "$fastcgi_script_name", "$uri", "$document_uri"},
	"DOCUMENT_URI": {"$document_uri", "$uri"},
	"REQUEST_URI":  {"$request_uri", "$uri", "$document_uri", "$uri$is_args$args", "$document_uri$is_args$args"},
	"QUERY_STRING": {"", "$query_string", "$args"},
}

// usualFiles are the names of the file of the path.
var usualFiles = []string{"$document_root$fastcgi_script_name", "$realpath_root$fastcgi_script_name", "$document_root$uri", "$request_filename"}

// tellingParams are those that tell of the gate, the connection and the request, and name
// nothing that is to be run.
var tellingParams = []string{
	"SCRIPT_FILENAME", "REQUEST_METHOD", "CONTENT_TYPE", "CONTENT_LENGTH", "DOCUMENT_ROOT", "SERVER_PROTOCOL", "REQUEST_SCHEME", "HTTPS",
	"GATEWAY_INTERFACE", "SERVER_SOFTWARE", "SERVER_ADDR", "SERVER_PORT", "SERVER_NAME", "REMOTE_ADDR", "REMOTE_PORT", "REMOTE_USER",
	"REDIRECT_STATUS", "SCGI",
}
