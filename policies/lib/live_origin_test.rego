# Builders of answers to cross-origin requests and of pages for the tests of rules.
package policies.lib.live_origin

import data.policies.lib.fixture

place := fixture.seen("desk-a.agents.example", 8445)

answer(kind, origin, fields) := object.union(
	{
		"origin": origin, "origin_kind": kind, "request": "preflight", "path": "/finesse/api/SystemInfo", "outcome": "answered", "refusal": "none",
		"reason": "", "status": 200, "allow_origin": [], "allow_credentials": [], "odd_head": false,
		"browser_allows": fixture.known(false), "browser_allows_anonymous": fixture.known(false), "source": place,
	},
	fields,
)

admitted(kind, origin) := answer(kind, origin, {"allow_origin": [origin], "allow_credentials": ["true"], "browser_allows": fixture.known(true)})

listener(port, answers) := {
	"target": "edge/rp-a", "subject": sprintf("edge/rp-a/listener/desk-a.agents.example:%d", [port]), "host": "desk-a.agents.example", "port": port,
	"path": "/finesse/api/SystemInfo", "path_proven": true, "answers": answers, "source": place,
}

page(fields) := object.union(
	{
		"path": "/desktop/", "outcome": "answered", "refusal": "none", "reason": "", "status": 200, "html": true, "restricted": true,
		"report_only": false, "odd_head": false, "embedders": [embedder("self", "https://desk-a.agents.example:8445", true)], "source": place,
	},
	fields,
)

embedder(kind, origin, may) := {"origin": origin, "kind": kind, "may_embed": may}

framed(pages) := {
	"target": "edge/rp-a", "subject": "edge/rp-a/listener/desk-a.agents.example:8445", "host": "desk-a.agents.example", "port": 8445,
	"pages": pages, "source": place,
}
