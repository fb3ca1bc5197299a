# METADATA
# title: Sample value was left in the installer's files
# description: |-
#   The delivered files hold names and addresses of somebody else's laboratory. Where one is left, the gate talks to
#   the wrong host, trusts a stranger's address, or does not start at all.
# custom:
#   severity: high
#   fix: Replace the value by the site's own.
#   controls: [GOV-01, XC-40]
#   optional: [env]
#   bad: NGX_FIN_HOSTNAME=finesse.host.domain
#   good: NGX_FIN_HOSTNAME=fin-a.corp.example
package policies.gov.installer_sample_left

import data.policies.lib.env

subjects contains edge if some edge in env.declared

# A public resolver is judged by a rule of its own.
left[[record.target, p.file, p.name]] contains {"text": p.value.value, "sample": p.sample, "source": p.source} if {
	some record in env.records
	some p in record.properties
	p.set
	p.effective
	not p.sample in {"", "public resolver of the sample"}
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("%s in %s still is the sample's %s (%s)", [id[2], id[1], substring(value.text, 0, 120), value.sample]),
	"sources": [value.source, env.places[id[0]]],
} if {
	some id, values in left
	some value in values
}

unsure contains u if some u in env.unread
