# METADATA
# title: Chat nodes are paired with other names than in the map
# description: |-
#   The gate rewrites the names of chat nodes by these pairs, Finesse by the map. Where they differ, an agent's chat is
#   opened at one node and continued at another, which knows nothing of it.
# custom:
#   severity: medium
#   fix: Give each NGX_CHAT_HOSTn the external name of its map entry in NGX_CHAT_HOSTn_PROXY.
#   controls: [XC-21]
#   optional: [env]
#   bad: |-
#     NGX_CHAT_HOST1=imp-a.corp.example
#     NGX_CHAT_HOST1_PROXY=desk-b.agents.example:5280
#   good: |-
#     NGX_CHAT_HOST1=imp-a.corp.example
#     NGX_CHAT_HOST1_PROXY=desk-a.agents.example:5280
package policies.xc.chat_pairs

import data.policies.lib.env
import data.policies.lib.inventory
import data.policies.lib.proxymap

# hosts and names: both halves of each numbered pair.
hosts[[edge, p.file, number]] contains {"text": lower(p.text), "source": p.source} if {
	some edge, by_name in env.properties
	some name, all_of_name in by_name
	some parts in regex.find_all_string_submatch_n(`^NGX_CHAT_HOST([1-9])$`, name, 1)
	number := parts[1]
	some p in all_of_name
	p.set
	p.text != ""
}

names[[edge, p.file, number]] contains {"text": lower(p.text), "source": p.source} if {
	some edge, by_name in env.properties
	some name, all_of_name in by_name
	some parts in regex.find_all_string_submatch_n(`^NGX_CHAT_HOST([1-9])_PROXY$`, name, 1)
	number := parts[1]
	some p in all_of_name
	p.set
	p.text != ""
}

subjects contains edge if some edge in env.declared

# chatting: the edges that serve chat, by a pair or by a file of its own.
chatting contains id[0] if some id, _ in hosts

chatting contains id[0] if some id, _ in names

chatting contains edge if {
	some edge, files in env.files
	some file in files
	file.family == "chat"
}

map_sources := [s | some s in proxymap.record_sources]

host_of(text) := split(text, ":")[0]

# mapped[host]: the external sides of a host's entries, with and without their port.
mapped[lower(pair.internal.host)] contains text if {
	some pair in proxymap.pairs
	some text in {pair.external_id, lower(pair.external.host)}
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s NGX_CHAT_HOST%s", [id[1], id[2]]),
	"message": sprintf("the map has no entry for NGX_CHAT_HOST%s %s", [id[2], half.text]),
	"sources": array.concat([half.source], map_sources),
} if {
	some id, halves in hosts
	some half in halves
	not mapped[host_of(half.text)]
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s NGX_CHAT_HOST%s_PROXY", [id[1], id[2]]),
	"message": sprintf("NGX_CHAT_HOST%s_PROXY is %s; the map makes %s of %s", [id[2], name.text, concat(" or ", sort([m | some m in mapped[host_of(half.text)]])), half.text]),
	"sources": array.concat([name.source, half.source], map_sources),
} if {
	some id, halves in hosts
	some half in halves
	some name in names[id]
	mapped[host_of(half.text)]
	not name.text in mapped[host_of(half.text)]
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s NGX_CHAT_HOST%s half", [id[1], id[2]]),
	"message": sprintf("%s sets only one of NGX_CHAT_HOST%s and NGX_CHAT_HOST%s_PROXY", [id[1], id[2], id[2]]),
	"sources": array.concat(places, map_sources),
} if {
	some id in ((object.keys(hosts) | object.keys(names)) - (object.keys(hosts) & object.keys(names)))
	places := array.concat([h.source | some h in object.get(hosts, [id], set())], [n.source | some n in object.get(names, [id], set())])
}

# A chat node that is mapped and that no pair names is unknown to the gate.
findings contains {
	"subject": edge,
	"key": sprintf("unpaired %s %s", [pair.internal.host, pair.key]),
	"message": sprintf("the map leads chat node %s to %s, but no pair of the gate names it", [pair.internal.host, pair.external_id]),
	"sources": array.concat(pair.sources, [input.site.source]),
} if {
	some edge in chatting
	some pair in proxymap.pairs
	some node in inventory.node_of[lower(pair.internal.host)]
	inventory.nodes[node].role == "imp"
	paired := {host_of(half.text) | some id, halves in hosts; id[0] == edge; some half in halves}
	not lower(pair.internal.host) in paired
}

unsure contains u if some u in env.unread
