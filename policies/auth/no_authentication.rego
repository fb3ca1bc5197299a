# METADATA
# title: Finesse is reached without any authentication at the gate
# description: |-
#   Nodes exempt the gate from their own limits, so that the gate has to know who asks before it forwards. A server
#   that asks nowhere for credentials hands every guess and every flood through.
# custom:
#   severity: critical
#   fix: Load the vendor's Lua access handlers, or use auth_request with the user authentication of the same Finesse.
#   controls: [AUTH-01, AUTH-02]
#   bad: location /finesse/ { proxy_pass https://finesse_a; }
#   good: |-
#     auth_request /authenticate;
#     location /finesse/ { proxy_pass https://finesse_a; }
package policies.auth.no_authentication

import data.policies.lib.exposed
import data.policies.lib.forwarding
import data.policies.lib.unasked

subjects contains subject if some subject in unasked.candidates

subjects contains subject if some subject in unasked.servers

findings contains {
	"subject": subject,
	"key": "no authentication",
	"message": sprintf("no request that gets through to Finesse is asked for credentials: %s", [first.message]),
	"fix": first.fix,
	"witness": first.witness,
	"sources": array.concat(first.sources, sort(others)),
} if {
	some subject in unasked.servers
	first := min(exposed.found.guard[subject])
	others := {s | some d in exposed.found.guard[subject]; some s in d.sources; not s in first.sources}
}

findings contains {
	"subject": subject,
	"key": "no authentication",
	"message": "no location of the server asks for credentials before it forwards to Finesse",
	"sources": sort([r.source | some r in forwarding.of_server[subject]]),
} if {
	some subject in unasked.servers
	not exposed.found.guard[subject]
}

unsure contains {"subject": subject, "reason": "only Lua code could ask for credentials, and uses no module that is known to do so"} if {
	some subject in unasked.unsure
}
