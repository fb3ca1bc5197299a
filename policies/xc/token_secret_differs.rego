# METADATA
# title: Token secret differs between gates and identity servers
# description: |-
#   The gate opens agents' tokens with the secret of the identity service. One that differs locks agents out at that
#   gate, or shows that the secret was never put there and something else is accepted.
# custom:
#   severity: medium
#   fix: Put the answer of show ids secret of the publisher into every gate, and regenerate nothing on one side alone.
#   controls: [XC-27]
#   optional: [env]
#   bad: NGX_JWT_SECRET on side B as it was before the identity server was installed anew
#   good: NGX_JWT_SECRET equal to the answer of show ids secret on both sides
package policies.xc.token_secret_differs

import data.policies.lib.secrets

subjects contains s.subject if some s in secrets.edges

short(sha) := substring(sha, 0, 16)

findings contains {
	"subject": s.subject,
	"key": sprintf("%s %s", [s.place, node.subject]),
	"message": sprintf("the secret in %s (SHA-256 %s...) is not that of %s (%s...)", [s.place, short(s.sha256), node.subject, short(node.sha256)]),
	"sources": [s.source, node.source],
} if {
	some s in secrets.edges
	s.sha256 != ""
	some node in secrets.nodes
	node.sha256 != ""
	node.sha256 != s.sha256
}

# Where no identity server tells its secret, the places are compared with each other.
findings contains {
	"subject": s.subject,
	"key": sprintf("%s %s %s", [s.place, other.subject, other.place]),
	"message": sprintf("the secret in %s (SHA-256 %s...) is not that in %s of %s (%s...)", [s.place, short(s.sha256), other.place, other.subject, short(other.sha256)]),
	"sources": [s.source, other.source],
} if {
	some s in secrets.edges
	s.sha256 != ""
	some other in secrets.edges
	other.sha256 != ""
	other.sha256 != s.sha256
	[s.subject, s.place] < [other.subject, other.place]
}

told contains node.subject if {
	some node in secrets.nodes
	node.sha256 != ""
}

unsure contains {"subject": subject, "reason": sprintf("the secret of %s is not known: show ids secret was not run there, or its answer was not recognised", [node])} if {
	some subject in subjects
	some node in secrets.identity
	not node in told
}

unsure contains {"subject": s.subject, "reason": sprintf("the secret in %s is no random key, so that no digest of it was kept", [s.place])} if {
	some s in secrets.edges
	s.sha256 == ""
}
