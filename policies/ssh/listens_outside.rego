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

# open[[target, address, port]]: where such an address is set, more than once perhaps.
open[[record.target, listen.address, listen.port]] contains {"words": "every address, the outer one too", "source": listen.source} if {
	some record in input.host
	some listen in record.sshd.listens
	listen.wildcard
}

open[[record.target, listen.address, listen.port]] contains {"words": "an outer address", "source": listen.source} if {
	some record in input.host
	some listen in record.sshd.listens
	not listen.wildcard
	listen.address in outer[record.target]
	not listen.address in inner_of(record.target)
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s:%d", [id[1], id[2]]),
	"message": sprintf("sshd listens on %s, port %d: %s", [id[1], id[2], concat(", ", {p.words | some p in places})]),
	"fix": remedy(id[0]),
	"sources": [p.source | some p in places],
} if {
	some id, places in open
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
