# METADATA
# title: Version beyond the vendor's baseline is configured
# description: |-
#   The vendor's guide, read strictly, names one version and asks for everything else to be off. Newer versions are sound
#   by themselves; this tells that a configuration departs from what was qualified.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_protocols
# custom:
#   severity: info
#   fix: Keep the newer version if the profile allows it, or write ssl_protocols TLSv1.2 to follow the guide to the letter.
#   controls: [TLS-02]
#   bad: "ssl_protocols TLSv1.2 TLSv1.3;"
#   good: "ssl_protocols TLSv1.2;"
package policies.tls.configured_beyond_vendor_baseline

import data.policies.lib.conf_commands
import data.policies.lib.nginx

# The versions that the strict reading of the guide names; a profile that follows
# another reading allows more.
baseline := {version | some version in input.profile.parameters.http.strict_tls_versions}

subjects contains subject if {
	some socket in nginx.sockets
	socket.tls
	not socket.local
	subject := socket["default"]
}

findings contains {
	"subject": subject,
	"key": version,
	"message": sprintf("ssl_protocols offers %s; the strict reading of the guide is TLS 1.2 only", [version]),
	"sources": [setting.source],
	"fix": "ssl_protocols TLSv1.2;",
} if {
	some subject in subjects
	not conf_commands.overriding.protocols[subject]
	some setting in nginx.settings[subject].ssl_protocols
	setting.origin != "unresolved"
	some version in setting.args
	version in input.profile.parameters.tls_versions
	not version in baseline
}

unsure contains {"subject": subject, "reason": "ssl_protocols is not known"} if {
	some subject in subjects
	not nginx.settings[subject].ssl_protocols
}

unsure contains {"subject": subject, "reason": "ssl_protocols is not known"} if {
	some subject in subjects
	some setting in nginx.settings[subject].ssl_protocols
	setting.origin == "unresolved"
}

unsure contains {"subject": subject, "reason": conf_commands.reason("ssl_protocols", names)} if {
	some subject in subjects
	names := conf_commands.overriding.protocols[subject]
}
