# METADATA
# title: Requests by a foreign name get through the gate
# description: |-
#   Who asks an address, an old name or any other host must meet a server that forwards nothing. Requests by hosts that the
#   map does not have were followed through the sockets of the edge.
# related_resources:
# - ref: https://nginx.org/en/docs/http/request_processing.html
# custom:
#   severity: medium
#   fix: "Make a server that refuses everything the default of each socket."
#   controls: [HTTP-02]
#   bad: "listen 8445 ssl;   # the first server takes every name"
#   good: "listen 8445 ssl default_server; ssl_reject_handshake on;"
package policies.http.unnamed_host_reachable

import data.policies.lib.exposed
import data.policies.lib.proxymap

subjects contains subject if some subject in exposed.servers

findings contains object.union(defect, {"subject": subject}) if {
	some subject in subjects
	some defect in exposed.found.unnamed[subject]
}

unsure contains {"subject": subject, "reason": reason} if {
	some subject in subjects
	some reason in exposed.undecided[subject]
}

# Without the map, the proof takes the names of the configuration for those of the gate.
unsure contains {"subject": subject, "reason": "no proxy map tells which hosts clients are to use"} if {
	some subject in subjects
	count(proxymap.external_hosts) == 0
}
