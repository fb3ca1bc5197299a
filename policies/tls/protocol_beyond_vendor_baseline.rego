# METADATA
# title: Listener speaks a version beyond the vendor's baseline
# description: |-
#   The vendor's guide, read strictly, names one version and asks for everything else to be off. Newer
#   versions are sound by themselves; this only tells that the deployment departs from what was qualified.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc8446
# custom:
#   severity: info
#   fix: Keep the newer version if the profile allows it, or list only TLSv1.2 to follow the guide to the letter.
#   controls: [TLS-02]
#   bad: "ClientHello of TLSv1.3  ->  ServerHello"
#   good: "ssl_protocols TLSv1.2;"
package policies.tls.protocol_beyond_vendor_baseline

# The versions that the strict reading of the guide names; a profile that follows
# another reading allows more.
baseline := {version | some version in input.profile.parameters.http.strict_tls_versions}

subjects contains listener.subject if {
	some listener in input.tlsposture
	startswith(listener.target, "edge/")
}

# Versions that the profile forbids are the business of tls/legacy_protocol.
findings contains {
	"subject": listener.subject,
	"key": version.version,
	"message": sprintf("%s:%d accepts %s; the strict reading of the guide is TLS 1.2 only", [listener.host, listener.port, version.version]),
	"sources": [version.source],
} if {
	some listener in input.tlsposture
	listener.subject in subjects
	some version in listener.versions
	version.answer == "accepted"
	version.version in input.profile.parameters.tls_versions
	not version.version in baseline
}

unsure contains {"subject": listener.subject, "reason": sprintf("%s: %s", [version.version, version.reason])} if {
	some listener in input.tlsposture
	listener.subject in subjects
	some version in listener.versions
	version.answer == "unknown"
	version.version in input.profile.parameters.tls_versions
	not version.version in baseline
}
