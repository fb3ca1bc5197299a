# METADATA
# title: Socket is configured for the wrong TLS versions
# description: |-
#   nginx takes the versions from the default server of a socket before it knows the name, so that
#   server alone decides for all of them. A retired version there, or a missing one, holds for every name.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_protocols
# - ref: https://www.rfc-editor.org/rfc/rfc8996
# custom:
#   severity: high
#   fix: Write ssl_protocols with exactly the versions that the profile allows in the http block or in the default server.
#   controls: [TLS-01, CIS-NGX-4.1.4]
#   bad: "ssl_protocols TLSv1 TLSv1.1 TLSv1.2;"
#   good: "ssl_protocols TLSv1.2;"
package policies.tls.configured_protocol

import data.policies.lib.conf_commands
import data.policies.lib.nginx

subjects contains socket.subject if {
	some socket in nginx.sockets
	socket.tls
	not socket.local
}

# nginx writes TLS 1.0 without its minor version.
spelling := {"TLSv1": "TLSv1.0"}

called(word) := spelling[word]

called(word) := word if not spelling[word]

offered contains {"socket": socket.subject, "name": socket.name, "version": called(word), "origin": setting.origin, "release": setting.version, "source": setting.source} if {
	some socket in nginx.sockets
	socket.subject in subjects
	not conf_commands.overriding.protocols[socket["default"]]
	some setting in nginx.settings[socket["default"]].ssl_protocols
	setting.origin != "unresolved"
	some word in setting.args
	word != ""
}

findings contains {
	"subject": o.socket,
	"key": o.version,
	"message": sprintf("the default server of %s offers %s%s", [o.name, o.version, by_default(o.origin, o.release)]),
	"sources": [o.source],
} if {
	some o in offered
	not o.version in input.profile.parameters.tls_versions
}

findings contains {
	"subject": socket.subject,
	"key": sprintf("missing %s", [required]),
	"message": sprintf("the default server of %s does not offer %s", [socket.name, required]),
	"sources": [setting.source],
} if {
	some socket in nginx.sockets
	socket.subject in subjects
	not conf_commands.overriding.protocols[socket["default"]]
	some setting in nginx.settings[socket["default"]].ssl_protocols
	setting.origin != "unresolved"
	words := {called(word) | some word in setting.args}
	some required in input.profile.parameters.tls_required
	not required in words
}

by_default("default", release) := sprintf(" by default (nginx %s)", [release])

by_default(origin, _) := "" if origin != "default"

unsure contains {"subject": socket.subject, "reason": sprintf("ssl_protocols is not written and its default depends on the version: %s", [setting.version])} if {
	some socket in nginx.sockets
	socket.subject in subjects
	some setting in nginx.settings[socket["default"]].ssl_protocols
	setting.origin == "unresolved"
}

unsure contains {"subject": socket.subject, "reason": "ssl_protocols of the default server is not known"} if {
	some socket in nginx.sockets
	socket.subject in subjects
	not nginx.settings[socket["default"]].ssl_protocols
}

unsure contains {"subject": socket.subject, "reason": conf_commands.reason("ssl_protocols", names)} if {
	some socket in nginx.sockets
	socket.subject in subjects
	names := conf_commands.overriding.protocols[socket["default"]]
}
