# METADATA
# title: Call variables of customers are written into logs
# description: |-
#   Call variables hold what customers typed and said: account numbers, names, sometimes a PIN. In a log they are read by
#   everybody who looks for a fault, and stay as long as the log does.
# custom:
#   severity: medium
#   fix: Run utils finesse set_property webservices logCallVariables false on the node, and restart Finesse Tomcat.
#   controls: [LOG-05]
#   bad: |-
#     logCallVariables: true
#   good: |-
#     logCallVariables: false
package policies.vos.call_variables_logged

import data.policies.lib.gated

subjects contains node.target if some node in gated.desktops

findings contains {
	"subject": node.target,
	"key": "logCallVariables",
	"message": sprintf("logCallVariables is %s: call variables are written into the logs", [node.log_call_variables.value]),
	"sources": [node.log_call_variables.source],
} if {
	some node in gated.desktops
	node.log_call_variables.known
	lower(node.log_call_variables.value) in {"true", "on", "enabled", "enable"}
}

unsure contains {"subject": node.target, "reason": "the property logCallVariables was not shown"} if {
	some node in gated.desktops
	not node.log_call_variables.known
}

unsure contains {"subject": node.target, "reason": sprintf("%s is no value of logCallVariables that is known", [node.log_call_variables.value])} if {
	some node in gated.desktops
	node.log_call_variables.known
	not lower(node.log_call_variables.value) in {"true", "on", "enabled", "enable", "false", "off", "disabled", "disable"}
}
