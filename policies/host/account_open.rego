# METADATA
# title: Account has no password, or the rights of root by number
# description: |-
#   An account with an empty password is open to everybody who reaches a login. A second account with the number 0 is root under
#   another name, which no list of administrators shows. The rule judges where the profile has the benchmark of the operating system.
# custom:
#   severity: high
#   fix: Lock the account, and give it a number of its own.
#   controls: [CIS-RHEL-ACCOUNTS]
#   bad: operator NP 2026-01-01 (Empty password.)
#   good: operator LK 2026-01-01 (Password locked.)
package policies.host.account_open

import data.policies.lib.host

subjects contains target if {
	some target in host.benchmarked
	host.users[target]
}

findings contains {
	"subject": target,
	"key": sprintf("password %s", [name]),
	"message": sprintf("%s has an empty password", [name]),
	"fix": sprintf("passwd -l %s", [name]),
	"sources": [user.password_source],
} if {
	some target in subjects
	some name, users in host.users[target]
	some user in users
	user.password == "empty"
}

findings contains {
	"subject": target,
	"key": sprintf("number %s", [name]),
	"message": sprintf("%s has the number 0, which is that of root", [name]),
	"fix": sprintf("find out what uses %s, give it a number of its own in /etc/passwd with vipw and change the owner of its files; deleting the account would end processes of root", [name]),
	"sources": [user.source],
} if {
	some target in subjects
	some name, users in host.users[target]
	name != "root"
	some user in users
	user.uid.known
	user.uid.value == 0
}
