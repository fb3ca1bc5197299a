// SPDX-License-Identifier: Apache-2.0

package request_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/nginx/request/wiretest"
)

// A guard refuses, and what nginx makes of its answer on the way may let the request in all
// the same. Then the model counts no guard.
func TestWhatLeadsOnFromAGuardIsNoGuard(t *testing.T) {
	b := wiretest.NewBench(t)
	port := b.Port(t)
	piece := fmt.Sprintf(`server {
listen 127.0.0.1:%d;
location /plain { auth_request /1; proxy_pass http://u0; }
location = /1 { internal; proxy_pass http://u3/x; }
location /caught { auth_request /2; proxy_pass http://u0; }
location = /2 { internal; proxy_intercept_errors on; error_page 401 =200 /ok; proxy_pass http://u3/x; }
location /kept { auth_request /3; proxy_pass http://u0; }
location = /3 { internal; proxy_intercept_errors on; error_page 401 /ok; proxy_pass http://u3/x; }
location /moved { auth_request /4; proxy_pass http://u0; }
location = /4 { internal; proxy_intercept_errors on; error_page 401 = /other; proxy_pass http://u3/x; }
location /sent { auth_request /5; proxy_pass http://u0; }
location = /5 { internal; rewrite ^ /g?accel=/only break; proxy_pass http://u0; }
location = /ok { internal; return 200; }
location = /other { internal; proxy_pass http://u1/shown; }
location = /only { internal; return 204; }
}
`, port)
	m := b.Serve(t, piece)
	const answer request.Field = "choice the upstream answers"
	for _, row := range []struct{ target, supposed, want string }{
		{"/plain", "as usual", "401"},
		{"/caught", "with 401", "0 /caught"},
		{"/kept", "with 401", "401"},
		{"/moved", "with 401", "0 /moved"},
		{"/sent", "with X-Accel-Redirect", "0 /sent"},
	} {
		q := documentedRequest("GET "+row.target, port)
		if got := seen(b.Send(t, q), b); got != row.want {
			t.Errorf("%s: nginx gives %s, not %s", row.target, got, row.want)
		}
		out, found := m.Trace(q, map[request.Field]string{answer: row.supposed, request.AnswerPath: "/only"})
		is := slices.ContainsFunc(found.Guards, func(g request.Guard) bool { return g.Authenticates })
		switch {
		case row.want == "401" && out.Kind == request.Forwarded && !is:
			t.Errorf("%s: the model lets in what nginx refuses\n%s", row.target, trace(out.Steps))
		case row.want != "401" && (out.Kind != request.Forwarded || is):
			t.Errorf("%s: the model gives %s with the guards %v\n%s", row.target, out.Kind, found.Guards, trace(out.Steps))
		}
	}
}
