# What names lead to in the views that the site file declares.
package policies.lib.lookups

# of[[view, name]]: the answers about a folded name; a view may be declared twice.
of := groups

groups[[record.view, name.name]] contains {"status": name.status, "addresses": name.addresses, "aliases": name.aliases, "reason": name.reason, "source": name.source} if {
	some record in input.dns
	some name in record.names
}

views contains record.view if some record in input.dns

# addresses, sources: of all answers about a name in a view.
addresses(view, name) := {lower(a) |
	some answer in groups[[view, name]]
	some a in answer.addresses
}

aliases(view, name) := {trim_suffix(lower(a), ".") |
	some answer in groups[[view, name]]
	some a in answer.aliases
}

sources(view, name) := [answer.source | some answer in groups[[view, name]]]

# status is "answered" where any answer has an address, "missing" where all say
# that there is none, and "open" otherwise, also for what was not looked up.
status(view, name) := "answered" if {
	some answer in groups[[view, name]]
	answer.status == "answered"
}

status(view, name) := "missing" if {
	groups[[view, name]]
	every answer in groups[[view, name]] {
		answer.status in {"no_address", "nxdomain"}
	}
}

status(view, name) := "open" if not decided(view, name)

decided(view, name) if {
	some answer in groups[[view, name]]
	answer.status == "answered"
}

decided(view, name) if {
	groups[[view, name]]
	every answer in groups[[view, name]] {
		answer.status in {"no_address", "nxdomain"}
	}
}

# inside holds for addresses that no router of the internet passes on.
inside(address) if {
	some network in ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "100.64.0.0/10"]
	not contains(address, ":")
	net.cidr_is_valid(sprintf("%s/32", [address]))
	net.cidr_contains(network, address)
}

inside(address) if {
	some network in ["fc00::/7", "fe80::/10", "::1/128"]
	contains(address, ":")
	net.cidr_is_valid(sprintf("%s/128", [address]))
	net.cidr_contains(network, address)
}
