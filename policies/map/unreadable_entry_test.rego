package policies.map.unreadable_entry_test

import data.policies.lib.fixture
import data.policies.map.unreadable_entry as rule

problem(kind, text, line) := {"kind": kind, "message": sprintf("line %d", [line]), "text": text, "source": fixture.at("proxymap.txt", line, "explicit")}

doc(problems) := {"proxymap": [object.union(fixture.proxymap([])[0], {"problems": problems})]}

test_fires_on_a_scheme if {
	some f in rule.findings with input as doc([problem("scheme", "https://fin-a:8445=desk:8445", 4)])
	f.key == "scheme: https://fin-a:8445=desk:8445"
	f.sources[0].line == 4
}

test_fires_once_for_a_repeated_line if {
	found := rule.findings with input as doc([problem("no_separator", "fin-a", 4), problem("no_separator", "fin-a", 9)])
	count(found) == 1
	some f in found
	count(f.sources) == 2
}

test_silent_on_a_clean_map if {
	count(rule.findings) == 0 with input as doc([])
	count(rule.subjects) == 1 with input as doc([])
}

test_silent_on_a_byte_order_mark if {
	d := {"proxymap": [object.union(fixture.proxymap([])[0], {"byte_order_mark": true, "crlf": true})]}
	count(rule.findings) == 0 with input as d
}
