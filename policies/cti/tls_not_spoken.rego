# METADATA
# title: Listener of a CTI server speaks the wrong TLS versions
# description: |-
#   The link has to use TLS 1.2. A gateway that still accepts older versions lets an attacker on the way choose one, and
#   one that refuses 1.2 never connects.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc8996
# custom:
#   severity: high
#   fix: Update the gateway to a release with TLS 1.2 and switch the older versions off in Windows.
#   controls: [CTI-09, TLS-13]
#   bad: "pg-a.corp.example:42030 accepts TLSv1.0"
#   good: "pg-a.corp.example:42030 accepts TLSv1.2 only"
package policies.cti.tls_not_spoken

import data.policies.lib.cti

excused contains e.target if {
	some e in input.site.out_of_scope
	e.section == "tlsposture"
}

subjects contains subject if {
	some subject, server in cti.servers
	not "*" in excused
	not server.subject in excused
}

subjects contains posture.target if some posture in postures

postures contains posture if {
	some posture in input.tlsposture
	startswith(posture.target, "cti/")
}

retired := {"SSLv3", "TLSv1.0", "TLSv1.1"}

findings contains {
	"subject": posture.target,
	"key": sprintf("%d %s", [posture.port, version.version]),
	"message": sprintf("%s:%d accepts %s", [posture.host, posture.port, version.version]),
	"sources": [version.source],
} if {
	some posture in postures
	some version in posture.versions
	version.version in retired
	version.answer == "accepted"
}

findings contains {
	"subject": posture.target,
	"key": sprintf("%d without %s", [posture.port, version.version]),
	"message": sprintf("%s:%d refuses %s", [posture.host, posture.port, version.version]),
	"sources": [version.source],
} if {
	some posture in postures
	some version in posture.versions
	version.version == input.profile.parameters.trust.cti.tls_required
	version.answer == "refused"
}

unsure contains {"subject": posture.target, "reason": sprintf("whether %s:%d speaks %s is not known: %s", [posture.host, posture.port, version.version, version.reason])} if {
	some posture in postures
	some version in posture.versions
	version.version in (retired | {input.profile.parameters.trust.cti.tls_required})
	version.answer == "unknown"
}

answered contains posture.target if {
	some posture in postures
	some version in posture.versions
	version.version == input.profile.parameters.trust.cti.tls_required
}

unsure contains {"subject": subject, "reason": "nobody contacted the listener of the CTI server"} if {
	some subject in subjects
	not subject in answered
}
