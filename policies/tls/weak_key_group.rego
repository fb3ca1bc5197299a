# METADATA
# title: Listener agrees keys in a weak group
# description: |-
#   Old curves and small groups were left behind because they can be broken with effort, and a client that is talked into one
#   loses what the suite promises. Every browser of a desktop knows the groups of the profile.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc9325
# - ref: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_ecdh_curve
# custom:
#   severity: medium
#   fix: List X25519, prime256v1 and secp384r1 in ssl_ecdh_curve.
#   controls: [TLS-03, TLS-13]
#   bad: "ssl_ecdh_curve secp192k1:prime256v1;"
#   good: "ssl_ecdh_curve X25519:prime256v1:secp384r1;"
package policies.tls.weak_key_group

subjects contains listener.subject if some listener in input.tlsposture

accepted := {lower(group) | some group in input.profile.parameters.http.key_groups}

# Each version of the protocol has its own answers.
weak[[listener.subject, group.name]] contains {"version": group.version, "host": listener.host, "port": listener.port, "source": listener.source} if {
	some listener in input.tlsposture
	some group in listener.groups
	not lower(group.name) in accepted
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s:%d agrees keys in %s", [seen[0].host, seen[0].port, id[1]]),
	"sources": [seen[0].source],
	"fix": "ssl_ecdh_curve X25519:prime256v1:secp384r1;",
	"witness": {"kind": "handshake", "text": sprintf("ClientHello of %s offering only the group %s, answered by ServerHello", [seen[0].version, id[1]])},
} if {
	some id, answers in weak
	seen := [a | some a in answers]
}

unsure contains {"subject": listener.subject, "reason": "no suite was found, so the groups are not known"} if {
	some listener in input.tlsposture
	count(listener.suites) == 0
}
