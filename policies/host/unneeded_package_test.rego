package policies.host.unneeded_package_test

import data.policies.host.unneeded_package as rule
import data.policies.lib.fixture_host

doc(names) := fixture_host.doc({"packages": [fixture_host.package_of(n) | some n in names]}, {})

test_fires_on_a_desktop if {
	some f in rule.findings with input as doc(["bash", "gnome-shell"])
	f.key == "gnome-shell"
	f.fix == "dnf remove gnome-shell"
}

test_fires_on_a_helper_of_selinux if count(rule.findings) == 1 with input as doc(["setroubleshoot-server"])

test_silent_on_a_bare_host if {
	count(rule.findings) == 0 with input as doc(["bash", "openresty"])
	count(rule.subjects) == 1 with input as doc(["bash"])
}

test_silent_where_the_packages_are_not_known if {
	count(rule.subjects) == 0 with input as {"host": [fixture_host.unread("packages", {})]}
}
