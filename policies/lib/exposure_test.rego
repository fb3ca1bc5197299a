# Builders of proofs of exposure for the tests of rules.
package policies.lib.exposure

import data.policies.lib.fixture

server := "edge/rp-a/server/desk-a.agents.example:8445"

at(line) := fixture.at("rp-a/nginx/conf.d/finesse.conf", line, "explicit")

# way is one through the edge's only server; fields state what matters of it.
way(fields) := object.union(
	{
		"subject": server, "socket": "*:8445", "class": "allowed", "upstream": "https://finesse_a", "component": "finesse", "template": "", "methods": [],
		"why": "", "credentials": false, "authenticated": false, "guards": [], "limited": false, "unnamed": false, "request": "GET / HTTP/1.1",
		"headers": ["Host: desk-a.agents.example"], "tls": true, "sni": "desk-a.agents.example", "client": "192.0.2.7", "sent": "/", "reading": "/", "file": "",
		"suppose": [], "block": "location /", "server": at(12), "location": at(34),
	},
	fields,
)

proof(ways, escapes, undecided, unreachable) := {"exposure": [{
	"target": "edge/rp-a", "surface": "finesse-12.6.1", "proved": false, "ways": [way(w) | some w in ways], "escapes": [way(w) | some w in escapes],
	"unreachable": unreachable, "undecided": undecided, "directives": 10, "exact": 10, "widened": [], "source": at(1),
}]}

exposing(ways) := proof(ways, [], [], [])

# escaping has an ordinary way as well, as most servers do.
escaping(escapes) := proof([{}], escapes, [], [])

# open is a proof that is open for a subject.
open(ways, subject) := proof(ways, [], [{"subject": subject, "socket": "*:8445", "reason": "a script", "request": "", "source": at(34)}], [])
