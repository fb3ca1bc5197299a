// SPDX-License-Identifier: Apache-2.0

package http

import (
	"strings"

	"github.com/postern-audit/postern/collectors/internal/exchange"
	"github.com/postern-audit/postern/internal/evidence"
)

// request is one request and what it is sent for.
type request struct {
	exchange.Request
	via     exchange.Via
	name    evidence.HTTPRequestName
	control string
	// host is the Host as sent.
	host string
	// incomparable is set where no path is known that the listener serves.
	incomparable bool
}

const (
	systemInfo    = "/finesse/api/SystemInfo"
	desktopConfig = "/desktop/api/DesktopConfig"
	// missingPath is fixed, so that what it shows can be asked for again.
	missingPath = "/postern-no-such-path-7f3a9c"
	unknownName = "unknown.postern.invalid"
	foreignPage = "https://foreign.postern.invalid"
)

// openPaths are ordinary pages, and the endpoints by which the guides tell that
// a component is reached through the gate. Without credentials 200 or 401.
var openPaths = []struct{ path, control string }{
	{"/", "HTTP-01"},
	{"/desktop/", ""},
	{"/ids/v1/oauth/authorize", ""},
	{desktopConfig, "XC-30"},
	{"/cuic/rest/about", "VOS-09"},
	{"/livedata/security", "VOS-09"},
	{"/security", "VOS-09"},
}

// closedPaths must not be let through by any listener of an edge, each with the
// control that says so.
var closedPaths = []struct{ path, control string }{
	{"/cfadmin", "HTTP-05"},
	{"/fippa/", "HTTP-06"},
	{"/finesse-ipphone/", "HTTP-06"},
	{"/idsadmin", "HTTP-07"},
	{"/cuicui/", "HTTP-08"},
	{"/oamp/", "HTTP-08"},
	{"/cmplatform", "HTTP-09"},
	{"/drf/", "HTTP-09"},
	{"/ccmadmin", "HTTP-09"},
	{"/platform-services/", "HTTP-09"},
	{"/appadmin", "HTTP-09"},
	{"/finesse/api/SystemConfig", "HTTP-10"},
	{"/finesse/api/ClusterConfig", "HTTP-10"},
	{"/finesse/api/EnterpriseDatabaseConfig", "HTTP-10"},
	{"/finesse/api/LayoutConfig", "HTTP-10"},
	{"/finesse/api/ReasonCodes", "HTTP-10"},
	{"/finesse/api/WrapUpReasons", "HTTP-10"},
	{"/finesse/api/PhoneBooks", "HTTP-10"},
	{"/finesse/api/Workflows", "HTTP-10"},
	{"/finesse/api/Teams", "HTTP-10"},
	{"/finesse/api/CloudConnect", "HTTP-10"},
	{"/finesse/api/ConnectedUsersInfo", "HTTP-10"},
	{"/finesse/api/RuntimeConfigInfo", "HTTP-10"},
	{"/finesse/api/Users", "HTTP-10"},
	{"/finesse-dp/", "HTTP-10"},
	{"/http-bind/", "HTTP-12"},
	{"/proxymap.txt", "HTTP-22"},
	{"/reverseproxy_status", "HTTP-23"},
	{"/nginx_status", "HTTP-23"},
	{"/finesse/api/UserAuthMode/postern", "AUTH-12"},
}

// pages is what goes over the shared connection, under the right name.
func pages(t evidence.Target, e evidence.Endpoint) []request {
	usual := func(name evidence.HTTPRequestName, control, method, path string) request {
		return request{
			name: name, control: control, via: exchange.Via{SNI: exchange.ServerName(e.Host)}, host: exchange.Authority(e.Host, e.Port),
			Request: exchange.Request{Method: method, Path: path, Fields: exchange.Browse(e.Host, e.Port)},
		}
	}
	if t.Kind == evidence.KindNode {
		return []request{
			usual(evidence.RequestPage, "TLS-10", "GET", "/"),
			usual(evidence.RequestMissingPath, "HTTP-16", "GET", missingPath),
		}
	}
	var all []request
	for _, p := range openPaths {
		all = append(all, usual(evidence.RequestPage, p.control, "GET", p.path))
	}
	all = append(
		all,
		usual(evidence.RequestAnonymous, "AUTH-01", "GET", systemInfo),
		usual(evidence.RequestHead, "HTTP-11", "HEAD", "/"),
		usual(evidence.RequestOptions, "HTTP-11", "OPTIONS", "/"),
		usual(evidence.RequestMissingPath, "HTTP-16", "GET", missingPath),
	)
	for _, p := range closedPaths {
		all = append(all, usual(evidence.RequestClosedPath, p.control, "GET", p.path))
	}
	tool := usual(evidence.RequestUserAgent, "HTTP-15", "GET", "/desktop/")
	tool.Fields = replace(tool.Fields, "User-Agent", "curl/8.5.0")
	foreign := usual(evidence.RequestReferer, "HTTP-14", "GET", "/desktop/")
	foreign.Fields = replace(foreign.Fields, "Referer", foreignPage+"/")
	return append(all, tool, foreign)
}

// underOtherNames asks for a path under names that are not the listener's. Each
// has a connection of its own, since closing it is the usual refusal.
func underOtherNames(t evidence.Target, e evidence.Endpoint, path string) []request {
	own, other := exchange.Authority(e.Host, e.Port), otherName(t, e)
	otherHost := exchange.Authority(other, e.Port)
	get := func(name evidence.HTTPRequestName, control, sni, host string) request {
		return request{
			name: name, control: control, via: exchange.Via{SNI: sni, Alone: true}, host: host,
			Request: exchange.Request{Method: "GET", Path: path, Fields: replace(exchange.Browse(e.Host, e.Port), "Host", host)},
		}
	}
	name := exchange.ServerName(e.Host)
	noHost := get(evidence.RequestNoHost, "HTTP-02", name, "")
	noHost.Fields = noHost.Fields[1:]
	old := get(evidence.RequestNoHostHTTP10, "HTTP-02", name, "")
	old.Fields, old.HTTP10 = old.Fields[1:], true
	two := get(evidence.RequestTwoHosts, "HTTP-02", name, own)
	two.Fields = append(two.Fields, exchange.Field{Name: "Host", Value: exchange.Authority(unknownName, e.Port)})
	absolute := get(evidence.RequestAbsoluteTarget, "HTTP-02", name, own)
	absolute.Path = exchange.Origin(unknownName, e.Port) + path
	return []request{
		get(evidence.RequestUnknownHost, "HTTP-02", name, exchange.Authority(unknownName, e.Port)),
		get(evidence.RequestAddressHost, "HTTP-02", name, exchange.Authority(address(t), e.Port)),
		get(evidence.RequestEmptyHost, "HTTP-02", name, ""),
		noHost, old,
		get(evidence.RequestOtherPort, "HTTP-02", name, exchange.Authority(e.Host, e.Port%65535+1)),
		two, absolute,
		get(evidence.RequestHostNotSNI, "HTTP-03", name, otherHost),
		get(evidence.RequestSNINotHost, "HTTP-03", exchange.ServerName(other), own),
		get(evidence.RequestUnknownSNI, "HTTP-03", unknownName, own),
		get(evidence.RequestNoSNI, "HTTP-03", "", own),
		get(evidence.RequestNoSNIUnknownHost, "HTTP-01", "", exchange.Authority(unknownName, e.Port)),
	}
}

// webSocketKey is 16 bytes in base64, as a handshake wants (RFC 6455 section
// 4.1). It need not be secret.
const webSocketKey = "cG9zdGVybi1hdWRpdC13cw=="

// sockets asks for a WebSocket as a browser does, but without credentials.
func sockets(e evidence.Endpoint) []request {
	open := func(name evidence.HTTPRequestName, origin string) request {
		fields := append(
			exchange.Browse(e.Host, e.Port),
			exchange.Field{Name: "Connection", Value: "Upgrade"}, exchange.Field{Name: "Upgrade", Value: "websocket"},
			exchange.Field{Name: "Origin", Value: origin}, exchange.Field{Name: "Sec-WebSocket-Version", Value: "13"},
			exchange.Field{Name: "Sec-WebSocket-Key", Value: webSocketKey}, exchange.Field{Name: "Sec-WebSocket-Protocol", Value: "xmpp"},
		)
		return request{
			name: name, control: "HTTP-24", via: exchange.Via{SNI: exchange.ServerName(e.Host), Alone: true}, host: exchange.Authority(e.Host, e.Port),
			Request: exchange.Request{Method: "GET", Path: "/ws", Fields: fields},
		}
	}
	return []request{
		open(evidence.RequestWebSocket, exchange.Origin(e.Host, e.Port)),
		open(evidence.RequestForeignWebSocket, foreignPage),
	}
}

// plain asks in clear text.
func plain(e evidence.Endpoint) request {
	return request{
		name: evidence.RequestPlain, control: "TLS-09", via: exchange.Via{Clear: true, Alone: true}, host: exchange.Authority(e.Host, e.Port),
		Request: exchange.Request{Method: "GET", Path: "/", Fields: exchange.Browse(e.Host, e.Port)},
	}
}

// replace returns the fields with another value for one of them.
func replace(fields []exchange.Field, name, value string) []exchange.Field {
	out := make([]exchange.Field, len(fields))
	for i, f := range fields {
		if f.Name == name {
			f.Value = value
		}
		out[i] = f
	}
	return out
}

// otherName is another name that the same gate serves, best at the same port,
// or a name that nobody has.
func otherName(t evidence.Target, e evidence.Endpoint) string {
	other := unknownName
	for _, candidate := range t.Endpoints {
		if strings.EqualFold(candidate.Host, e.Host) {
			continue
		}
		if candidate.Port == e.Port {
			return candidate.Host
		}
		if other == unknownName {
			other = candidate.Host
		}
	}
	return other
}

// address is an address to ask the gate by: one of its own where it is
// declared, else one that nobody has (RFC 5737).
func address(t evidence.Target) string {
	if t.Edge != nil {
		for _, list := range [][]string{t.Edge.Addresses.Public, t.Edge.Addresses.Private} {
			if len(list) > 0 {
				return list[0]
			}
		}
	}
	return "192.0.2.1"
}
