# The servers that forward to Finesse and ask nobody for credentials.
package policies.lib.unasked

import data.policies.lib.exposed
import data.policies.lib.forwarding

candidates contains server if {
	some server, roles in forwarding.roles
	count(roles & {"finesse", "uccx"}) > 0
}

asking contains r.server if {
	some r in forwarding.routes
	r.at in forwarding.guarded
}

# scripted: what a script does is not evaluated, and most of them do not ask who comes.
scripted contains r.server if {
	some r in forwarding.routes
	r.at in forwarding.undecided
}

# servers: as a proof shows it, and by what is written where a proof is open.
servers contains subject if some subject in proved

servers contains subject if {
	some subject in candidates
	not subject in exposed.decided
	not subject in asking
	not subject in scripted
}

proved contains subject if {
	some subject in exposed.open
	subject in exposed.decided
	exposed.found.guard[subject]
	not subject in exposed.asking
}

unsure contains subject if {
	some subject in candidates
	not subject in exposed.decided
	not subject in asking
	subject in scripted
}
