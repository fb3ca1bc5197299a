# METADATA
# title: Request limit lies far beyond the published one
# description: |-
#   A limit that no flood reaches is none. The published rates leave room for a busy desktop; several agents behind one
#   address need a multiple of them, but no hundredfold.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_limit_req_module.html#limit_req_zone
# custom:
#   severity: medium
#   fix: Set rate and burst to the published values of the product, or as far above them as agents behind one address need.
#   controls: [RATE-02]
#   bad: limit_req_zone $binary_remote_addr zone=ids:10m rate=500r/s;
#   good: limit_req_zone $binary_remote_addr zone=ids:10m rate=5r/s;
package policies.rate.request_rate_high

import data.policies.lib.limits

# judged: the limits that count clients, on routes to products with published ones.
judged contains {
	"server": l.server, "place": l.place, "zone": l.zone, "burst": l.burst, "per_minute": zone.per_minute, "most": limits.most_of[l.at],
	"source": l.source, "zone_source": zone.source,
} if {
	some l in limits.requests
	limits.most_of[l.at]
	some zone in limits.zones[l.edge][l.zone]
	zone.kind == "limit_req_zone"
	zone.key in limits.client_variables[l.edge]
}

subjects contains j.server if some j in judged

findings contains {
	"subject": id[0],
	"key": sprintf("%s rate", [id[1]]),
	"message": sprintf("zone %s lets %d requests a minute through; at most %d are wanted for %s", [id[1], id[2], id[3], concat(", ", places)]),
	"sources": [id[4]],
} if {
	some id in {[j.server, j.zone, j.per_minute, j.most.per_minute, j.zone_source] | some j in judged; j.per_minute > j.most.per_minute}
	places := sort({j.place | some j in judged; j.server == id[0]; j.zone == id[1]; j.per_minute > j.most.per_minute; j.most.per_minute == id[3]})
	id[3] == min({j.most.per_minute | some j in judged; j.server == id[0]; j.zone == id[1]})
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s burst", [id[1], id[2]]),
	"message": sprintf("%s lets a burst of %d requests through zone %s; at most %d are wanted", [id[1], id[3], id[2], id[4]]),
	"sources": [source],
} if {
	some id in {[j.server, j.place, j.zone, j.burst, j.most.burst] | some j in judged; j.burst > j.most.burst}
	source := sort([j.source | some j in judged; j.server == id[0]; j.place == id[1]; j.zone == id[2]])[0]
}
