# METADATA
# title: SSH server listens towards the internet
# description: |-
#   Guessing of passwords and attacks on the server itself then depend on packet rules alone. An address of the inner network
#   in ListenAddress keeps it away from the outer interface whatever those rules say.
# related_resources:
# - ref: https://man.openbsd.org/sshd_config
# custom:
#   severity: high
#   fix: Name the inner address of the edge in ListenAddress.
#   controls: [NET-11]
#   bad: ListenAddress 0.0.0.0
#   good: 'ListenAddress 10.9.0.10:22'
package policies.ssh.listens_outside

import data.policies.lib.networks

subjects contains record.target if {
	some record in input.host
	record.sshd.known
}

inner[edge.subject] contains address if {
	some edge in input.site.edges
	some address in edge.addresses.private
}

outer[edge.subject] contains address if {
	some edge in input.site.edges
	some address in edge.addresses.public
}

remedy(target) := sprintf("ListenAddress %s", [min(inner[target])]) if inner[target]

remedy(target) := "ListenAddress with the inner address of the edge" if not inner[target]

findings contains {
	"subject": record.target,
	"key": sprintf("%s:%d", [listen.address, listen.port]),
	"message": sprintf("sshd listens on %s, port %d: on every address, the outer one too", [listen.address, listen.port]),
	"fix": remedy(record.target),
	"sources": [listen.source],
} if {
	some record in input.host
	some listen in record.sshd.listens
	listen.wildcard
}

findings contains {
	"subject": record.target,
	"key": sprintf("%s:%d", [listen.address, listen.port]),
	"message": sprintf("sshd listens on the outer address %s, port %d", [listen.address, listen.port]),
	"fix": remedy(record.target),
	"sources": [listen.source],
} if {
	some record in input.host
	some listen in record.sshd.listens
	listen.address in outer[record.target]
	not listen.address in inner_of(record.target)
}

inner_of(target) := inner[target]

inner_of(target) := set() if not inner[target]

unsure contains {"subject": record.target, "reason": sprintf("sshd listens on %s, which the site file does not give the edge", [listen.address])} if {
	some record in input.host
	some listen in record.sshd.listens
	not listen.wildcard
	not listen.address in outer[record.target]
	not listen.address in inner_of(record.target)
	not own(listen.address)
}

own(address) if net.cidr_contains("127.0.0.0/8", networks.cidr(address))

own(address) if address == "::1"

unsure contains {"subject": record.target, "reason": "the addresses that sshd listens on are not known"} if {
	some record in input.host
	record.sshd.known
	count(record.sshd.listens) == 0
}
