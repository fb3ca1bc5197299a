// SPDX-License-Identifier: Apache-2.0

package netfilter

// target is a known target: what it does, and how many values each of its options
// takes.
type target struct {
	effect  Effect
	options map[string]int
}

// targets are the known ones; see iptables-extensions(8), "TARGET EXTENSIONS".
var targets = map[string]target{
	"ACCEPT": {effect: EffectAccept}, "DROP": {effect: EffectDrop}, "RETURN": {effect: EffectReturn}, "QUEUE": {effect: EffectQueue},
	"REJECT": {EffectReject, map[string]int{"--reject-with": 1}},
	"LOG": {EffectLog, map[string]int{
		"--log-level": 1, "--log-prefix": 1, "--log-tcp-sequence": 0, "--log-tcp-options": 0, "--log-ip-options": 0, "--log-uid": 0, "--log-macdecode": 0,
	}},
	"NFLOG": {EffectLog, map[string]int{"--nflog-group": 1, "--nflog-prefix": 1, "--nflog-range": 1, "--nflog-size": 1, "--nflog-threshold": 1}},
	"ULOG":  {EffectLog, map[string]int{"--ulog-nlgroup": 1, "--ulog-prefix": 1, "--ulog-cprange": 1, "--ulog-qthreshold": 1}},
	"AUDIT": {EffectLog, map[string]int{"--type": 1}},
	"TRACE": {effect: EffectLog},
	"MARK":  {EffectAlter, map[string]int{"--set-xmark": 1, "--set-mark": 1, "--and-mark": 1, "--or-mark": 1, "--xor-mark": 1}},
	"CONNMARK": {EffectAlter, map[string]int{
		"--set-xmark": 1, "--set-mark": 1, "--and-mark": 1, "--or-mark": 1, "--xor-mark": 1, "--save-mark": 0, "--restore-mark": 0,
		"--nfmask": 1, "--ctmask": 1, "--mask": 1,
	}},
	"CT": {EffectAlter, map[string]int{
		"--notrack": 0, "--helper": 1, "--ctevents": 1, "--expevents": 1, "--zone": 1, "--zone-orig": 1, "--zone-reply": 1, "--timeout": 1,
	}},
	"NOTRACK":  {effect: EffectAlter},
	"TCPMSS":   {EffectAlter, map[string]int{"--set-mss": 1, "--clamp-mss-to-pmtu": 0}},
	"TTL":      {EffectAlter, map[string]int{"--ttl-set": 1, "--ttl-dec": 1, "--ttl-inc": 1}},
	"HL":       {EffectAlter, map[string]int{"--hl-set": 1, "--hl-dec": 1, "--hl-inc": 1}},
	"DSCP":     {EffectAlter, map[string]int{"--set-dscp": 1, "--set-dscp-class": 1}},
	"TOS":      {EffectAlter, map[string]int{"--set-tos": 1, "--and-tos": 1, "--or-tos": 1, "--xor-tos": 1}},
	"CLASSIFY": {EffectAlter, map[string]int{"--set-class": 1}},
	"CHECKSUM": {EffectAlter, map[string]int{"--checksum-fill": 0}},
	"SECMARK":  {EffectAlter, map[string]int{"--selctx": 1}}, "CONNSECMARK": {EffectAlter, map[string]int{"--save": 0, "--restore": 0}},
	"SET": {EffectAlter, map[string]int{
		"--add-set": 2, "--del-set": 2, "--map-set": 2, "--exist": 0, "--timeout": 1, "--map-mark": 0, "--map-prio": 0, "--map-queue": 0,
	}},
	"DNAT":       {EffectNAT, map[string]int{"--to-destination": 1, "--random": 0, "--persistent": 0}},
	"SNAT":       {EffectNAT, map[string]int{"--to-source": 1, "--random": 0, "--random-fully": 0, "--persistent": 0}},
	"MASQUERADE": {EffectNAT, map[string]int{"--to-ports": 1, "--random": 0, "--random-fully": 0}},
	"REDIRECT":   {EffectNAT, map[string]int{"--to-ports": 1, "--random": 0}},
	"NETMAP":     {EffectNAT, map[string]int{"--to": 1}},
	// TPROXY accepts the packet for a socket of the host, whatever its destination.
	"TPROXY":  {EffectNAT, map[string]int{"--on-port": 1, "--on-ip": 1, "--tproxy-mark": 1}},
	"NFQUEUE": {EffectQueue, map[string]int{"--queue-num": 1, "--queue-balance": 1, "--queue-bypass": 0, "--queue-cpu-fanout": 0}},
}

// effectOf is what a rule does, given the chains of its table.
func effectOf(name string, declared map[string]int) Effect {
	if name == "" {
		return EffectNone
	}
	if _, ok := declared[name]; ok {
		return EffectJump
	}
	if t, ok := targets[name]; ok {
		return t.effect
	}
	return EffectUnknown
}
