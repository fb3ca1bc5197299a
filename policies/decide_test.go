// SPDX-License-Identifier: Apache-2.0

package policies_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/policy"
	"github.com/postern-audit/postern/policies"
)

// TestRulesKeepTheirContractOnArbitraryEvidence decides over documents whose
// fields are drawn from small pools, so that names meet, records repeat and
// values are absurd. Whatever a site holds, a rule may fail it, pass it or be
// unsure, but it may not break.
func TestRulesKeepTheirContractOnArbitraryEvidence(t *testing.T) {
	set, err := policy.Load(policies.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	profile, err := policy.LoadProfile(policies.FS, evidence.ProfileChoice{Base: "finesse-12.6.1"})
	if err != nil {
		t.Fatal(err)
	}
	rounds := 40
	if testing.Short() {
		rounds = 5
	}
	failed := map[string]bool{}
	for seed := range rounds {
		r := rand.New(rand.NewPCG(uint64(seed), 1))
		var in evidence.Input
		fill(r, reflect.ValueOf(&in.Document).Elem(), "", 0)
		promise(&in.Document)
		in.Profile = profile
		if seed%2 == 1 {
			fill(r, reflect.ValueOf(&in.Profile).Elem(), "", 0)
		}
		verdicts, err := set.Decide(t.Context(), in, policy.Options{Limits: policy.Limits{Together: time.Minute, Alone: 20 * time.Second}})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range verdicts {
			if strings.HasPrefix(v.Reason, "rule error") {
				t.Errorf("seed %d: %s: %s", seed, v.Rule, v.Reason)
			}
			if v.Outcome == "fail" {
				failed[v.Rule] = true
			}
		}
	}
	// The pools are rich enough to make most rules fire, or the test says little.
	if rounds > 5 && len(failed)*3 < len(set.Rules())*2 {
		t.Errorf("only %d of %d rules fired", len(failed), len(set.Rules()))
	}
}

// pools are the values of text fields by their JSON name; "" is for all others.
var pools = map[string][]string{
	"":     {"", "x", "a.example", "A.example", "b.example", "10.1.0.11", "192.0.2.1", "::1", "x/y%z", "*", "8445", "€"},
	"text": {"a.example:8445", "A.example:8445", "10.1.0.11", "x/y%z", "€"}, "path": {"", "/", "/x"}, "message": {"m"},
	"host": {"", "a.example", "A.example", "b.example", "10.1.0.11"}, "sha256": digests, "certificates": digests,
	"name":  {"x", "y", "rp-a"},
	"args":  {"on", "off", "TLSv1", "TLSv1.2", "HIGH:RC4", "EDH+AESGCM:-X:@Y", "444", "301", "all", "none", "builtin", "$x", ""},
	"chain": {"INPUT", "OUTPUT", "FORWARD", "OTHER"}, "table": {"filter", "nat"},
	"verdict": {"ACCEPT", "DROP", "REJECT", "LOG", "OTHER", "RETURN"}, "policy": {"ACCEPT", "DROP", "-"},
	"version": {"TLSv1.0", "TLSv1.2", "TLSv1.3", "12.6.1"}, "protocol": {"h2", "http/1.1"},
	"value": {
		"https://a.example", "http://A.example:80/", "*", "a.example", "192.0.2.1", "1.0", "1.2", "enabled", "disabled", "enable_all",
		"[redacted:random-key:24:00]", "[redacted:credential:0]",
	},
	"values":    {"NEW", "ESTABLISHED", "tcp", "icmp", "lo", "ens192", "0.0.0.0/0", "10.0.0.0/8"},
	"variable":  {"$jwt_secret", "$x"},
	"verb":      {"frame_access_allowed_list", "frame_access_whitelist", "xframe"},
	"not_after": times, "not_before": times, "at": times,
	"load_balancers": {"192.0.2.0/24", "192.0.2.1", "a.example", "2001:db8::/32", "bad/999"},
	"if":             {"", "$ssl_server_name != $host"}, "mode": {"", "0400", "0644", "rw"},
	"status": {"error", "warn"}, "key_algorithm": {"RSA", "ECDSA", "0"}, "signature_hash": {"SHA-1", "SHA-256"},
	"http2": {"required", "forbidden", "either"}, "map_case": {"exact", "external", "none"},
	"external": {"ens192", ""}, "internal": {"ens224", ""}, "tls_versions": {"TLSv1.2", "TLSv1.3"}, "tls_required": {"TLSv1.2"},
}

var (
	directives = []string{
		"ssl_protocols", "ssl_ciphers", "ssl_dhparam", "ssl_stapling", "ssl_stapling_verify", "ssl_prefer_server_ciphers", "ssl_session_tickets",
		"ssl_session_cache", "ssl_session_timeout", "ssl_reject_handshake", "server_tokens", "return", "allow", "deny", "autoindex", "dav_methods",
		"stub_status", "client_max_body_size", "keepalive_timeout", "send_timeout", "access_by_lua_block", "proxy_hide_header",
	}
	digests = []string{"aa", "bb", "cc"}
	times   = []string{"2026-01-01T00:00:00Z", "2027-06-01T00:00:00+02:00", "2024-01-01T00:00:00Z", "never", ""}
	numbers = []int64{0, 1, 8, 443, 8445, 8445, 8444, 1000, 60000, 1 << 30, -1}
)

type enumerated interface{ Values() []string }

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
			fill(r, v.Field(i), tag, depth+1)
		}
		identify(r, v)
	}
}

// identify gives a value what the contract promises about it alone.
func identify(r *rand.Rand, v reflect.Value) {
	switch x := v.Addr().Interface().(type) {
	case *evidence.Endpoint:
		host, port, found := strings.Cut(x.Text, ":")
		x.Host, x.HasPort = host, found
		x.Port, _ = strconv.Atoi(port)
	case *evidence.MapEntry:
		x.Subject = evidence.Subject("map", x.Internal.Text)
	case *evidence.Chain:
		x.Subject = pick(r, []string{"edge/rp-a/listener/a.example:8445", "edge/rp-a/file/x"})
	case *evidence.ServerName:
		x.Name = pick(r, []string{"a.example", "b.example", "*.example"})
	case *evidence.Setting:
		x.Name = pick(r, directives)
	case *evidence.KeyFile:
		x.Path = "ssl/nginx.key"
	}
}

// promise makes a document keep what collectors promise about its records
// together: targets of the right kind, and each thing described once.
func promise(d *evidence.Document) {
	edge := func(i int) string { return []string{"edge/rp-a", "edge/rp-b"}[i%2] }
	node := func(i int) string { return []string{"node/n-a", "node/n-b"}[i%2] }
	d.Site.Edges, d.Site.Nodes = atMost(d.Site.Edges, 2), atMost(d.Site.Nodes, 2)
	for i := range d.Site.Edges {
		d.Site.Edges[i].Subject = edge(i)
	}
	for i := range d.Site.Nodes {
		d.Site.Nodes[i].Subject = node(i)
	}
	d.ProxyMap = atMost(d.ProxyMap, 1)
	for i := range d.ProxyMap {
		d.ProxyMap[i].Target = "site"
	}
	d.NginxRules = atMost(d.NginxRules, 2)
	for i := range d.NginxRules {
		rules := &d.NginxRules[i]
		rules.Target = edge(i)
		subjects := []string{}
		for j := range rules.Servers {
			rules.Servers[j].Subject = fmt.Sprintf("%s/server/a.example:443#%d", edge(i), j+1)
			subjects = append(subjects, rules.Servers[j].Subject)
		}
		rules.Sockets = atMost(rules.Sockets, len(subjects))
		for j := range rules.Sockets {
			socket := &rules.Sockets[j]
			socket.Address, socket.Port = fmt.Sprintf("192.0.2.%d", j), 8445
			socket.Servers, socket.Default = subjects[j:], subjects[j]
		}
	}
	d.TLSPosture = atMost(d.TLSPosture, 4)
	for i := range d.TLSPosture {
		p := &d.TLSPosture[i]
		p.Target = []string{edge(i), node(i)}[i/2]
		p.Subject = p.Target + "/listener/a.example:8445"
		p.Versions = atMost(p.Versions, 1)
	}
	for i := range d.CertChain {
		record := &d.CertChain[i]
		record.Target, record.Keys = edge(i), atMost(record.Keys, 1)
		for j := range record.Certificates {
			c := record.Certificates[j]
			// One digest stands for one certificate, wherever it is found.
			same := rand.New(rand.NewPCG(uint64(c.SHA256[0]), 7))
			facts := &record.Certificates[j]
			fill(same, reflect.ValueOf(facts).Elem(), "", 2)
			facts.Place, facts.Holder, facts.Source, facts.SHA256 = c.Place, c.Holder, c.Source, c.SHA256
			facts.Subject = evidence.Subject("cert", c.SHA256)
		}
	}
	d.VOS, d.Framing, d.CORS = atMost(d.VOS, 2), atMost(d.Framing, 2), atMost(d.CORS, 2)
	for i := range d.VOS {
		d.VOS[i].Target = node(i)
	}
	for i := range d.Framing {
		d.Framing[i].Target = node(i)
	}
	for i := range d.CORS {
		d.CORS[i].Target = node(i)
	}
	d.IPTables = atMost(d.IPTables, 4)
	for i := range d.IPTables {
		set := &d.IPTables[i]
		set.Target, set.Family = edge(i), []evidence.Family{evidence.IPv4, evidence.IPv6}[i/2]
		set.Chains = atMost(set.Chains, 4)
		for j := range set.Chains {
			c := &set.Chains[j]
			c.Table, c.Name = "filter", []string{"INPUT", "OUTPUT", "FORWARD", "OTHER"}[j]
			c.BuiltIn = c.Name != "OTHER"
			if c.BuiltIn && c.Policy == "-" {
				c.Policy = "ACCEPT"
			}
		}
		for j := range set.Rules {
			set.Rules[j].Index = j + 1
		}
	}
}

func atMost[T any](list []T, n int) []T { return list[:min(n, len(list))] }

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }
