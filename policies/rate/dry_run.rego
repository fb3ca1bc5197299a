# METADATA
# title: Limits are only counted, not enforced
# description: |-
#   In a dry run requests above a limit are logged and let through. It is meant for the days in which a limit is
#   tried, and is forgotten easily since nothing fails.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_limit_req_module.html#limit_req_dry_run
# custom:
#   severity: high
#   fix: Remove limit_req_dry_run and limit_conn_dry_run, or set them to off.
#   controls: [RATE-05]
#   bad: limit_req_dry_run on;
#   good: limit_req_dry_run off;
package policies.rate.dry_run

import data.policies.lib.forwarding

subjects contains r.server if some r in forwarding.passages

dry[[r.server, name]] contains {"place": r.place, "source": s.source} if {
	some r in forwarding.passages
	some name in {"limit_req_dry_run", "limit_conn_dry_run"}
	some s in forwarding.effective(r.at, r.server, name)
	s.args == ["on"]
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s is on for %s", [id[1], concat(", ", sort([u.place | some u in uses]))]),
	"fix": sprintf("%s off;", [id[1]]),
	"sources": sort({u.source | some u in uses}),
} if {
	some id, uses in dry
}
