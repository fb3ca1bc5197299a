# METADATA
# title: Worker may open too few files
# description: |-
#   Each agent holds several connections, each of them two descriptors of a worker. When they are used up, nginx refuses new
#   agents and drops those whose connection to the node breaks.
# related_resources:
# - ref: https://nginx.org/en/docs/ngx_core_module.html#worker_rlimit_nofile
# custom:
#   severity: medium
#   fix: Set worker_rlimit_nofile to the value of the profile.
#   controls: [HOST-16]
#   optional: [env]
#   bad: worker_rlimit_nofile 1024;
#   good: worker_rlimit_nofile 102400;
package policies.host.too_few_open_files

import data.policies.lib.env

# Where the installer's files are declared, the limit is that of the container.
subjects contains record.target if {
	some record in input.nginxrules
	not record.target in env.declared
}

subjects contains record.target if {
	some record in input.nginxrules
	some setting in record.main
	setting.name == "worker_rlimit_nofile"
	setting.source.origin.kind == "explicit"
}

stated contains record.target if {
	some record in input.nginxrules
	some setting in record.main
	setting.name == "worker_rlimit_nofile"
	setting.amount.known
}

findings contains {
	"subject": record.target,
	"key": "worker_rlimit_nofile",
	"message": sprintf("a worker may open %d files; the profile asks for %d", [setting.amount.value, input.profile.parameters.host.open_files]),
	"fix": sprintf("worker_rlimit_nofile %d;", [input.profile.parameters.host.open_files]),
	"sources": [setting.source],
} if {
	some record in input.nginxrules
	some setting in record.main
	setting.name == "worker_rlimit_nofile"
	setting.amount.known
	setting.amount.value < input.profile.parameters.host.open_files
}

unsure contains {"subject": target, "reason": "worker_rlimit_nofile is not written, and the limit of the service is not known"} if {
	some target in subjects
	not target in stated
}
