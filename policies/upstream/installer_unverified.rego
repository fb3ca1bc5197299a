# METADATA
# title: Installer leaves upstream certificates unverified
# description: |-
#   The installer writes the gate's configuration anew at every start, so that what its files say outlives an edit.
#   Without verification whoever stands before a node reads credentials.
# custom:
#   severity: high
#   fix: Set NGX_PRXY_SSL_VERIFY=on and NGX_PRXY_SSL_TRUST_CRT in the component's file.
#   controls: [UP-06]
#   optional: [env]
#   bad: NGX_PRXY_SSL_VERIFY=off
#   good: NGX_PRXY_SSL_VERIFY=on
package policies.upstream.installer_unverified

import data.policies.lib.env

subjects contains edge if some edge in env.declared

gate := input.profile.parameters.gate

findings contains {
	"subject": edge,
	"key": sprintf("%s NGX_PRXY_SSL_VERIFY", [env.words(p.file)]),
	"message": sprintf("NGX_PRXY_SSL_VERIFY is off in %s", [env.words(p.file)]),
	"fix": "NGX_PRXY_SSL_VERIFY=on",
	"sources": [p.source],
} if {
	some edge, by_name in env.properties
	some p in by_name.NGX_PRXY_SSL_VERIFY
	p.switch.known
	not p.switch.value
}

findings contains {
	"subject": edge,
	"key": sprintf("%s NGX_PRXY_SSL_TRUST_CRT", [env.words(p.file)]),
	"message": sprintf("NGX_PRXY_SSL_TRUST_CRT is empty in %s: no authority is pinned", [env.words(p.file)]),
	"sources": [p.source],
} if {
	some edge, by_name in env.properties
	some p in by_name.NGX_PRXY_SSL_TRUST_CRT
	p.set
	trim_space(p.text) == ""
}

findings contains {
	"subject": edge,
	"key": sprintf("%s NGX_PRXY_SSL_VERIFY_DEPTH", [env.words(p.file)]),
	"message": sprintf("NGX_PRXY_SSL_VERIFY_DEPTH is %d in %s; %d to %d are wanted", [p.number.value, env.words(p.file), gate.verify_depth_least, gate.verify_depth_most]),
	"fix": sprintf("NGX_PRXY_SSL_VERIFY_DEPTH=%d", [gate.verify_depth_most]),
	"sources": [p.source],
} if {
	some edge, by_name in env.properties
	some p in by_name.NGX_PRXY_SSL_VERIFY_DEPTH
	p.number.known
	not within(p.number.value)
}

within(depth) if {
	depth >= gate.verify_depth_least
	depth <= gate.verify_depth_most
}

unsure contains {"subject": edge, "reason": reason} if {
	some edge, by_name in env.untold
	some reason in by_name.NGX_PRXY_SSL_VERIFY
}

unsure contains u if some u in env.unread
