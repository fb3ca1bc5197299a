# METADATA
# title: Origin of an integration is not allowed
# description: |-
#   The application calls the desktop's interfaces from its own origin. A node that does not list that origin refuses the
#   calls, and the application shows the agent as logged out although he is at work.
# custom:
#   severity: medium
#   fix: Add the origin with utils finesse cors allowed_origin add on every Finesse node.
#   controls: [BSC-01, BSC-06, CORS-02]
#   bad: |-
#     integrations: [{name: crm, embedder_origin: "https://crm.example"}]   # and no such origin
#   good: |-
#     3: https://crm.example
package policies.cors.integration_missing

import data.policies.lib.integrations

subjects contains record.target if {
	some record in input.cors
	record.component == "finesse"
	count(input.site.integrations) > 0
}

# origins of an integration: of the page around the desktop, and of the platform
# that serves it, where that is another host.
wanted contains {"name": name, "origin": lower(integration.embedder_origin), "source": integration.source} if {
	some name, integration in integrations.by_name
	startswith(lower(integration.embedder_origin), "https://")
}

wanted contains {"name": name, "origin": sprintf("https://%s", [trim_suffix(host, "/")]), "source": integration.source} if {
	some name, integration in integrations.by_name
	integration.platform_host != ""
	host := trim_prefix(lower(integration.platform_host), "https://")
	not contains(host, "://")
}

# clear: what an integration is reached by without TLS.
clear contains {"name": name, "text": text, "source": integration.source} if {
	some name, integration in integrations.by_name
	some text in {integration.embedder_origin, integration.platform_host}
	startswith(lower(text), "http://")
}

held[record.target] contains lower(item.value) if {
	some record in input.cors
	record.component == "finesse"
	some item in record.allowed_origins.items
}

has(target, origin) if origin in held[target]

missing[[record.target, w.origin]] contains source if {
	some record in input.cors
	record.component == "finesse"
	record.mode != "enable_all"
	record.allowed_origins.known
	some w in wanted
	not has(record.target, w.origin)
	some source in [record.allowed_origins.source, w.source]
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("finesse does not allow %s, from where an integration calls it", [id[1]]),
	"fix": sprintf("Run utils finesse cors allowed_origin add %s on the node, and restart Finesse Tomcat.", [id[1]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in missing
}

findings contains {
	"subject": target,
	"key": sprintf("clear text %s", [c.text]),
	"message": sprintf("the integration %s is declared as %s, without TLS", [c.name, c.text]),
	"fix": "Let the application be served by https, and declare that.",
	"sources": [c.source],
} if {
	some target in subjects
	some c in clear
}

unsure contains {"subject": record.target, "reason": "the allowed origins of finesse are not known"} if {
	some record in input.cors
	record.component == "finesse"
	count(input.site.integrations) > 0
	not record.allowed_origins.known
}

unsure contains {"subject": target, "reason": sprintf("the site file names neither the origin nor the platform of %s", [name])} if {
	some target in subjects
	some name, integration in integrations.by_name
	integration.embedder_origin == ""
	integration.platform_host == ""
}
