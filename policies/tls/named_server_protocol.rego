# METADATA
# title: Server that is not the default of its socket names retired TLS versions
# description: |-
#   Most releases of nginx take the versions from the default server of the socket alone; newer ones follow the name.
#   An update, or a change of the default server, then opens the old version without anybody having written it anew.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_protocols
# custom:
#   severity: medium
#   fix: Remove ssl_protocols from the server, so that the one of the http block holds, or write the same versions as there.
#   controls: [TLS-01]
#   bad: "ssl_protocols TLSv1 TLSv1.2;   # in a server beside the default server"
#   good: "ssl_protocols TLSv1.2;"
package policies.tls.named_server_protocol

import data.policies.lib.conf_commands
import data.policies.lib.nginx

# What default servers offer is judged by socket, elsewhere.
subjects contains server if {
	some server in nginx.tls_servers
	not server in nginx.socket_defaults
}

spelling := {"TLSv1": "TLSv1.0"}

findings contains {
	"subject": server,
	"key": version,
	"message": sprintf("this server names %s, which holds for its name once nginx or the default server of the socket changes", [version]),
	"sources": [setting.source],
} if {
	some server in subjects
	not conf_commands.overriding.protocols[server]
	some setting in nginx.settings[server].ssl_protocols
	setting.origin == "explicit"
	some word in setting.args
	version := object.get(spelling, word, word)
	not version in input.profile.parameters.tls_versions
}

unsure contains {"subject": server, "reason": conf_commands.reason("ssl_protocols", names)} if {
	some server in subjects
	names := conf_commands.overriding.protocols[server]
}
