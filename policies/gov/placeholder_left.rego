# METADATA
# title: Sample value was left in place
# description: |-
#   Published samples hold names, addresses and certificates of somebody else's laboratory. Where one is left, the gate
#   talks to the wrong host, or trusts what everybody can read in a document.
# custom:
#   severity: high
#   fix: Replace the value by the site's own; a marker comment may stay once its value is replaced.
#   controls: [GOV-01]
#   bad: server_name saproxy.autobot.cvp;
#   good: server_name desk-a.agents.example;
package policies.gov.placeholder_left

import data.policies.lib.proxymap

subjects contains record.target if some record in input.nginxrules

subjects contains pair.subject if some pair in proxymap.pairs

left[[record.target, placeholder.sample, placeholder.text]] contains placeholder.source if {
	some record in input.nginxrules
	some placeholder in record.placeholders
	not placeholder.marker
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], substring(id[2], 0, 120)]),
	"message": sprintf("sample value %s (%s) is in use", [substring(id[2], 0, 120), id[1]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in left
}

is_sample(host) if {
	some pattern in input.profile.parameters.samples.hosts
	glob.match(pattern, null, lower(host))
}

is_sample(host) if host in input.profile.parameters.samples.addresses

findings contains {
	"subject": pair.subject,
	"key": sprintf("internal %s", [pair.key]),
	"message": sprintf("%s is a host of a published sample", [pair.internal.host]),
	"sources": pair.sources,
} if {
	some pair in proxymap.pairs
	is_sample(pair.internal.host)
}

findings contains {
	"subject": pair.subject,
	"key": sprintf("external %s", [pair.key]),
	"message": sprintf("%s is a host of a published sample", [pair.external.host]),
	"sources": pair.sources,
} if {
	some pair in proxymap.pairs
	is_sample(pair.external.host)
}
