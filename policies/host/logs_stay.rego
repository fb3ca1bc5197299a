# METADATA
# title: Log of the host is sent nowhere, or in clear text
# description: |-
#   An intruder's first step is to remove the lines that show the way in; a copy elsewhere is out of reach. On the way it must be
#   encrypted, since it names agents, addresses and what was blocked.
# related_resources:
# - ref: https://www.rsyslog.com/doc/configuration/modules/omfwd.html
# custom:
#   severity: medium
#   fix: Send the log to the log server over TLS, with its name verified.
#   controls: [LOG-02, CIS-RHEL-REMOTE-LOGS]
#   bad: '*.* @10.9.0.99'
#   good: 'action(type="omfwd" target="logs.corp.example" port="6514" protocol="tcp" StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="x509/name")'
package policies.host.logs_stay

import data.policies.lib.host

subjects contains target if {
	some target in host.targets
	host.places[target].log_forwarding
}

away[record.target] contains forwarding.source if {
	some record in input.host
	some forwarding in record.log_forwardings
	not forwarding.loopback
}

findings contains {
	"subject": target,
	"key": "nowhere",
	"message": "the log of the host is sent to no other host",
	"fix": "add an action of type omfwd with TLS to /etc/rsyslog.d",
	"sources": [s | some s in host.places[target].log_forwarding],
} if {
	some target in subjects
	not away[target]
}

findings contains {
	"subject": record.target,
	"key": sprintf("clear text %s", [forwarding.host]),
	"message": sprintf("the log goes to %s over %s without encryption", [forwarding.host, forwarding.protocol]),
	"fix": "StreamDriver=\"gtls\" StreamDriverMode=\"1\" StreamDriverAuthMode=\"x509/name\"",
	"sources": [forwarding.source],
} if {
	some record in input.host
	some forwarding in record.log_forwardings
	not forwarding.loopback
	forwarding.tls.known
	not forwarding.tls.value
}

findings contains {
	"subject": record.target,
	"key": sprintf("unverified %s", [forwarding.host]),
	"message": sprintf("the log goes to %s encrypted, but the name of that host is not verified", [forwarding.host]),
	"fix": sprintf("StreamDriverAuthMode=\"x509/name\" StreamDriverPermittedPeers=\"%s\"", [forwarding.host]),
	"sources": [forwarding.source],
} if {
	some record in input.host
	some forwarding in record.log_forwardings
	not forwarding.loopback
	forwarding.tls.known
	forwarding.tls.value
	forwarding.peer_checked.known
	not forwarding.peer_checked.value
}

unsure contains {"subject": record.target, "reason": sprintf("whether the log goes to %s encrypted is not known", [forwarding.host])} if {
	some record in input.host
	some forwarding in record.log_forwardings
	not forwarding.loopback
	not forwarding.tls.known
}

unsure contains {"subject": record.target, "reason": sprintf("whether the name of %s is verified is not known", [forwarding.host])} if {
	some record in input.host
	some forwarding in record.log_forwardings
	not forwarding.loopback
	forwarding.tls.value
	not forwarding.peer_checked.known
}
