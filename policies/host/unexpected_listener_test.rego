package policies.host.unexpected_listener_test

import data.policies.host.unexpected_listener as rule
import data.policies.lib.fixture
import data.policies.lib.fixture_host

doc(sockets) := object.union(
	fixture_host.doc({"sockets": sockets, "sshd": object.union(fixture_host.sshd([]), {"listens": [{"address": "10.9.0.10", "port": 22, "wildcard": false, "source": fixture_host.place("sshd-T.txt", 3)}]})}, {"monitor_ports": [9100]}),
	{"nginxrules": [fixture.nginx([], [{"address": "*", "port": 8445, "tls": true, "loopback": false, "servers": [], "default": "", "explicit_default": true, "source": fixture_host.place("nginx.conf", 1)}])]},
)

nginx := fixture_host.listener("nginx", "0.0.0.0", 8445, 3)

ssh := fixture_host.listener("sshd", "10.9.0.10", 22, 4)

test_fires_on_another_program if {
	some f in rule.findings with input as doc([nginx, ssh, fixture_host.listener("rpcbind", "0.0.0.0", 111, 5)])
	f.key == "tcp 111"
	f.message == "rpcbind listens on tcp port 111 of 0.0.0.0"
}

test_fires_on_a_program_without_a_name if {
	some f in rule.findings with input as doc([object.union(fixture_host.listener("", "*", 111, 5), {"programs": [], "programs_known": false})])
	startswith(f.message, "a program listens")
}

test_silent_on_what_the_gate_needs if {
	lease := object.union(fixture_host.listener("dhclient", "0.0.0.0", 68, 7), {"protocol": "udp"})
	d := doc([nginx, ssh, fixture_host.listener("chronyd", "127.0.0.1", 323, 6), lease, fixture_host.listener("node_exporter", "10.9.0.10", 9100, 8)])
	count(rule.findings) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_silent_where_the_sockets_were_not_read if count(rule.subjects) == 0 with input as {"host": [fixture_host.unread("sockets", {})]}
