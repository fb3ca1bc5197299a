// SPDX-License-Identifier: Apache-2.0

package request

import (
	"testing"

	"github.com/postern-audit/postern/internal/nginx"
)

// $request and $server_protocol are what real nginx says of these requests.
func TestRequestLinesAreSeenAsTheyAreSent(t *testing.T) {
	host := "gate.example"
	for _, c := range []struct {
		q                       Request
		line, protocol, without string
	}{
		{Request{Target: "/x", Version: "0.9"}, "GET /x", "", "/x"},
		{Request{Target: "/x  ", Version: "0.9"}, "GET /x  ", "", "/x"},
		{Request{Target: " /x", Host: &host}, "GET  /x HTTP/1.1", "HTTP/1.1", "/x"},
		{Request{Target: "/x", Host: &host, Version: "  HTTP/1.1  "}, "GET /x   HTTP/1.1  ", "HTTP/1.1  ", "/x"},
		{Request{Target: "/x", Host: &host, Version: "HTTP/1.01"}, "GET /x HTTP/1.01", "HTTP/1.01", "/x"},
		{Request{Target: "/x", Version: "1.000"}, "GET /x HTTP/1.000", "HTTP/1.000", "/x"},
		{Request{Target: "/x", Host: &host, Version: "1.999"}, "GET /x HTTP/1.999", "HTTP/1.999", "/x"},
		{Request{Target: "a+b://gate.example.:8/x", Host: &host}, "GET a+b://gate.example.:8/x HTTP/1.1", "HTTP/1.1", "/x"},
		{Request{Target: "a://gate.example", Host: &host}, "GET a://gate.example HTTP/1.1", "HTTP/1.1", "/"},
		{Request{Target: "a://gate.example?x#y", Host: &host}, "GET a://gate.example?x#y HTTP/1.1", "HTTP/1.1", "?x#y"},
		{Request{Target: "a://gate.example ", Version: "0.9"}, "GET a://gate.example ", "", "/"},
		{Request{Target: "a://[a:b._~!$&]:8/x", Host: &host}, "GET a://[a:b._~!$&]:8/x HTTP/1.1", "HTTP/1.1", "/x"},
		{Request{Target: "/x#y?z", Version: "1.0"}, "GET /x#y?z HTTP/1.0", "HTTP/1.0", "/x#y?z"},
	} {
		c.q.Method, c.q.Port = "GET", 80
		m := New(nginx.Effective(nginx.Parse("n.conf", `http { server { listen 80; set $l "$request|$server_protocol|$request_uri"; if ($l ~ .) { return 200; } } }`), nginx.Version{Major: 1, Minor: 22, Patch: 1}), Options{})
		out, trace := m.Trace(c.q, nil)
		if out.Kind != Answered || len(trace.Decisions) != 1 {
			t.Errorf("%q: %+v", c.q.Raw(), out)
			continue
		}
		if got, want := trace.Decisions[0].Of.S, c.line+"|"+c.protocol+"|"+c.without; got != want {
			t.Errorf("%q is seen as %q, and by nginx as %q", c.q.Raw(), got, want)
		}
	}
}
