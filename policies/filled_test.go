// SPDX-License-Identifier: Apache-2.0

package policies_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// pools are the values of text fields by their JSON name; "" is for all others.
var pools = map[string][]string{
	"":     {"", "x", "a.example", "A.example", "b.example", "10.1.0.11", "192.0.2.1", "::1", "x/y%z", "*", "8445", "€"},
	"text": {"a.example:8445", "A.example:8445", "10.1.0.11", "x/y%z", "€"}, "path": {"/", "/x", "/desktop/api"}, "message": {"m"},
	"host": {"a.example", "A.example", "b.example", "10.1.0.11"}, "sha256": digests, "certificates": digests, "certificate": append(digests, ""),
	"name": {"x", "y", "rp-a"}, "client": {"x", "y/z"}, "url": {"https://a.example:8445/x", "http://*.b.example", "x"}, "package": {"x", "openssl"},
	"args":      {"on", "off", "TLSv1", "TLSv1.2", "HIGH:RC4", "EDH+AESGCM:-X:@Y", "444", "301", "all", "none", "builtin", "$x", ""},
	"addresses": addresses, "address": addresses, "public": addresses, "private": addresses, "ip_addresses": addresses, "nameservers": addresses,
	"resolver": addresses, "admins": networks, "resolvers": networks, "time": networks, "logs": networks, "monitors": networks,
	"load_balancers": {"192.0.2.0/24", "192.0.2.1", "a.example", "2001:db8::/32", "bad/999"},
	"chain":          {"INPUT", "OUTPUT", "FORWARD", "OTHER"}, "table": {"filter", "nat"},
	"verdict": {"ACCEPT", "DROP", "REJECT", "LOG", "OTHER", "RETURN"}, "policy": {"ACCEPT", "DROP", "-"},
	"version": {"TLSv1.0", "TLSv1.2", "TLSv1.3", "12.6.1"}, "protocol": {"h2", "http/1.1"},
	"value": {
		"https://a.example", "http://A.example:80/", "*", "a.example", "192.0.2.1", "1.0", "1.2", "enabled", "disabled", "enable_all",
		"[redacted:random-key:24:00]", "[redacted:credential:0]",
	},
	"values":    {"NEW", "ESTABLISHED", "tcp", "icmp", "lo", "ens192", "0.0.0.0/0", "10.0.0.0/8"},
	"variable":  {"$jwt_secret", "$x"},
	"verb":      {"frame_access_allowed_list", "frame_access_whitelist", "xframe"},
	"not_after": times, "not_before": times, "at": times, "valid_until": times,
	"if": {"", "$ssl_server_name != $host"}, "mode": {"", "0400", "0644", "rw"},
	"status": {"error", "warn"}, "key_algorithm": {"RSA", "ECDSA", "0"}, "signature_hash": {"SHA-1", "SHA-256"},
	"http2": {"required", "forbidden", "either"}, "map_case": {"exact", "external", "none"},
	"external": {"ens192", ""}, "internal": {"ens224", ""}, "tls_versions": {"TLSv1.2", "TLSv1.3"}, "tls_required": {"TLSv1.2"},
	"method": {"GET", "HEAD", "OPTIONS"}, "control": {"", "HTTP-04", "AUTH-01"}, "allow_origin": {"*", "null", "https://a.example", "https://b.example"},
	"allow_credentials": {"true"}, "origin": {"null", "https://a.example", "https://evil.example"}, "scheme": {"http", "https", ""},
	"keyword": {"permitrootlogin", "maxauthtries", "ciphers", "loglevel"}, "key": {"net.ipv4.ip_forward", "net.ipv4.tcp_syncookies", "x"},
	"command": {"show version", "utils vvb restart"}, "unit": {"tomcat", "tomcat-trust", "edge"}, "file": {"x.env", "tomcat.pem"},
	"same_site": {"", "lax", "none"}, "server": {"", "nginx", "nginx/1.22.1"}, "frame_options_text": {"", "DENY"},
	"peripheral_floor": releases, "shared_port_release": releases, "from": releases, "before": releases, "release": releases,
}

var (
	directives = []string{
		"ssl_protocols", "ssl_ciphers", "ssl_dhparam", "ssl_stapling", "ssl_stapling_verify", "ssl_prefer_server_ciphers", "ssl_session_tickets",
		"ssl_session_cache", "ssl_session_timeout", "ssl_reject_handshake", "server_tokens", "return", "allow", "deny", "autoindex", "dav_methods",
		"stub_status", "client_max_body_size", "keepalive_timeout", "send_timeout", "access_by_lua_block", "proxy_hide_header",
	}
	digests   = []string{"aa", "bb", "cc"}
	addresses = []string{"10.1.0.11", "192.0.2.1", "203.0.113.10", "::1", "2001:db8::1"}
	networks  = []string{"10.9.1.0/24", "10.9.0.53", "0.0.0.0/0"}
	releases  = []string{"12.5", "12.6.1", "15.0"}
	times     = []string{"2026-01-01T00:00:00Z", "2027-06-01T00:00:00+02:00", "2024-01-01T00:00:00Z", "never", ""}
	numbers   = []int64{0, 1, 8, 443, 8445, 8445, 8444, 1000, 60000, 1 << 30, -1}
)

type enumerated interface{ Values() []string }

// filled is a document of small lists of such values.
func filled(r *rand.Rand) evidence.Document {
	var d evidence.Document
	fill(r, reflect.ValueOf(&d).Elem(), "", 0)
	arrange(&d)
	return d
}

// fill sets every field below v.
func fill(r *rand.Rand, v reflect.Value, name string, depth int) {
	if e, ok := v.Interface().(enumerated); ok && v.Kind() == reflect.String {
		v.SetString(pick(r, e.Values()))
		return
	}
	switch v.Kind() {
	case reflect.String:
		pool := pools[name]
		if pool == nil {
			pool = pools[""]
		}
		v.SetString(pick(r, pool))
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Int, reflect.Int64:
		v.SetInt(pick(r, numbers))
	case reflect.Slice:
		n := r.IntN(5)
		if depth <= 1 {
			n++
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			fill(r, v.Index(i), name, depth+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.Name == "Value" {
				tag = name // of an optional value, or of a profile's number
				if pools[name] == nil {
					tag = "value"
				}
			}
			fill(r, v.Field(i), tag, depth+1)
		}
		identify(r, v)
	}
}

// arrange gives the records the targets that collectors fill them for, and their
// parts the subjects that follow from these.
func arrange(d *evidence.Document) {
	edge := func(i int) string { return []string{"edge/rp-a", "edge/rp-b"}[i%2] }
	node := func(i int) string { return []string{"node/n-a", "node/n-b"}[i%2] }
	d.Site.Edges, d.Site.Nodes, d.Site.CTI = atMost(d.Site.Edges, 2), atMost(d.Site.Nodes, 2), atMost(d.Site.CTI, 2)
	for i := range d.Site.Edges {
		d.Site.Edges[i].Subject, d.Site.Edges[i].Name = edge(i), strings.TrimPrefix(edge(i), "edge/")
	}
	for i := range d.Site.Nodes {
		d.Site.Nodes[i].Subject, d.Site.Nodes[i].Name = node(i), strings.TrimPrefix(node(i), "node/")
	}
	for i := range d.Site.CTI {
		d.Site.CTI[i].Instance, d.Site.CTI[i].Side = "CG1", []string{"a", "b"}[i]
	}
	// What each kind of record is about: the site, each edge, each node, or listeners.
	sections := reflect.ValueOf(&d.Sections).Elem()
	for s := range sections.NumField() {
		list := sections.Field(s)
		for i := range list.Len() {
			record := list.Index(i)
			target := "site"
			switch record.Addr().Interface().(type) {
			case *evidence.NginxRules, *evidence.RuleSet, *evidence.FilterBackend, *evidence.IPSetList, *evidence.Host, *evidence.EnvFiles:
				target = edge(i)
			case *evidence.VOSNode, *evidence.Framing, *evidence.CORS:
				target = node(i)
			case *evidence.CertChain:
				if target == "site" {
					target = "cti/CG1-a" // the folders of gateways
				}
				target = []string{edge(0), node(0), edge(1), "site", node(1)}[i]
			case *evidence.TLSPosture, *evidence.HTTPListener, *evidence.CORSListener, *evidence.FramingListener:
				target = []string{edge(0), node(0), edge(1), node(1), "edge/rp-a"}[i]
				host, port := []string{"a.example", "b.example"}[i%2], []int{8445, 8444}[i/2%2]
				record.FieldByName("Host").SetString(host)
				record.FieldByName("Port").SetInt(int64(port))
				record.FieldByName("Subject").SetString(evidence.ListenerSubject(target, host, port))
			}
			record.FieldByName("Target").SetString(target)
			arrangeParts(record.Addr().Interface(), target, i)
		}
	}
}

// arrangeParts names what a record holds.
func arrangeParts(record any, target string, i int) {
	switch x := record.(type) {
	case *evidence.NginxRules:
		for j := range x.Servers {
			x.Servers[j].Subject = fmt.Sprintf("%s/server/a.example:443#%d", target, j+1)
		}
		for j := range x.Sockets {
			x.Sockets[j].Address, x.Sockets[j].Port = fmt.Sprintf("192.0.2.%d", j), 8445
			for _, s := range x.Servers[min(j, len(x.Servers)):] {
				x.Sockets[j].Servers = append(x.Sockets[j].Servers, s.Subject)
			}
		}
	case *evidence.DNSView:
		x.Subject = evidence.Subject("dns", string(x.View))
	case *evidence.SAML:
		for j := range x.Documents {
			x.Documents[j].Subject = evidence.Subject("saml", string(x.Documents[j].Role))
		}
	case *evidence.CTI:
		for j := range x.Declared {
			c := &x.Declared[j]
			c.Instance, c.Side = "CG1", []string{"a", "b"}[j%2]
			c.Subject = "cti/CG1-" + c.Side
			c.Listener = evidence.ListenerSubject(c.Subject, "a.example", 8445)
			c.Unit = []string{"", c.Subject}[j%2]
		}
	case *evidence.EnvFiles:
		for j := range x.Files {
			x.Files[j].Subject = target + "/" + evidence.Subject("env", x.Files[j].Name)
		}
		for j := range x.Properties {
			x.Properties[j].Subject = target + "/" + evidence.Subject("env", "x", "property", x.Properties[j].Name)
		}
	case *evidence.RuleSet:
		x.Family = []evidence.Family{evidence.IPv4, evidence.IPv6}[i/2%2]
		for j := range x.Chains {
			c := &x.Chains[j]
			c.Table, c.Name = "filter", []string{"INPUT", "OUTPUT", "FORWARD", "OTHER"}[j%4]
			c.BuiltIn = c.Name != "OTHER"
		}
	case *evidence.CertChain:
		for j := range x.Chains {
			x.Chains[j].Subject = target + []string{"/listener/a.example:8445", "/file/x"}[j%2]
		}
		if target == "site" {
			// The site has the chains of the map's server, and no trust list.
			for j := range x.Chains {
				x.Chains[j].Subject = "site/map"
			}
			x.Trusts = nil
		}
		for j := range x.Trusts {
			x.Trusts[j].Subject = target + "/" + evidence.Subject("trust", x.Trusts[j].Unit)
		}
		for j := range x.Requests {
			x.Requests[j].Subject = target + fmt.Sprintf("/request/%d.csr", j)
		}
	}
}
