# METADATA
# title: Finesse is reached without any authentication at the gate
# description: |-
#   Nodes exempt the gate from their own limits, so that the gate has to know who asks before it forwards. A server
#   that asks nowhere for credentials hands every guess and every flood through.
# custom:
#   severity: critical
#   fix: Load the vendor's Lua access handlers, or use auth_request with the user authentication of the same Finesse.
#   controls: [AUTH-02]
#   bad: location /finesse/ { proxy_pass https://finesse_a; }
#   good: |-
#     auth_request /authenticate;
#     location /finesse/ { proxy_pass https://finesse_a; }
package policies.auth.no_authentication

import data.policies.lib.forwarding

subjects contains server if {
	some server, roles in forwarding.roles
	count(roles & {"finesse", "uccx"}) > 0
}

asking contains r.server if {
	some r in forwarding.routes
	r.at in forwarding.guarded
}

findings contains {
	"subject": subject,
	"key": "no authentication",
	"message": "no location of the server asks for credentials before it forwards to Finesse",
	"sources": sort([r.source | some r in forwarding.of_server[subject]]),
} if {
	some subject in subjects
	not subject in asking
	not subject in scripted
}

# What a script does is not evaluated, and most of them do not ask who comes.
scripted contains r.server if {
	some r in forwarding.routes
	r.at in forwarding.undecided
}

unsure contains {"subject": subject, "reason": "only Lua code could ask for credentials, and uses no module that is known to do so"} if {
	some subject in subjects
	not subject in asking
	subject in scripted
}
