# What names lead to when they are looked up from the internet.
package policies.lib.public_names

import data.policies.lib.networks

# answers[name]: what every look-up from the internet gave.
answers[name.name] contains {"status": name.status, "addresses": name.addresses, "reason": name.reason, "source": name.source} if {
	some record in input.dns
	record.view == "internet"
	some name in record.names
}

# inner: networks that the internet has no way to (RFC 1918, 3927, 4193, 4291, 6598).
inner := {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "100.64.0.0/10", "fc00::/7", "fe80::/10", "::1/128"}

is_inner(address) if {
	some network in inner
	networks.inside(address, network)
}

# public: names with an address that the internet has a way to. One with a zone
# (fe80::1%eth0) is of the link alone.
public contains name if {
	some name, list in answers
	some answer in list
	answer.status == "answered"
	some address in answer.addresses
	networks.cidr(address)
	not is_inner(address)
}

# missing: names that were looked up, and that nobody outside can reach.
missing contains name if {
	some name, list in answers
	not name in public
	count([a | some a in list; a.status == "failed"]) == 0
}

sources[name] contains answer.source if {
	some name, list in answers
	some answer in list
}
