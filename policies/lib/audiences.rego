# Whom a list of allow and deny lets in.
package policies.lib.audiences

import data.policies.lib.networks

# closed holds for a list that refuses whoever it does not name, and names no more
# than a site may own. Half of the internet twice is the internet.
closed(allowed, denied) if {
	"all" in denied
	not "all" in allowed
	count([a | some a in allowed; networks.public_size(networks.cidr(a))]) == 0
	sum([bits.lsh(1, 32 - networks.width(network)) | some network in merged(allowed, ".")]) < bits.lsh(1, 25)
	sum([bits.lsh(1, 112 - networks.width(network)) | some network in merged(allowed, ":"); networks.width(network) <= 112]) < bits.lsh(1, 97)
}

# merged: the networks of a family, without overlap and without private ones.
merged(allowed, separator) := {network |
	some network in net.cidr_merge([n | some a in allowed; contains(a, separator); n := networks.cidr(a)])
	count([outer | some outer in private; same_family(network, outer); net.cidr_contains(outer, network)]) == 0
}

private := {"10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/4", "fc00::/7", "fe80::/10", "ff00::/8"}

same_family(a, b) if contains(a, ":") == contains(b, ":")
