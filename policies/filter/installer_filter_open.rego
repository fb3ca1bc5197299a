# METADATA
# title: Installer's patterns let every client through
# description: |-
#   A pattern that takes scripts and empty names, or a list that takes every host, looks like a filter and is none. It is
#   what an outage in the night leaves behind.
# custom:
#   severity: medium
#   fix: Write the browsers that agents use into NGX_VALID_USER_AGENTS_REGEX, and single hosts into NGX_VALID_REFERRERS.
#   controls: [HTTP-14, HTTP-15]
#   optional: [env]
#   bad: NGX_VALID_USER_AGENTS_REGEX='.*'
#   good: NGX_VALID_USER_AGENTS_REGEX='^Mozilla/5[.]0 '
package policies.filter.installer_filter_open

import data.policies.lib.env

subjects contains edge if some edge in env.declared

# What no browser of an agent is called.
strangers := {"", "curl/8.5.0", "python-requests/2.31"}

findings contains {
	"subject": edge,
	"key": sprintf("%s %s", [env.words(p.file), "NGX_VALID_USER_AGENTS_REGEX"]),
	"message": sprintf("NGX_VALID_USER_AGENTS_REGEX in %s takes the User-Agent %q", [env.words(p.file), min(taken)]),
	"sources": [p.source],
	"fix": "NGX_VALID_USER_AGENTS_REGEX='^Mozilla/5\\.0 '",
} if {
	some edge, by_name in env.properties
	some p in by_name.NGX_VALID_USER_AGENTS_REGEX
	p.set
	regex.is_valid(p.text)
	taken := {name | some name in strangers; regex.match(p.text, name)}
	count(taken) > 0
}

unsure contains {"subject": edge, "reason": sprintf("the pattern of NGX_VALID_USER_AGENTS_REGEX in %s is not understood", [env.words(p.file)])} if {
	some edge, by_name in env.properties
	some p in by_name.NGX_VALID_USER_AGENTS_REGEX
	p.set
	not regex.is_valid(p.text)
}

# A wildcard in front of a domain of the site is a choice; one that holds every
# host, or all hosts below a top domain, is none.
findings contains {
	"subject": edge,
	"key": sprintf("%s NGX_VALID_REFERRERS %s", [env.words(p.file), item]),
	"message": sprintf("NGX_VALID_REFERRERS in %s holds %s, which takes pages of strangers", [env.words(p.file), item]),
	"sources": [p.source],
	"fix": sprintf("Remove %s from NGX_VALID_REFERRERS and name the hosts.", [item]),
} if {
	some edge, by_name in env.properties
	some p in by_name.NGX_VALID_REFERRERS
	p.set
	some item in p.list
	regex.match(`^~?\^?\.?\*(\.[A-Za-z0-9-]+)?\$?$`, item)
}

unsure contains u if some u in env.unread
