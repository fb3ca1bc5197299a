// SPDX-License-Identifier: Apache-2.0

package request_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/nginx/request/wiretest"
)

// What an upstream answers may lead nginx elsewhere. The model supposes an answer when
// it traces, and nginx then has to go the same way with an upstream that gives it.
func TestAnswersOfUpstreamsLeadOnAsInNginx(t *testing.T) {
	b := wiretest.NewBench(t)
	port := b.Port(t)
	piece := fmt.Sprintf(`server {
listen 127.0.0.1:%d;
location /plain { proxy_pass http://u0; }
location /keep { proxy_ignore_headers X-Accel-Redirect; proxy_pass http://u0; }
location /guarded { proxy_pass http://u3; error_page 403 /page; }
location /caught { proxy_intercept_errors on; proxy_pass http://u3; error_page 403 /page; error_page 401 = @other; }
location /chain { proxy_intercept_errors on; recursive_error_pages on; proxy_pass http://u3; error_page 403 /caught/b; }
location /page { internal; proxy_pass http://u1/shown; }
location @other { proxy_pass http://u2; }
location /inner/ { internal; alias html/; }
location /secret { internal; proxy_pass http://u2; }
location / { return 410; }
}
`, port)
	m := b.Serve(t, piece)
	for _, row := range []struct{ target, want string }{
		{"/plain?accel=/inner/ab", "200"},
		{"/plain?accel=/inner/none", "404"},
		{"/plain?accel=/secret/x", "2 /secret/x"},
		{"/plain?accel=/page", "1 /shown"},
		{"/plain?accel=/zz", "410"},
		{"/plain?accel=/plain", "0 /plain"},
		{"/keep?accel=/secret", "0 /keep?accel=/secret"},
		{"/guarded", "3 /guarded"},
		{"/guarded/b", "3 /guarded/b"},
		{"/caught", "3 /caught"},
		{"/caught/b", "1 /shown"},
		{"/caught/x", "2 /caught/x"},
	} {
		q := documentedRequest("GET "+row.target, port)
		if got := seen(b.Send(t, q), b); got != row.want {
			t.Errorf("%s: nginx gives %s, not %s", row.target, got, row.want)
		}
		// The first trace tells which suppositions there are.
		out, found := m.Trace(q, nil)
		choices := map[request.Field]string{}
		for _, d := range found.Decisions {
			if len(d.Of.Pieces) != 1 || d.Of.Pieces[0].From == nil {
				continue
			}
			field := d.Of.Pieces[0].From.Field
			if !strings.Contains(string(field), "the upstream answers") {
				continue
			}
			_, to, moved := strings.Cut(row.target, "accel=")
			switch status := wiretest.GuardAnswer(row.target); {
			case moved:
				choices[field], choices[request.AnswerPath] = "with X-Accel-Redirect", to
			case strings.HasPrefix(row.target, "/caught") && status >= 400:
				choices[field] = fmt.Sprintf("with %d", status)
			}
		}
		if len(choices) > 0 {
			out, _ = m.Trace(q, choices)
		}
		switch {
		case out.Reason == "a location that is open to everybody": // a trace goes no further
			continue
		case out.Kind == request.Answered && row.want == "404": // a trace supposes that the file is there
			continue
		}
		if got := short(out, b); got != row.want {
			t.Errorf("%s: the model gives %s, not %s (%s)\n%s", row.target, got, row.want, out.Reason, trace(out.Steps))
		}
	}
}
