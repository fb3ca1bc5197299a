# METADATA
# title: Responses are compressed
# description: |-
#   The length of a compressed answer tells how much of what an attacker slipped into the request stands in the answer
#   too, and so gives away tokens byte by byte. Behind TLS nothing but known static files should be compressed.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_gzip_module.html
# - ref: https://www.rfc-editor.org/rfc/rfc9325
# custom:
#   severity: low
#   fix: Remove gzip on from servers and locations that forward requests.
#   controls: [CIS-NGX-2.1.3]
#   bad: "gzip on;"
#   good: "gzip off;"
package policies.http.compression_on

import data.policies.lib.nginx

directives := {"gzip", "brotli", "zstd"}

subjects contains subject if {
	some subject in nginx.tls_servers
	nginx.servers[subject].proxies
}

findings contains {
	"subject": subject,
	"key": directive,
	"message": sprintf("%s is on for the whole server", [directive]),
	"sources": [setting.source],
	"fix": sprintf("%s off;", [directive]),
} if {
	some subject in subjects
	some directive in directives
	some setting in nginx.settings[subject][directive]
	setting.args[0] == "on"
}

findings contains {
	"subject": subject,
	"key": sprintf("%s %s", [directive, place]),
	"message": sprintf("%s is on in %s", [directive, place]),
	"sources": sources,
	"fix": sprintf("%s off;", [directive]),
} if {
	some subject in subjects
	some directive in directives
	some place, settings in nginx.overrides[directive][subject]
	sources := [s.source | some s in settings; s.args[0] == "on"]
	count(sources) > 0
}

unsure contains {"subject": subject, "reason": "gzip is not known"} if {
	some subject in subjects
	not nginx.settings[subject].gzip
}
