# METADATA
# title: Host has software that a gate has no use for
# description: |-
#   Graphical desktops and helpers for interactive users bring services of their own and libraries by the hundred, each with
#   its own flaws. A gate is administered from elsewhere.
# custom:
#   severity: medium
#   fix: Remove the package.
#   controls: [HOST-13, CIS-RHEL-SERVICES, CIS-RHEL-SELINUX-TROUBLESHOOT]
#   bad: gnome-shell-40.10-21.el9.x86_64
#   good: (no desktop among the packages)
package policies.host.unneeded_package

import data.policies.lib.host

subjects contains target if {
	some target in host.targets
	host.places[target].packages
}

desktop := {
	"gdm", "gnome-shell", "gnome-session", "xorg-x11-server-Xorg", "xorg-x11-server-common", "xorg-x11-server-Xwayland", "lightdm", "sddm", "plasma-workspace",
	"firefox", "xserver-xorg", "xserver-xorg-core", "gdm3",
}

helpers := {"setroubleshoot", "setroubleshoot-server", "mcstrans", "telnet-server", "rsh-server", "ypserv", "tftp-server"}

findings contains {
	"subject": target,
	"key": name,
	"message": sprintf("%s is installed", [name]),
	"fix": sprintf("dnf remove %s", [name]),
	"sources": [s | some s in host.packages[target][name]],
} if {
	some target in subjects
	some name in (desktop | helpers)
	host.packages[target][name]
}
