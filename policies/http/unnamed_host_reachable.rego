# METADATA
# title: Requests by a foreign name get through the gate
# description: |-
#   A name that the map does not have, such as that of a former gate, must meet a server that forwards nothing. Requests
#   by such hosts were followed through the sockets; what a wildcard or a default server lets in is told by other rules.
# related_resources:
# - ref: https://nginx.org/en/docs/http/server_names.html
# custom:
#   severity: medium
#   fix: "List the external hosts of the proxy map in server_name, and no others."
#   controls: [HTTP-02]
#   bad: "server_name desk-a.agents.example old.agents.example;"
#   good: "server_name desk-a.agents.example;"
package policies.http.unnamed_host_reachable

import data.policies.lib.exposed
import data.policies.lib.nginx
import data.policies.lib.proxymap

# A server that all strangers reach by its other defect is judged for that one.
subjects contains subject if {
	some subject in exposed.servers
	not exposed.strangers[subject]
}

subjects contains subject if some [subject, _] in here

# here: the servers and ports at which neither a wildcard nor the default lets in.
here contains [subject, port] if {
	some subject, ports in exposed.strangers
	some port, _ in ports
	not subject in nginx.catching
	not [subject, port] in nginx.default_ports
}

findings contains object.union(defect, {"subject": subject, "sources": array.concat(names, [s | some s in defect.sources; not s in names]), "fix": fix}) if {
	some [subject, port] in here
	some defect in exposed.found.unnamed[subject]
	endswith(defect.key, sprintf(":%d", [port]))
	hosts := exposed.strangers[subject][port]
	listed := [[name.name, name.source] | some name in nginx.servers[subject].names; lower(name.name) in hosts]
	names := [source | some [_, source] in listed]
	fix := mend(concat(" ", sort({name | some [name, _] in listed})), defect.fix)
}

mend("", general) := general

mend(names, _) := sprintf("Take %s out of server_name, and let a default_server refuse it: return 444;", [names]) if names != ""

unsure contains {"subject": subject, "reason": reason} if {
	some subject in subjects
	some reason in exposed.undecided[subject]
}

# Without the map, the proof takes the names of the configuration for those of the gate.
unsure contains {"subject": subject, "reason": "no proxy map tells which hosts clients are to use"} if {
	some subject in subjects
	count(proxymap.external_hosts) == 0
}
