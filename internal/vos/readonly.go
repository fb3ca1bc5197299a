// SPDX-License-Identifier: Apache-2.0

package vos

import "slices"

// Options widen what a node is asked. The zero value asks for no secret.
type Options struct {
	// IDSSecret adds "show ids secret" on identity servers. Its answer is secret
	// until it has gone through redaction.
	IDSSecret bool
}

// pagination is sent before all others. It is the one command that shows
// nothing: it makes answers come in one piece, holds for the terminal that it
// is typed in, and is forgotten when that closes.
const pagination = "set cli pagination off"

const idsSecret = "show ids secret"

// machine are the commands that every node has, whatever runs on it.
func machine() []string {
	return []string{
		"show myself",
		"show network eth0",
		"show version active",
		"show tls server min-version",
		"show tls client min-version",
		"show tls server cert_type",
		"utils service list",
		"show cert list own",
		"show cert list trust",
		"show cert own tomcat/tomcat.pem",
		"show cert own tomcat-ECDSA/tomcat-ECDSA.pem",
		"show webproxy access-log-level",
		"show webproxy log-severity",
	}
}

// platform are the commands of every node that trusts reverse proxies.
func platform() []string {
	return append(machine(),
		reverseProxy+"allowed-hosts list",
		reverseProxy+"config-uri list",
		reverseProxy+"show-config-update-frequency",
		reverseProxy+"show-proxy-config-map",
		reverseProxy+"client-auth status",
	)
}

func finesse() []string {
	return []string{
		"utils finesse cors status",
		"utils finesse cors allowed_origin list",
		"utils finesse cors allowed_headers list",
		"utils finesse cors exposed_headers list",
		"utils finesse frame_access_allowed_list list",
		"utils finesse frame_access_whitelist list",
		"utils finesse xframe status",
		"utils finesse gadget_source_check status",
		"utils finesse gadget_source_check allowed_list list",
		"utils finesse show_property webservices trustAllCertificates",
		"utils finesse show_property webservices logCallVariables",
		"utils finesse show_property webservices enableUserAuthMode",
		"utils finesse show_property desktop notificationConnectionType",
		"utils finesse show_connected_users summary",
		"utils finesse notification external_port_access list",
		"utils finesse locked_out_users list",
	}
}

func crossOrigin(word string) []string {
	prefix := "utils " + word + " cors "
	return []string{
		prefix + "status",
		prefix + "allowed_origin list",
		prefix + "allowed_headers list",
		prefix + "exposed_headers list",
		prefix + "private-network-access status",
	}
}

func cuic() []string {
	return append(crossOrigin("cuic"), "utils cuic cors allowed_orgins list", showCUIC)
}

// ReadOnly lists what to ask a node of a role (as the site file names roles):
// constants that only show. A node that keeps no list of reverse proxies is not
// asked for one. A role without such a command line, like a server of gadgets,
// gives none.
func ReadOnly(role string, o Options) []string {
	switch role {
	case "finesse":
		return append(platform(), finesse()...)
	case "cuic":
		return append(platform(), cuic()...)
	case "livedata":
		return append(platform(), crossOrigin("live-data")...)
	case "uccx":
		return slices.Concat(platform(), finesse(), cuic(), crossOrigin("live-data"))
	case "ids":
		if o.IDSSecret {
			return append(platform(), idsSecret)
		}
		return platform()
	case "cloudconnect":
		return platform()
	case "ucm", "imp", "mediasense", "socialminer":
		return machine()
	}
	return nil
}

// Allows reports whether a command may be sent. It is, byte for byte, one of the
// constants of ReadOnly, or the one that turns a terminal's pager off; nothing is
// trimmed, folded or parsed, so nothing can hide in it. A secret is shown only
// when the options ask for it.
func (o Options) Allows(command string) bool {
	switch command {
	case pagination:
		return true
	case idsSecret:
		return o.IDSSecret
	}
	for _, list := range [...][]string{platform(), finesse(), cuic(), crossOrigin("live-data")} {
		if slices.Contains(list, command) {
			return true
		}
	}
	return false
}
