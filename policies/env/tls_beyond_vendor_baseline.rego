# METADATA
# title: Installer's files name a version beyond the vendor's baseline
# description: |-
#   The vendor's guide, read strictly, names one version and asks for everything else to be off. The next start of the
#   installer writes this list into every listener; it is sound, and departs from what was qualified.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_protocols
# custom:
#   severity: info
#   fix: Keep the newer version if the profile allows it, or set NGX_SSL_PROTO=TLSv1.2 to follow the guide to the letter.
#   controls: [TLS-02]
#   optional: [env]
#   bad: NGX_SSL_PROTO="TLSv1.2 TLSv1.3"
#   good: NGX_SSL_PROTO=TLSv1.2
package policies.env.tls_beyond_vendor_baseline

import data.policies.lib.env

subjects contains edge if some edge in env.declared

# named[[edge, file, version]]: the versions of each list. What no version may be, another
# rule reports.
named[[edge, p.file, version]] contains p.source if {
	some edge, by_name in env.properties
	some p in by_name.NGX_SSL_PROTO
	some version in regex.split(`[\s,]+`, trim_space(p.text))
	version in input.profile.parameters.tls_versions
	not version in input.profile.parameters.http.strict_tls_versions
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [env.words(id[1]), id[2]]),
	"message": sprintf("NGX_SSL_PROTO in %s names %s; the strict reading of the guide is %s only", [env.words(id[1]), id[2], concat(" and ", input.profile.parameters.http.strict_tls_versions)]),
	"sources": [s | some s in sources],
	"fix": sprintf("NGX_SSL_PROTO=%q", [concat(" ", input.profile.parameters.http.strict_tls_versions)]),
} if {
	some id, sources in named
}

# What no file assigns is judged in the configuration.
unsure contains {"subject": record.target, "reason": sprintf("NGX_SSL_PROTO in %s has no value that is known", [p.file])} if {
	some record in env.records
	some p in record.properties
	p.name == "NGX_SSL_PROTO"
	p.set
	p.effective
	not p.value.known
}

unsure contains u if some u in env.unread
