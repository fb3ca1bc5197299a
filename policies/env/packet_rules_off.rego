# METADATA
# title: Installer sets no packet rules
# description: |-
#   Nodes exempt the gate from their limits because the gate has its own. With this switch off the rules against
#   malformed, spoofed and flooding packets are never set.
# custom:
#   severity: high
#   fix: Set NGX_IPTABLES_HARDENING=1.
#   controls: [NET-12]
#   optional: [env]
#   bad: NGX_IPTABLES_HARDENING=false
#   good: NGX_IPTABLES_HARDENING=true
package policies.env.packet_rules_off

import data.policies.lib.env

subjects contains edge if some edge in env.declared

# wanted: what each switch has to be, and what follows where it is not.
wanted := {"NGX_IPTABLES_HARDENING": {"value": true, "else": "malformed, spoofed and flooding packets are not dropped"}}

findings contains {
	"subject": edge,
	"key": sprintf("%s %s", [env.words(p.file), name]),
	"message": sprintf("%s is %q in %s: %s", [name, p.text, env.words(p.file), want["else"]]),
	"fix": sprintf("%s=%v", [name, want.value]),
	"sources": [p.source],
} if {
	some name, want in wanted
	some edge, by_name in env.properties
	some p in by_name[name]
	p.switch.known
	p.switch.value != want.value
}

unsure contains {"subject": edge, "reason": reason} if {
	some name, _ in wanted
	some edge, by_name in env.untold
	some reason in by_name[name]
}

unsure contains u if some u in env.unread
