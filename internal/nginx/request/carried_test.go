// SPDX-License-Identifier: Apache-2.0

package request_test

import (
	"fmt"
	"testing"

	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/nginx/request/wiretest"
)

// An upstream's answer leads to a location like a request for it, unless the request that
// was answered brings something along that decides there.
func TestAnswersAreFollowedWhereTheRequestBringsSomethingAlong(t *testing.T) {
	b := wiretest.NewBench(t)
	port := b.Port(t)
	const (
		answer = request.Field("choice the upstream answers")
		frame  = `server { listen 127.0.0.1:%d; %s location /b { proxy_pass http://u1; } location @only { return 410; } }`
	)
	for _, row := range []struct {
		text, path string
		want       bool
	}{
		{`location /a { proxy_pass http://u0; }`, "/b", false},
		{`if ($request_uri ~ "[^a-z/]") { return 404; } location /a { proxy_pass http://u0; }`, "/b", true}, // "_" is plain, too
		{`if ($request_uri ~ "[;%%]|//") { return 404; } location /a { proxy_pass http://u0; }`, "/b", false},
		{`if ($request_uri = /b) { return 404; } location /a { proxy_pass http://u0; }`, "/b", true},
		{`if ($request_uri = /b) { return 404; } location /a { proxy_pass http://u0; }`, "/b;x", false},
		{`if ($request_uri = "/b c") { return 404; } location /a { proxy_pass http://u0; }`, "/b", false},
		{`if ($request ~ " /b HTTP") { return 404; } location /a { proxy_pass http://u0; }`, "/b", true},
		{`location /a { set $x 1; proxy_pass http://u0; }`, "/b", false},
		{`if ($x = 2) { return 404; } location /a { set $x 1; proxy_pass http://u0; }`, "/b", true},
		{`set $x 1; if ($x = 2) { return 404; } location /a { proxy_pass http://u0; }`, "/b", false},
		{`set $x $request_uri; if ($x = /b) { return 404; } location /a { proxy_pass http://u0; }`, "/b", true},
		{`location ~ ^/(?<x>a) { proxy_pass http://u0; } location /c { root /$x; }`, "/b", true},
		{`location ~ ^/(a) { proxy_pass http://u0; } location /c { root /$1; }`, "/b", true},
		{`location ~ ^/(a) { proxy_pass http://u0/$1; }`, "/b", false},
	} {
		m := b.Model(t, fmt.Sprintf(frame, port, row.text))
		out, _ := m.Trace(documentedRequest("GET /a", port), map[request.Field]string{answer: "with X-Accel-Redirect", request.AnswerPath: row.path})
		if got := out.Kind == request.Forwarded && out.Upstream == "http://u1"; got != row.want {
			t.Errorf("%s: %s is followed: %t (%s %s)\n%s", row.text, row.path, got, out.Kind, out.Reason, trace(out.Steps))
		}
	}
}
