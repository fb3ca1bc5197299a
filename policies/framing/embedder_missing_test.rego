package policies.framing.embedder_missing_test

import data.policies.framing.embedder_missing as rule
import data.policies.lib.fixture

verb := "frame_access_allowed_list"

crm(origin) := {"name": "crm", "embedder_origin": origin, "platform_host": "crm.example", "source": fixture.at("site.yaml", 70, "declared")}

doc(entries, origin) := {
	"framing": [fixture.framing("node/fin-a", verb, entries)],
	"site": object.union(fixture.site, {"integrations": [crm(origin)]}), "profile": {"parameters": {"frame_verb": verb}},
}

test_fires_when_it_is_missing if {
	some f in rule.findings with input as doc(["https://wfm.example"], "https://crm.example")
	f.message == "https://crm.example (crm) may not embed the desktop of this node"
	startswith(f.fix, "Run utils finesse frame_access_allowed_list add https://crm.example on the node")
	{s.artifact | some s in f.sources} == {"fin-a/cli.txt", "site.yaml"}
}

test_fires_on_clear_text if {
	{f.key | some f in rule.findings} == {"clear text crm"} with input as doc(["http://crm.example"], "http://crm.example")
}

test_silent_in_every_form_that_browsers_read if {
	count(rule.findings | rule.unsure) == 0 with input as doc(["HTTPS://crm.example"], "https://crm.example")
	count(rule.findings) == 0 with input as doc(["https://*.crm.example"], "https://eu.crm.example")
	count(rule.findings) == 0 with input as doc(["crm.example"], "https://crm.example")
	rule.subjects == {"node/fin-a"} with input as doc([], "https://crm.example")
}

test_silent_without_integrations if count(rule.subjects) == 0 with input as object.union(doc([], ""), {"site": fixture.site})

test_unsure_about_what_is_not_known if {
	count(rule.unsure) == 1 with input as doc([], "")
	count(rule.unsure) == 1 with input as object.union(doc([], "https://crm.example"), {"framing": [object.union(fixture.framing("node/fin-a", verb, []), {"entries": fixture.no_list})]})
}
