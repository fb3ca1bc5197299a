package policies.http.header_buffers_above_benchmark_test

import data.policies.http.header_buffers_above_benchmark as rule
import data.policies.lib.fixture

profile(number, bytes) := {"profile": {"parameters": {"http": {
	"large_header_buffers": 2, "large_header_buffer_bytes": 8192,
	"benchmark": {"large_header_buffers": number, "large_header_buffer_bytes": bytes},
}}}}

doc(args, number, bytes) := object.union(fixture.single([fixture.setting("large_client_header_buffers", args, 21)], []), profile(number, bytes))

test_fires_on_the_vendor_value_under_the_benchmark if {
	some f in rule.findings with input as doc(["2", "8k"], 2, 1024)
	f.fix == "large_client_header_buffers 2 1024;"
}

test_fires_on_the_number if count(rule.findings) == 1 with input as doc(["2", "1k"], 1, 1024)

test_silent_without_a_benchmark if count(rule.findings) == 0 with input as doc(["2", "8k"], 2, 8192)

test_silent_beyond_the_vendor_value if count(rule.findings) == 0 with input as doc(["8", "64k"], 2, 1024)

test_unsure_when_unknown if count(rule.unsure) == 1 with input as object.union(fixture.single([], []), profile(2, 1024))
