package policies.http.header_buffers_too_large_test

import data.policies.http.header_buffers_too_large as rule
import data.policies.lib.fixture

profile := {"profile": {"parameters": {"http": {"header_buffer_bytes": 4096, "large_header_buffers": 2, "large_header_buffer_bytes": 8192}}}}

doc(settings) := object.union(fixture.single(settings, []), profile)

first := fixture.amount("client_header_buffer_size", "4k", 4096, 20)

large(args) := fixture.setting("large_client_header_buffers", args, 21)

test_fires_on_large_first_buffers if {
	some f in rule.findings with input as doc([fixture.amount("client_header_buffer_size", "64k", 65536, 20), large(["2", "8k"])])
	f.key == "client_header_buffer_size"
	f.fix == "client_header_buffer_size 4096;"
}

test_fires_on_many_buffers if {
	some f in rule.findings with input as doc([first, large(["8", "8k"])])
	f.fix == "large_client_header_buffers 2 8192;"
}

test_fires_on_large_buffers if count(rule.findings) == 1 with input as doc([first, large(["2", "1m"])])

test_silent_on_the_profile_sizes if {
	count(rule.findings) == 0 with input as doc([first, large(["2", "8k"])])
	count(rule.unsure) == 0 with input as doc([first, large(["2", "8k"])])
}

test_unsure_when_absent if count(rule.unsure) == 2 with input as doc([])

test_unsure_when_unreadable if count(rule.unsure) == 2 with input as doc([fixture.unresolved("client_header_buffer_size"), large(["2", "lots"])])
