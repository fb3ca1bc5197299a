# METADATA
# title: Redirect URI leads further than it should
# description: |-
#   The identity service hands a login code to whatever address its list allows. A pattern, clear text or a host of
#   somebody else gives that code, and with it the agent's session, away.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc9700#section-2.1
# custom:
#   severity: high
#   fix: Replace the address by the exact https address of each desktop, inside and outside.
#   controls: [SSO-03]
#   bad: "https://*.agents.example/desktop/sso/authcode"
#   good: "https://desk-a.agents.example:8445/desktop/sso/authcode"
package policies.sso.loose_redirect

import data.policies.lib.inventory
import data.policies.lib.proxymap

subject(client) := sprintf("client/%s", [urlless(client)])

urlless(client) := replace(replace(client, "%", "%25"), "/", "%2F")

subjects contains subject(entry.client) if {
	some record in input.saml
	some entry in record.clients
}

uris contains uri if {
	some record in input.saml
	some uri in record.redirects
}

is_known(host) if host in inventory.known_hosts

is_known(host) if proxymap.external_hosts[host]

is_known(host) if host in proxymap.internal_hosts

defects[[subject(uri.client), uri.url]] contains {"text": "holds a wildcard", "source": uri.source} if {
	some uri in uris
	uri.wildcard
}

defects[[subject(uri.client), uri.url]] contains {"text": "is no absolute address", "source": uri.source} if {
	some uri in uris
	not uri.absolute
}

defects[[subject(uri.client), uri.url]] contains {"text": "is not https", "source": uri.source} if {
	some uri in uris
	uri.absolute
	uri.scheme != "https"
}

defects[[subject(uri.client), uri.url]] contains {"text": "has a fragment", "source": uri.source} if {
	some uri in uris
	uri.fragment
}

defects[[subject(uri.client), uri.url]] contains {"text": "names a host that neither the map nor the site file knows", "source": uri.source} if {
	some uri in uris
	uri.absolute
	not uri.wildcard
	not is_known(lower(uri.host))
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s %s", [id[1], concat(", ", {d.text | some d in list})]),
	"sources": [s | some s in {d.source | some d in list}],
} if {
	some id, list in defects
}
