// SPDX-License-Identifier: Apache-2.0

// Package tlsposture finds out what each listener speaks: protocol versions,
// cipher suites in the server's order, key-exchange groups, the served chain,
// and how it treats names, tickets, renegotiation and clear text.
//
// # Who decides what
//
// tlsx decides protocol versions and the served chain, hdm/jarm-go the JARM
// fingerprint. Where tlsx is refused for its suites only, a ClientHello of our
// own overrules it, and the fact says so. Suites, order, groups and everything
// else that stands in clear text come from such ClientHellos, which cost one
// round trip and no cryptography. What needs keys comes from crypto/tls.
//
// # What an answer proves
//
// Only an answer proves a refusal: an alert, a ServerHello of another version,
// a reset, or a close after the ClientHello. A timeout, a lost connection or
// bytes that are not TLS leave a fact unknown, with the reason. Gates drop
// what comes too fast, so an unclear answer is repeated slowly and then compared
// with a ClientHello that was answered before; when that is not answered any
// more, the listener is left alone and the rest stays unknown. Each listener
// that left something unanswered has a gap; facts that carry their own
// known/not known are not repeated there.
//
// # Limits
//
// Suites that need a shared secret (PSK, SRP, Kerberos) are not offered. Groups
// of TLS 1.2 may be incomplete behind an ECDSA certificate. Renegotiation is
// tried in TLS 1.2 with AES-GCM only. A certificate is described here and judged
// elsewhere; no revocation address in it is ever contacted. The first OCSP
// response of an nginx that was just started is often missing.
package tlsposture

import (
	"context"
	"fmt"
	"time"

	"github.com/postern-audit/postern/internal/evidence"
)

// Defaults of the collector's options.
const (
	defaultTimeout = 5 * time.Second
	defaultPause   = time.Second
)

// listeners is how many listeners of a target are worked on at once.
const listeners = 4

// Collector asks the declared listeners of edges and nodes. The zero value is
// ready for use.
type Collector struct {
	// Timeout bounds one conversation with a listener, from the moment that
	// it is connected; 0 is 5 seconds.
	Timeout time.Duration
	// Pause is the distance between connections to a listener that seems to
	// limit them; 0 is 1 second.
	Pause time.Duration

	// handshake stands in for tlsx; nil is tlsx.
	handshake func(context.Context, *listener, protocol) handshake
}

// Name implements evidence.Collector.
func (Collector) Name() string { return "tlsposture" }

// Collect implements evidence.Collector.
func (c Collector) Collect(ctx context.Context, t evidence.Target) (evidence.Collected, error) {
	var out evidence.Collected
	if reason, concerned := t.StandsOffTLS(); !concerned {
		return out, nil
	} else if reason != "" {
		out.Gaps = append(out.Gaps, t.Gap(c.Name(), reason, t.Declared()))
		return out, nil
	}
	results := make([]result, len(t.Endpoints))
	slots, done := make(chan struct{}, listeners), make(chan struct{})
	for i, e := range t.Endpoints {
		go func() {
			defer func() { done <- struct{}{} }()
			slots <- struct{}{}
			defer func() { <-slots }()
			results[i] = c.listen(ctx, t, e)
		}()
	}
	for range t.Endpoints {
		<-done
	}
	for i, e := range t.Endpoints {
		r := results[i]
		if r.posture != nil {
			out.Sections.TLSPosture = append(out.Sections.TLSPosture, *r.posture)
		}
		if r.chain != "" && t.Artifacts != nil {
			t.Artifacts.Add(evidence.ServedChain(t.Subject, e.Host, e.Port), []byte(r.chain))
		}
		if r.gap != "" {
			out.Gaps = append(out.Gaps, evidence.Gap{
				Section: c.Name(), Subject: subject(t, e), Reason: r.gap, Source: t.Live(e.Host, e.Port),
			})
		}
	}
	return out, nil
}

// listen works on one listener. A fault of ours, or a library's, in the face of
// a hostile answer costs that listener and no other.
func (c Collector) listen(ctx context.Context, t evidence.Target, e evidence.Endpoint) (r result) {
	defer func() {
		if fault := recover(); fault != nil {
			r = result{gap: fmt.Sprintf("the handshake could not be worked out: %v", fault)}
		}
	}()
	timeout, pause := c.Timeout, c.Pause
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	if pause <= 0 {
		pause = defaultPause
	}
	l := newListener(t, e, timeout, pause)
	s := &scan{listener: l, shake: l.shakeHands, meet: l.meet}
	if c.handshake != nil {
		s.shake = func(ctx context.Context, p protocol) handshake { return c.handshake(ctx, l, p) }
		s.meet = s.shake
	}
	return s.run(ctx)
}

func subject(t evidence.Target, e evidence.Endpoint) string {
	return evidence.ListenerSubject(t.Subject, e.Host, e.Port)
}
