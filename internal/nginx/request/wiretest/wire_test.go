// SPDX-License-Identifier: Apache-2.0

package wiretest

import (
	"testing"

	"github.com/postern-audit/postern/internal/nginx/request"
)

func TestAnAnswerWithoutAStatusIsNoAgreement(t *testing.T) {
	simple := request.Request{Method: "GET", Target: "/", Version: "0.9"}
	refused := request.Outcome{Kind: request.Refused, Status: 403}
	for _, c := range []struct {
		o             Observed
		agrees, tells bool
	}{
		{Observed{}, true, false},
		{Observed{Page: 404}, true, false},
		{Observed{Page: 403}, true, true},
		{Observed{Upstream: "a"}, false, true},
		{Observed{Status: 400}, false, true},
	} {
		if a, m := c.o.Agrees(refused, simple), c.o.Mute(refused, simple); a != c.agrees || m == c.tells {
			t.Errorf("%+v: agrees %t, tells nothing %t", c.o, a, m)
		}
	}
	if full := (request.Request{Method: "GET", Target: "/"}); (Observed{}).Mute(refused, full) || (Observed{}).Agrees(refused, full) {
		t.Error("a connection that was closed is no refusal with a status")
	}
}
