# METADATA
# title: Kernel has no SYN cookies
# description: |-
#   A flood of half-open connections then fills the queue of a listener, and agents are locked out by a few hundred packets
#   a second. Cookies cost nothing until the queue is full.
# related_resources:
# - ref: https://docs.kernel.org/networking/ip-sysctl.html
# custom:
#   severity: high
#   fix: Set net.ipv4.tcp_syncookies to 1 and load it.
#   controls: [HOST-02, CIS-RHEL-SYN-COOKIES]
#   bad: net.ipv4.tcp_syncookies = 0
#   good: net.ipv4.tcp_syncookies = 1
package policies.kernel.syn_cookies_off

import data.policies.lib.kernel

subjects contains w.target if some w in kernel.wanted.syn_cookies

findings contains {
	"subject": d.target,
	"key": d.key,
	"message": kernel.message(d.key, d.text, d.bound, d.value),
	"fix": kernel.remedy(d.key, d.value),
	"sources": [d.source],
} if {
	some d in kernel.differing.syn_cookies
}

unsure contains {"subject": m.target, "reason": kernel.gone(m.key)} if some m in kernel.missing.syn_cookies
