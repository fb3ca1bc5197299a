// SPDX-License-Identifier: Apache-2.0

package tlsposture

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/evidence"
)

// hardened is a gate as the guide wants it.
const hardened = `
  ssl_protocols TLSv1.2 TLSv1.3; ssl_prefer_server_ciphers on; ssl_session_tickets off; ssl_session_cache shared:s:1m;
  ssl_ciphers ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-CHACHA20-POLY1305;
  server { listen ADDRESS ssl default_server; ssl_reject_handshake on; error_page 497 =444 /; }
  server { listen ADDRESS ssl; server_name desk-a.agents.example; location / { return 204; } }
`

func TestAHardenedNginxIsDescribedInFull(t *testing.T) {
	id := newRSA(t)
	target := target(t, startNginx(t, id, hardened))
	p := posture(t, lab, target)

	text, _ := json.MarshalIndent(p, "", " ")
	t.Logf("%s", text)
	want := map[string]evidence.Answer{
		"SSLv3": evidence.Refused, "TLSv1.0": evidence.Refused, "TLSv1.1": evidence.Refused,
		"TLSv1.2": evidence.Accepted, "TLSv1.3": evidence.Accepted,
	}
	if diff := cmp.Diff(want, versions(p)); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
}

// usual is an nginx with the ciphers that it has by default.
const usual = `
  ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers HIGH:!aNULL:!MD5; ssl_prefer_server_ciphers on;
  server { listen ADDRESS ssl http2; server_name desk-a.agents.example; location / { return 204; } }
`

func TestAUsualNginxCostsAtMostAHundredClientHellos(t *testing.T) {
	p := posture(t, lab, target(t, startNginx(t, newRSA(t), usual)))
	t.Logf("%d suites, %d groups, %d ClientHellos", len(p.Suites), len(p.Groups), p.ClientHellos)
	if p.ClientHellos > 100 {
		t.Errorf("%d ClientHellos for %d suites and %d groups", p.ClientHellos, len(p.Suites), len(p.Groups))
	}
	if p.ClientHellos < len(p.Suites)+len(p.Groups) {
		t.Errorf("%d ClientHellos cannot have told %d suites and %d groups", p.ClientHellos, len(p.Suites), len(p.Groups))
	}
}
