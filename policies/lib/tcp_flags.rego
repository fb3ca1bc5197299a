# What a match on TCP flags, in the words of iptables, says about new connections.
package policies.lib.tcp_flags

# never_syn holds for "MASK COMPARED" when no packet that opens a connection can
# match: such a packet has SYN and none of ACK, RST and FIN (RFC 9293, 3.10.7.2).
never_syn(flags) if {
	not startswith(flags, "!")
	some flag in flag_set(split(flags, " ")[1])
	flag in {"ACK", "RST", "FIN"}
}

never_syn(flags) if {
	not startswith(flags, "!")
	"SYN" in flag_set(split(flags, " ")[0])
	not "SYN" in flag_set(split(flags, " ")[1])
}

never_syn(flags) if {
	words_of := split(flags, " ")
	words_of[0] == "!"
	mask := flag_set(words_of[1])
	count(mask - {"SYN", "ACK", "RST", "FIN"}) == 0
	flag_set(words_of[2]) == mask & {"SYN"}
}

flag_set("ALL") := {"FIN", "SYN", "RST", "PSH", "ACK", "URG"}

flag_set("NONE") := set()

flag_set(text) := {flag | some flag in split(text, ",")} if not text in {"ALL", "NONE"}
