# METADATA
# title: Benchmark result of the host is missing its mark
# description: |-
#   The vendor asks for a host that is hardened to a benchmark before it meets the internet. A score below the profile's, a
#   result that is months old, or a failed rule of high severity says that it is not, or not any more.
# related_resources:
# - ref: https://csrc.nist.gov/projects/security-content-automation-protocol/specifications/xccdf
# custom:
#   severity: high
#   fix: Apply the remediation of the failed rules, and evaluate the host again.
#   controls: [HOST-01]
#   bad: '<score system="urn:xccdf:scoring:default" maximum="100">61.2</score>'
#   good: '<score system="urn:xccdf:scoring:default" maximum="100">97.8</score>'
package policies.host.benchmark_failed

import data.policies.lib.host

subjects contains record.target if {
	some record in input.host
	count(record.benchmarks) > 0
}

findings contains {
	"subject": record.target,
	"key": sprintf("score %s", [result.profile]),
	"message": sprintf("the score is %d percent; the profile asks for %d", [result.score_percent.value, input.profile.parameters.host.benchmark_percent]),
	"fix": "mend the failed rules one by one on a copy of the gate (an automatic remediation also changes packet rules, mounts and logins), take them over, then evaluate again",
	"sources": [result.source],
} if {
	some record in input.host
	some result in record.benchmarks
	result.score_percent.known
	result.score_percent.value < input.profile.parameters.host.benchmark_percent
}

findings contains {
	"subject": record.target,
	"key": sprintf("age %s", [result.profile]),
	"message": sprintf("the newest result is %d days old; the profile asks for %d at most", [days, input.profile.parameters.host.benchmark_days]),
	"sources": [result.source],
} if {
	some record in input.host
	some result in record.benchmarks
	result.ended_at == max({other.ended_at | some other in record.benchmarks; other.profile == result.profile})
	days := host.days(result.ended_at, input.header.at)
	days > input.profile.parameters.host.benchmark_days
}

findings contains {
	"subject": record.target,
	"key": failed.id,
	"message": sprintf("the rule %s of severity high fails", [failed.id]),
	"sources": [failed.source],
} if {
	some record in input.host
	some result in record.benchmarks
	some failed in result.failed
	failed.severity == "high"
}

unsure contains {"subject": record.target, "reason": sprintf("the result of %s has no readable score", [result.profile])} if {
	some record in input.host
	some result in record.benchmarks
	not result.score_percent.known
}

unsure contains {"subject": record.target, "reason": sprintf("when the result of %s was made is not known", [result.profile])} if {
	some record in input.host
	some result in record.benchmarks
	not host.days(result.ended_at, input.header.at)
}
