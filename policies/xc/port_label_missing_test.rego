package policies.xc.port_label_missing_test

import data.policies.lib.fixture
import data.policies.lib.fixture_host
import data.policies.xc.port_label_missing as rule

label(type, from, to) := {"type": type, "protocol": "tcp", "from": from, "to": to, "source": fixture_host.place("semanage-port.txt", 4)}

socket := {"address": "*", "port": 12005, "tls": true, "loopback": false, "servers": [], "default": "", "explicit_default": true, "source": fixture.at("rp-a/nginx.conf", 7, "explicit")}

doc(labels) := object.union(fixture_host.doc({"port_labels": labels}, {"port_types": ["http_port_t", "http_cache_port_t"]}), {"nginxrules": [fixture.nginx([], [socket])]})

test_fires_on_a_port_without_a_label if {
	some f in rule.findings with input as doc([label("ssh_port_t", 22, 22)])
	f.key == "12005"
	f.fix == "semanage port -a -t http_port_t -p tcp 12005"
	f.message == "nginx listens on 12005, whose type is not set"
	count(f.sources) == 2
}

test_fires_on_a_label_of_another_program if {
	some f in rule.findings with input as doc([label("other_port_t", 12005, 12005)])
	f.fix == "semanage port -m -t http_port_t -p tcp 12005"
	{g.fix | some g in rule.findings} == {"semanage port -a -t http_port_t -p tcp 12005"} with input as doc([label("unreserved_port_t", 1024, 32767)])
}

test_silent_on_a_port_of_web_servers if {
	count(rule.findings) == 0 with input as doc([label("http_port_t", 12005, 12005), label("unreserved_port_t", 1024, 32767)])
	count(rule.findings) == 0 with input as doc([label("http_cache_port_t", 12000, 12010)])
	count(rule.subjects) == 1 with input as doc([])
}

test_silent_where_selinux_is_off if {
	off := object.union(fixture_host.record({}).selinux, {"mode": "disabled"})
	d := object.union(doc([]), {"host": [fixture_host.record({"selinux": off})]})
	count(rule.subjects) == 0 with input as d
	count(rule.findings) == 0 with input as d
}
