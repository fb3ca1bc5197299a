# METADATA
# title: Account of the workers is privileged, shared or can log in
# description: |-
#   A flaw in nginx or in Lua gives an attacker this account. It must not be root, must not own what other programs own, and
#   must not be one that anybody logs in with; setting a password for it, as one published recipe does, unlocks it.
# related_resources:
# - ref: https://nginx.org/en/docs/ngx_core_module.html#user
# custom:
#   severity: high
#   fix: Let the workers run as an account of their own with a locked password and the shell nologin.
#   controls: [HOST-04, CIS-NGX-2.2.1, CIS-NGX-2.2.2, CIS-NGX-2.2.3]
#   bad: user root;
#   good: user nginxuser;
package policies.host.worker_account_open

import data.policies.lib.host
import data.policies.lib.server_files

subjects contains target if some target, _ in server_files.accounts

# shared: accounts that programs of all kinds run as.
shared := {"nobody", "daemon", "bin", "www-data", "apache", "httpd"}

findings contains {
	"subject": target,
	"key": sprintf("account %s", [account.name]),
	"message": sprintf("workers run as %s, an account that is not their own", [account.name]),
	"fix": "user nginxuser;",
	"sources": [account.source],
} if {
	some target, accounts in server_files.accounts
	some account in accounts
	account.name in (shared | {"root"})
}

findings contains {
	"subject": target,
	"key": sprintf("uid %s", [account.name]),
	"message": sprintf("workers run as %s, which has the rights of root (uid 0)", [account.name]),
	"sources": [account.source, user.source],
} if {
	some target, accounts in server_files.accounts
	some account in accounts
	some user in host.users[target][account.name]
	account.name != "root"
	user.uid.known
	user.uid.value == 0
}

findings contains {
	"subject": target,
	"key": sprintf("shell %s", [account.name]),
	"message": sprintf("%s has the shell %s", [account.name, user.shell.value]),
	"fix": sprintf("usermod -s /sbin/nologin %s", [account.name]),
	"sources": [user.source],
} if {
	some target, accounts in server_files.accounts
	some account in accounts
	not account.name in (shared | {"root"})
	some user in host.users[target][account.name]
	user.shell.known
	user.login_shell
}

findings contains {
	"subject": target,
	"key": sprintf("password %s", [account.name]),
	"message": sprintf("the password of %s is %s, so that it can be logged in with", [account.name, user.password]),
	"fix": sprintf("passwd -l %s", [account.name]),
	"sources": [user.password_source],
} if {
	some target, accounts in server_files.accounts
	some account in accounts
	not account.name in (shared | {"root"})
	some user in host.users[target][account.name]
	user.password in {"set", "empty"}
}

unsure contains {"subject": target, "reason": sprintf("the list of accounts does not hold %s", [account.name])} if {
	some target, accounts in server_files.accounts
	some account in accounts
	not account.name in (shared | {"root"})
	not host.users[target][account.name]
}

unsure contains {"subject": target, "reason": sprintf("whether %s is locked, and its shell, are not known", [account.name])} if {
	some target, accounts in server_files.accounts
	some account in accounts
	some user in host.users[target][account.name]
	partly_known(user.password, user.shell.known)
}

partly_known("unknown", _)

partly_known(_, false)

read_targets contains record.target if some record in input.nginxrules

unsure contains {"subject": target, "reason": "which account the workers run as is not written, and the build is not known"} if {
	some target in read_targets
	not server_files.accounts[target]
}

subjects contains target if some target in read_targets
