// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	desk  = "desk-a.agents.example:8445"
	cloud = "cloud-a.agents.example:443"
)

func get(target string, lines ...string) string {
	return "GET " + target + " HTTP/1.1\r\nHost: " + desk + "\r\n" + strings.Join(append(lines, ""), "\r\n") + "\r\n"
}

type attack struct {
	name    string
	request string
	reason  Reason
}

// attacks is the corpus: every family of ambiguity, each with the reason by which
// it must be refused.
func attacks() []attack {
	var all []attack
	add := func(family string, reason Reason, requests ...string) {
		for i, r := range requests {
			all = append(all, attack{fmt.Sprintf("%s %d", family, i+1), r, reason})
		}
	}
	targets := func(family string, reason Reason, list ...string) {
		for _, t := range list {
			add(family+" "+t, reason, get(t))
		}
	}
	closed := []string{
		"/cfadmin", "/cfadmin/", "/cfadmin/console", "/http-bind", "/http-bind/", "/fippa", "/fippa/x", "/finesse-ipphone/a", "/finesse-dp/x",
		"/finesse/api/Users", "/finesse/api/Users/", "/finesse/api/Users/1", "/finesse/api/UserAuth", "/finesse/api/UserAuthMode/1",
		"/cmplatform", "/cmplatform/x", "/drf", "/ccmadmin/", "/platform-services/x", "/appadmin", "/manager/html",
	}
	for _, word := range []string{
		"SystemConfig", "ConfigInfo", "ClusterConfig", "EnterpriseDatabaseConfig", "LayoutConfig", "ReasonCode", "ReasonCodes",
		"WrapUpReason", "WrapUpReasons", "PhoneBook", "PhoneBooks", "Contact", "Contacts", "Workflow", "Workflows", "WorkflowAction",
		"Teams", "SystemVariable", "CloudConnect", "ConnectedUsersInfo", "MaintenanceMode", "RuntimeConfigInfo",
	} {
		closed = append(closed, "/finesse/api/"+word, "/finesse/api/"+word+"/1?x=y")
		add("write "+word, PathClosed, strings.Replace(get("/finesse/api/"+word), "GET", "DELETE", 1))
	}
	targets("closed", PathClosed, closed...)
	targets("unlisted", PathUnlisted,
		"/", "/CFADMIN", "/CfAdmin/", "/Desktop/", "/DESKTOP", "/finesse", "/finesse/api", "/finesse/api/", "/finesse/api/user/1",
		"/idsadmin", "/oamp", "/cuic/rest/about", "/proxymap.txt", "/reverseproxy_status", "/.git/config", "/desktopx", "/desktop-", "/finesse/api/UserX/1",
		"/server-status", "/favicon.ico", "/gadgetsx", "/wsx", "/finesse/api/User", "/finesse/api/User/", "/finesse/api/User/a%20b", "/finesse/api/User/agent%40corp/Dialogs")
	for _, evil := range []string{"cfadmin", "finesse/api/Users", "idsadmin"} {
		targets("dots", TargetDotPart, "/desktop/../"+evil, "/desktop/./../"+evil, "/desktop/container/../../"+evil, "/../"+evil, "/./"+evil,
			"/desktop/..", "/desktop/.", "/finesse/api/User/../"+evil, "/gadgets/../"+evil+"?a=b")
		targets("encoded dots", TargetEncPlain, "/desktop/%2e%2e/"+evil, "/desktop/%2E%2E/"+evil, "/desktop/.%2e/"+evil, "/desktop/%2e./"+evil, "/%2e/"+evil, "/desktop/%2e%2e%2f"+evil)
		targets("mixed dots", TargetEncSlash, "/desktop/..%2f"+evil, "/desktop/..%2F..%2F"+evil, "/desktop%2f..%2f"+evil, "/desktop/x%2f..%2f..%2f"+evil)
		targets("double encoding", TargetEncPercent, "/desktop/%252e%252e/"+evil, "/desktop/%25%32%65%25%32%65/"+evil, "/desktop/%252e%252e%252f"+evil, "/desktop/%25252e/"+evil)
		targets("parameters", TargetSemicolon, "/desktop/..;/"+evil, "/desktop/;/../"+evil, "/desktop;x=y/../"+evil, "/desktop/x;jsessionid=1", "/;/"+evil, "/desktop/%3b/"+evil, "/desktop/..%3B/"+evil)
		targets("slashes", TargetEmptyPart, "//"+evil, "/desktop//"+evil, "///"+evil, "/desktop//../"+evil, "/finesse/api//Users")
		targets("backslash", TargetBackslash, `/desktop/..\`+evil, `/desktop\..\`+evil, `/desktop/\../`+evil, `\`+evil)
		targets("encoded backslash", TargetEncBack, "/desktop/..%5c"+evil, "/desktop%5C..%5C"+evil)
		targets("nul", TargetEncControl, "/desktop/%00/../"+evil, "/desktop/x%00", "/"+evil+"%00", "/desktop/%0d%0aX:y", "/desktop/%09", "/desktop/%7f", "/desktop/%1f")
		targets("overlong", TargetEncHigh, "/desktop/%c0%ae%c0%ae/"+evil, "/desktop/%c0%af"+evil, "/desktop/%e0%80%ae/"+evil, "/desktop/%ef%bc%8f"+evil, "/desktop/%f8%80%80%80%ae", "/desktop/%ff")
		targets("plain bytes encoded", TargetEncPlain, "/%63fadmin", "/cf%61dmin", "/desktop/%41", "/%64esktop/", "/desktop/%7e", "/finesse/api/%55sers")
		targets("delimiters", TargetEncDelim, "/desktop/%3f/../"+evil, "/desktop/%23/../"+evil)
		targets("edges", TargetDotEnd, "/"+evil+".", "/desktop/x.", "/desktop/.../"+evil, "/desktop./x", "/desktop/..../")
		targets("blank edges", TargetSpaceEdge, "/"+evil+"%20", "/desktop/%20/x", "/desktop/x%20/y", "/desktop/%20x")
		targets("fragment", TargetFragment, "/desktop/#/../"+evil, "/desktop#", "/desktop/?x#y")
		targets("broken percent", TargetPercent, "/desktop/%", "/desktop/%2", "/desktop/%zz", "/desktop/%u002e%u002e/"+evil, "/desktop/%%32%65", "/desktop/?x=%")
		targets("odd bytes", TargetByte, "/desktop/<", `/desktop/"`, "/desktop/{", "/desktop/|", "/desktop/^", "/desktop/`", "/desktop/[x]")
		targets("high bytes", TargetNonASCII, "/desktop/\xc0\xae\xc0\xae/"+evil, "/desktop/\xff", "/desktop/\xef\xbc\x8f", "/desktop/?\x80")
		targets("controls", TargetControl, "/desktop/\x01", "/desktop/\x7f", "/desktop/\tx", "/desktop/\x00/../"+evil)
		targets("forms", TargetForm, "https://"+desk+"/desktop/", "http://"+desk+"/"+evil, "https://evil.example/desktop/", "*", "desktop/", desk, "?x", "https:"+evil)
	}
	with := func(hosts ...string) string {
		return "GET /desktop/ HTTP/1.1\r\n" + strings.Join(append(hosts, ""), "\r\n") + "\r\n"
	}
	add("host missing", HostMissing, with(), with("Host:"), with("Host: "), "GET /desktop/ HTTP/1.0\r\n\r\n")
	add("host repeated", HostRepeated, with("Host: "+desk, "Host: "+desk), with("Host: "+desk, "Host: fin-a.corp.example:8445"), with("Host: x", "host: "+desk))
	add("host userinfo", HostUserinfo, with("Host: a@"+desk), with("Host: desk-a.agents.example:8445@evil.example"))
	add("host syntax", HostSyntax, with("Host: desk-a.agents.example:"), with("Host: "+desk+"/x"), with("Host: "+desk+" x"), with("Host: desk-a.agents.example:8445:1"),
		with("Host: desk-a.agents.example:08445"), with("Host: desk_a.agents.example:8445"), with("Host: "+desk+", evil"), with("Host: desk-a%2eagents.example:8445"), with("Host: :8445"), with("Host: desk-a.agents.example:99999"))
	add("host dot", HostTrailingDot, with("Host: desk-a.agents.example.:8445"), with("Host: desk-a.agents.example."))
	add("host address", HostAddress, with("Host: 127.0.0.1:8445"), with("Host: [::1]:8445"), with("Host: 2130706433:8445"), with("Host: 127.1:8445"))
	add("host port", HostPort, with("Host: desk-a.agents.example"), with("Host: desk-a.agents.example:443"), with("Host: desk-a.agents.example:8444"), with("Host: desk-a.agents.example:80"))
	add("host unknown", HostUnknown, with("Host: evil.example:8445"), with("Host: fin-a.corp.example:8445"), with("Host: x.desk-a.agents.example:8445"), with("Host: localhost:8445"), with("Host: agents.example:8445"))
	add("sni", ServerName, with("Host: desk-b.agents.example:8445"), with("Host: DESK-B.agents.example:8445"))
	canary := get("/desktop/canary")
	post := func(lines []string, body string) string {
		return "POST /desktop/container/j_security_check HTTP/1.1\r\nHost: " + desk + "\r\n" + strings.Join(append(lines, ""), "\r\n") + "\r\n" + body
	}
	add("cl and te", LengthAndChunks,
		post([]string{"Content-Length: 5", "Transfer-Encoding: chunked"}, "0\r\n\r\n"+canary),
		post([]string{"Transfer-Encoding: chunked", "Content-Length: 5"}, "0\r\n\r\n"+canary),
		post([]string{"Transfer-Encoding: identity", "Content-Length: 0"}, canary))
	add("cl twice", LengthRepeated, post([]string{"Content-Length: 0", "Content-Length: 5"}, canary), post([]string{"Content-Length: 3", "content-length: 3"}, "abc"+canary))
	add("cl odd", LengthInvalid, post([]string{"Content-Length: +5"}, canary), post([]string{"Content-Length: 5, 5"}, canary), post([]string{"Content-Length: 0x5"}, canary),
		post([]string{"Content-Length: -1"}, canary), post([]string{"Content-Length:"}, canary), post([]string{"Content-Length: 5 5"}, canary), post([]string{"Content-Length: 99999999999999999999"}, canary), post([]string{"Content-Length: 1e1"}, canary))
	add("te odd", Coding, post([]string{"Transfer-Encoding: gzip, chunked"}, "0\r\n\r\n"+canary), post([]string{"Transfer-Encoding: xchunked"}, "0\r\n\r\n"+canary),
		post([]string{"Transfer-Encoding: chunked", "Transfer-Encoding: chunked"}, "0\r\n\r\n"+canary), post([]string{"Transfer-Encoding: chunked", "Transfer-Encoding: identity"}, "0\r\n\r\n"+canary),
		post([]string{"Transfer-Encoding: identity"}, canary), post([]string{"Transfer-Encoding: chunked, chunked"}, canary), post([]string{`Transfer-Encoding: "chunked"`}, canary), post([]string{"Transfer-Encoding:"}, canary), post([]string{"Transfer-Encoding: chunked;q=1"}, canary))
	add("te control", FieldValue, post([]string{"Transfer-Encoding: \x0bchunked"}, "0\r\n\r\n"+canary), get("/desktop/", "X-A: a\x00b"), get("/desktop/", "X-A: \x1b[2J"), get("/desktop/", "X-A: \x7f"))
	add("te in 1.0", CodingVersion, strings.Replace(post([]string{"Transfer-Encoding: chunked"}, "0\r\n\r\n"+canary), "HTTP/1.1", "HTTP/1.0", 1))
	add("blank before colon", FieldSpace, post([]string{"Transfer-Encoding : chunked"}, "0\r\n\r\n"+canary), post([]string{"Content-Length\t: 5"}, canary), get("/desktop/", "Host : evil"))
	add("field name", FieldName, get("/desktop/", ": x"), get("/desktop/", "no colon"), get("/desktop/", "X\x00: y"), get("/desktop/", "X(): y"), get("/desktop/", "X\xff: y"), get("/desktop/", "X.Y: z"), get("/desktop/", "X'Y: z"))
	add("underscore", FieldUnderscore, get("/desktop/", "X_Client_IP: 10.0.0.1"), get("/desktop/", "X_Forwarded_For: 10.0.0.1"), get("/desktop/", "content_length: 5"), get("/desktop/", "Transfer_Encoding: chunked"), get("/desktop/", "X-Real_IP: 1"))
	add("folded", ObsFold, get("/desktop/", "X-A: b", " c"), post([]string{"Transfer-Encoding:", " chunked"}, "0\r\n\r\n"+canary), get("/desktop/", "\tX-A: b"), "GET /desktop/ HTTP/1.1\r\n Host: "+desk+"\r\n\r\n")
	add("bare lf", BareLF, strings.ReplaceAll(get("/desktop/"), "\r\n", "\n"), "GET /desktop/ HTTP/1.1\nHost: "+desk+"\r\n\r\n", get("/desktop/", "X-A: b\nX-B: c"), post([]string{"X: y\nTransfer-Encoding: chunked"}, "0\r\n\r\n"+canary), get("/desktop/", "X: y\n"))
	add("bare cr", BareCR, get("/desktop/", "X-A: b\rX-B: c"), "GET /desktop/ HTTP/1.1\rX: y\r\nHost: "+desk+"\r\n\r\n", get("/desktop/", "X: y\rTransfer-Encoding: chunked"))
	add("request line", RequestLine, "GET  /desktop/ HTTP/1.1\r\nHost: "+desk+"\r\n\r\n", "GET /desktop/  HTTP/1.1\r\nHost: "+desk+"\r\n\r\n", "GET /desktop/ HTTP/1.1 \r\nHost: "+desk+"\r\n\r\n", "GET /desktop/\r\nHost: "+desk+"\r\n\r\n",
		"GET /desk top/ HTTP/1.1\r\nHost: "+desk+"\r\n\r\n", " GET /desktop/ HTTP/1.1\r\nHost: "+desk+"\r\n\r\n", "\r\n"+get("/desktop/"), "GET\t/desktop/\tHTTP/1.1\r\nHost: "+desk+"\r\n\r\n", "GET /desktop/ http/1.1\r\nHost: "+desk+"\r\n\r\n")
	add("version", Version, strings.Replace(get("/desktop/"), "HTTP/1.1", "HTTP/1.2", 1), strings.Replace(get("/desktop/"), "HTTP/1.1", "HTTP/2.0", 1), strings.Replace(get("/desktop/"), "HTTP/1.1", "HTTP/01.1", 1), strings.Replace(get("/desktop/"), "HTTP/1.1", "HTTP/0.9", 1), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
	add("body on get", BodyUnexpected, get("/desktop/", "Content-Length: 5")+"hello"+canary, get("/desktop/", "Transfer-Encoding: chunked")+"0\r\n\r\n"+canary, strings.Replace(get("/desktop/", fmt.Sprintf("Content-Length: %d", len(canary)))+canary, "GET", "HEAD", 1))
	add("too large", BodyTooLarge, post([]string{"Content-Length: 15728641"}, ""))
	add("head too large", HeadTooLarge, get("/desktop/", "X-A: "+strings.Repeat("a", 20000)), get("/desktop/", strings.Split(strings.Repeat("X-A: b\r\n", 150), "\r\n")[:149]...))
	add("target too long", TargetLength, get("/desktop/"+strings.Repeat("a", 9000)))
	add("trailer", TrailerField, get("/desktop/", "Trailer: X"), post([]string{"Transfer-Encoding: chunked", "Trailer: Host"}, "0\r\nHost: x\r\n\r\n"))
	add("expect", Expectation, post([]string{"Content-Length: 1", "Expect: 200-ok"}, "a"))
	add("connection", ConnectionField, get("/desktop/", "Connection: X-Client-IP"), get("/desktop/", "Connection: close, Authorization"), get("/desktop/", "Connection: X-Forwarded-For, keep-alive"), get("/desktop/", "Proxy-Connection: Host"))
	socket := []string{"Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="}
	origin := "Origin: https://" + desk
	add("upgrade elsewhere", UpgradeRefused, get("/desktop/", append(slices.Clone(socket), origin)...)+canary, get("/desktop/", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c")[:0]+get("/desktop/", "Connection: Upgrade", "Upgrade: h2c")+canary,
		get("/ws", "Upgrade: websocket", origin)+canary, get("/ws", "Connection: upgrade", origin)+canary, get("/ws", "Connection: Upgrade", "Upgrade: h2c, websocket", origin)+canary, get("/ws", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 8", origin)+canary)
	add("origin missing", OriginMissing, get("/ws", socket...)+canary, get("/ws", append(slices.Clone(socket), origin, origin)...)+canary)
	for _, foreign := range []string{"https://evil.example", "null", "http://" + desk, "https://desk-a.agents.example", "https://" + desk + ".evil.example", "https://fin-a.corp.example:8445", "https://DESK-A.agents.example:8445", ""} {
		add("origin "+foreign, OriginForeign, get("/ws", append(slices.Clone(socket), "Origin: "+foreign)...)+canary)
	}
	for _, method := range []string{"TRACE", "TRACK", "CONNECT", "get", "Get", "G-T", "GET\x01"} {
		r := strings.Replace(get("/desktop/"), "GET", method, 1)
		add("method "+method, MethodForbidden, r)
	}
	add("connect", MethodForbidden, "CONNECT "+desk+" HTTP/1.1\r\nHost: "+desk+"\r\n\r\n", "CONNECT evil.example:443 HTTP/1.1\r\nHost: "+desk+"\r\n\r\n")
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "MOVE", "LOCK", "DEBUG", "PURGE", "FOO"} {
		add("method unlisted "+method, MethodUnlisted, strings.Replace(get("/desktop/"), "GET", method, 1))
	}
	add("config write", MethodUnlisted, strings.Replace(get("/finesse/api/ChatConfig"), "GET", "PUT", 1), strings.Replace(get("/finesse/api/SystemInfo"), "GET", "DELETE", 1), strings.Replace(get("/finesse/api/User/1"), "GET", "DELETE", 1))
	return all
}

func TestNoAttackReachesAnUpstream(t *testing.T) {
	s := newScene(t, nil)
	all := attacks()
	if len(all) < 300 {
		t.Fatalf("corpus has shrunk to %d requests", len(all))
	}
	t.Logf("%d requests", len(all))
	for _, a := range all {
		statuses, bodies := s.raw(desk, a.request)
		if len(statuses) == 0 || statuses[0] != a.reason.Status() || !strings.Contains(bodies, string(a.reason)) {
			t.Errorf("%s: got %v %q, want %d %s\n%q", a.name, statuses, clip(bodies), a.reason.Status(), a.reason, clip(a.request))
		}
		if got := s.arrivals(); len(got) != 0 {
			t.Errorf("%s: reached %s %s %s", a.name, got[0].Upstream, got[0].Method, got[0].Target)
		}
	}
}

func TestAllowedRequestsArriveByteForByte(t *testing.T) {
	s := newScene(t, nil)
	for _, target := range []string{
		"/desktop", "/desktop/", "/desktop/container/?locale=en_US", "/desktop/a/b.css?x=%2F..%2f&y=[1]{2}|", "/finesse/api/User/1001", "/finesse/api/User/1001/Dialogs?", "/desktop/a%20b", "/desktop/a%40b", "/gadgets/ifr?url=https%3A%2F%2Fx&a=;b",
	} {
		statuses, body := s.raw(desk, get(target))
		got := s.arrivals()
		if len(got) != 1 || got[0].Target != target || got[0].Host != desk || got[0].Upstream != "fin-a.corp.example:8445" {
			t.Errorf("%s: arrived as %+v (answer %v %q)", target, got, statuses, body)
		}
	}
	statuses, _ := s.raw(cloud, "POST /drapi/v1/tasks HTTP/1.1\r\nHost: cloud-a.agents.example\r\nContent-Length: 2\r\n\r\n{}")
	got := s.arrivals()
	if len(got) != 1 || got[0].Host != cloud || got[0].Body != "{}" || got[0].Header.Get("X-Forwarded-Port") != "443" {
		t.Errorf("cloud connect: %v %+v", statuses, got)
	}
}

func TestUpstreamHearsOnlyOurWordAboutTheClient(t *testing.T) {
	s := newScene(t, nil)
	statuses, _ := s.raw(desk, get("/desktop/", "X-Client-IP: 10.9.9.9", "x-real-ip: 10.9.9.9", "X-Forwarded-For: 10.9.9.9", "X-Forwarded-For: 10.8.8.8", "X-Forwarded-Host: evil.example",
		"X-Forwarded-Proto: http", "X-Forwarded-Port: 1", "X-Forwarded-Prefix: /cfadmin", "Forwarded: for=10.9.9.9;host=evil", "Accept-Encoding: gzip, br", "Range: bytes=0-1", "X-Original-URL: /cfadmin", "X-Rewrite-URL: /cfadmin",
		"X-HTTP-Method-Override: DELETE", "Proxy: http://evil", "True-Client-IP: 10.9.9.9", "Connection: close", "TE: trailers", "Authorization: Basic YQ==", "Cookie: a=b"))
	got := s.arrivals()
	if len(got) != 1 {
		t.Fatalf("arrivals %v, statuses %v", got, statuses)
	}
	h := got[0].Header
	for name, want := range map[string]string{
		"X-Client-Ip": "127.0.0.1", "X-Real-Ip": "127.0.0.1", "X-Forwarded-For": "10.9.9.9, 10.8.8.8, 127.0.0.1", "X-Forwarded-Port": "8445",
		"Authorization": "Basic YQ==", "Cookie": "a=b",
	} {
		if values := h.Values(name); len(values) != 1 || values[0] != want {
			t.Errorf("%s = %q, want %q alone", name, values, want)
		}
		h.Del(name)
	}
	if len(h) != 0 {
		t.Errorf("further headers arrived: %v", h)
	}
	if got[0].Client != "proxy.dmz.example" {
		t.Errorf("client certificate %q", got[0].Client)
	}
}

func TestClearTextOnATLSPortGetsNoAnswer(t *testing.T) {
	s := newScene(t, nil)
	c, err := net.Dial("tcp", s.addresses[desk])
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	fmt.Fprint(c, get("/desktop/"))
	if data, err := io.ReadAll(c); len(data) != 0 || (err != nil && !strings.Contains(err.Error(), "reset")) {
		t.Errorf("answer %q, %v", data, err)
	}
}

func TestUnknownServerNameEndsTheHandshake(t *testing.T) {
	s := newScene(t, nil)
	for _, name := range []string{"evil.example", "fin-a.corp.example", "cloud-a.agents.example"} {
		if _, err := s.dial(desk, name); err == nil || !strings.Contains(err.Error(), "unrecognized name") {
			t.Errorf("%s: %v", name, err)
		}
	}
	// An address is never sent as server name, so this handshake names nobody.
	if _, err := s.dial(desk, "127.0.0.1"); err == nil || !strings.Contains(err.Error(), "unrecognized name") {
		t.Errorf("no name: %v", err)
	}
}

func TestPipelinedRequestsAreJudgedOneByOne(t *testing.T) {
	s := newScene(t, nil)
	chunked := "POST /finesse/api/ClientLog/1 HTTP/1.1\r\nHost: " + desk + "\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n"
	sized := "POST /finesse/api/ClientLog/2 HTTP/1.1\r\nHost: " + desk + "\r\nContent-Length: 30\r\n\r\nGET /cfadmin HTTP/1.1\r\nHost: x"
	statuses, _ := s.raw(desk, get("/desktop/1")+chunked+get("/cfadmin")+sized+get("/desktop/2")+get("/unlisted")+get("/desktop/../cfadmin")+get("/desktop/3"))
	if want := []int{200, 200, 403, 200, 200, 421, 400}; !slices.Equal(statuses, want) {
		t.Errorf("statuses %v, want %v", statuses, want)
	}
	var targets []string
	for _, a := range s.arrivals() {
		targets = append(targets, a.Target+" "+a.Body)
	}
	want := []string{"/desktop/1 ", "/finesse/api/ClientLog/1 hello0123456789abcdef", "/finesse/api/ClientLog/2 GET /cfadmin HTTP/1.1\r\nHost: x", "/desktop/2 "}
	if !slices.Equal(targets, want) {
		t.Errorf("arrived %q, want %q", targets, want)
	}
}

func TestChunkTricksHideNoSecondRequest(t *testing.T) {
	s := newScene(t, nil)
	canary := get("/desktop/canary")
	for _, body := range []string{
		"5;ext=1\r\nhello\r\n0\r\n\r\n", "5 \r\nhello\r\n0\r\n\r\n", "5\nhello\r\n0\r\n\r\n", "5\r\nhello\n0\r\n\r\n", "0x5\r\nhello\r\n0\r\n\r\n", "-1\r\n\r\n0\r\n\r\n",
		"000000005\r\nhello\r\n0\r\n\r\n", "ffffffffffffffff5\r\nhello\r\n0\r\n\r\n", "5\r\nhello0\r\n\r\n", "\r\n0\r\n\r\n", "0\r\nHost: x\r\n\r\n", "0\r\n\n", "0\r\n\rX", "5\r\nhello\r\r\n0\r\n\r\n", "0;\n\r\n\r\n",
	} {
		statuses, _ := s.raw(desk, "POST /finesse/api/ClientLog/1 HTTP/1.1\r\nHost: "+desk+"\r\nTransfer-Encoding: chunked\r\n\r\n"+body+canary)
		for _, status := range statuses {
			if status < 400 {
				t.Errorf("%q: answered %v", body, statuses)
			}
		}
		for _, a := range s.arrivals() {
			if strings.Contains(a.Target, "canary") {
				t.Errorf("%q: canary arrived", body)
			}
		}
	}
}
