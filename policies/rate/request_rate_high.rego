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

# fast: the zones that let more through than the least generous route under them may have.
fast[[j.server, j.zone]] contains {"place": j.place, "per_minute": j.per_minute, "most": j.most.per_minute, "source": j.zone_source} if {
	some j in judged
	j.per_minute > j.most.per_minute
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s rate", [id[1]]),
	"message": sprintf("zone %s lets %d requests a minute through; at most %d are wanted for %s", [id[1], rate, most, concat(", ", sort({u.place | some u in uses}))]),
	"sources": sort({u.source | some u in uses}),
} if {
	some id, uses in fast
	rate := max([u.per_minute | some u in uses])
	most := min([u.most | some u in uses])
}

bursting[[j.server, j.place, j.zone, j.most.burst]] contains {"burst": j.burst, "source": j.source} if {
	some j in judged
	j.burst > j.most.burst
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s burst", [id[1], id[2]]),
	"message": sprintf("%s lets a burst of %d requests through zone %s; at most %d are wanted", [id[1], max([u.burst | some u in uses]), id[2], id[3]]),
	"sources": sort([u.source | some u in uses]),
} if {
	some id, uses in bursting
}

unsure contains {"subject": j.server, "reason": sprintf("the rate of zone %s, or the burst of %s, could not be read", [j.zone, j.place])} if {
	some j in judged
	min([j.per_minute, j.burst]) < 0
}
