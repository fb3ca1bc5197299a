// SPDX-License-Identifier: Apache-2.0

package lab

// Fault is one defect that the demo plants, and where an audit must find it.
type Fault struct {
	Name string
	// Rule is the rule that must find it.
	Rule string
	// File and Needle place it: the line of the file that holds the needle. A file
	// below "captured" is what the audit reads over SSH.
	File, Needle string
	// Host and Port place a fault that only a live listener shows.
	Host string
	Port int
	// Path is the whole place where no line can be named.
	Path string
	// OnNginx marks a fault that needs nginx as the edge.
	OnNginx bool
}

const confDir = "rp-a/tree/" + prefix + "/conf/"

// Faults lists everything that is planted.
func Faults() []Fault {
	return []Fault{
		// proxymap
		{Name: "map-grammar", Rule: "map/unreadable_entry", File: "https://map.corp.example/proxymap.txt", Needle: "https://ld-a"},
		{Name: "map-case", Rule: "map/case_mismatch", File: "https://map.corp.example/proxymap.txt", Needle: "Desk-A"},
		{Name: "map-duplicate", Rule: "map/duplicate_entry", File: "https://map.corp.example/proxymap.txt", Needle: "gadgets.corp"},
		// nginxrules
		{Name: "version-disclosed", Rule: "http/version_disclosed", File: confDir + "nginx.conf", Needle: "server_tokens"},
		{Name: "slow-clients", Rule: "http/slow_client_tolerated", File: confDir + "nginx.conf", Needle: "client_header_timeout"},
		{Name: "default-answers", Rule: "http/default_server_answers", File: confDir + "conf.d/default.conf", Needle: "left over"},
		{Name: "directory-listing", Rule: "http/directory_listing", File: confDir + "conf.d/finesse.conf", Needle: "autoindex on"},
		{Name: "wildcard-name", Rule: "http/catch_all_name_proxied", File: confDir + "conf.d/finesse.conf", Needle: "*.agents.example"},
		{Name: "status-exposed", Rule: "http/status_page_exposed", File: confDir + "conf.d/status.conf", Needle: "stub_status"},
		{Name: "old-protocol", Rule: "tls/configured_protocol", File: confDir + "conf.d/tls.conf", Needle: "ssl_protocols"},
		{Name: "session-tickets", Rule: "tls/session_tickets", File: confDir + "conf.d/tls.conf", Needle: "ssl_session_tickets"},
		{Name: "short-secret", Rule: "auth/short_secret", File: confDir + "conf.d/maps.conf", Needle: "default \""},
		{Name: "placeholder", Rule: "gov/placeholder_left", File: confDir + "conf.d/cuic.conf", Needle: "192.168.1.3"},
		{Name: "wrong-upstream", Rule: "xc/forward_differs_from_map", File: confDir + "conf.d/finesse.conf", Needle: "proxy_pass https://finesse_b"},
		// tlsposture
		{Name: "outdated-node", Rule: "tls/legacy_protocol", Host: "cuic-a.corp.example", Port: 8444},
		{Name: "cbc-node", Rule: "tls/cbc_suite", Host: "cuic-a.corp.example", Port: 8444},
		// certchain
		{Name: "chain-incomplete", Rule: "cert/incomplete_chain", Host: "desk-a.agents.example", Port: 8553},
		{Name: "wrong-certificate", Rule: "cert/name_not_covered", Host: "desk-b.agents.example", Port: 8445, OnNginx: true},
		{Name: "expiring", Rule: "cert/expiring", Host: "ids-a.corp.example", Port: 8553},
		{Name: "key-readable", Rule: "cert/key_file_readable", Path: confDir + "ssl/ids.key"},
		// iptables
		{Name: "open-egress", Rule: "net/outbound_open", File: "rp-a/iptables-save.txt", Needle: ":OUTPUT"},
		{Name: "open-ipv6", Rule: "net/inbound_open", File: "rp-a/ip6tables-save.txt", Needle: ":INPUT"},
		{Name: "limit-weak", Rule: "rate/packet_limit_differs", File: "rp-a/iptables-save.txt", Needle: "600/sec"},
		{Name: "limit-missing", Rule: "rate/packet_limit_differs", File: "https://map.corp.example/proxymap.txt", Needle: "ids-a.corp"},
		// vos
		{Name: "host-not-trusted", Rule: "vos/trusted_host_missing", File: "fin-b/cli.txt", Needle: "allowed-hosts list"},
		{Name: "balancer-trusted", Rule: "vos/load_balancer_trusted", File: "captured/cuic-a/cli.txt", Needle: "lb.agents.example"},
		{Name: "map-clear-text", Rule: "vos/clear_text_map_source", File: "captured/ld-a/cli.txt", Needle: "http://map"},
		{Name: "client-auth-off", Rule: "vos/client_auth_disabled", File: "captured/ids-a/cli.txt", Needle: "is disabled"},
		{Name: "node-outdated-client", Rule: "tls/node_tls_minimum", File: "captured/ids-a/cli.txt", Needle: "client tls min-version is set to 1.0"},
		// cors
		{Name: "origin-missing", Rule: "cors/origin_missing", File: "captured/fin-a/cli.txt", Needle: "allowed_origin list"},
		{Name: "origin-clear-text", Rule: "cors/clear_text_origin", File: "captured/fin-a/cli.txt", Needle: "http://crm"},
		{Name: "origin-stale", Rule: "cors/unknown_origin", File: "captured/cuic-a/cli.txt", Needle: "old-desk"},
		{Name: "cors-for-all", Rule: "cors/filter_off_or_permissive", File: "fin-b/cli.txt", Needle: "for all"},
		// framing
		{Name: "frame-broad", Rule: "framing/malformed_or_broad_entry", File: "captured/fin-a/cli.txt", Needle: "https://*"},
	}
}

func knownFault(name string) bool {
	for _, f := range Faults() {
		if f.Name == name {
			return true
		}
	}
	return false
}
