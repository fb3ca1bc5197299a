// SPDX-License-Identifier: Apache-2.0

package tlsposture

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"sync"

	"github.com/postern-audit/postern/internal/evidence"
)

// byTLSX and byHello are the libraries that decide about a version.
const (
	byTLSX  = "tlsx"
	byHello = "ClientHello"
)

// tried is one version with what was found in it.
type tried struct {
	protocol protocol
	shake    handshake
	fact     evidence.TLSVersion
	suites   accepted
	groups   []evidence.TLSGroup
	session  session
}

// scan is the work on one listener.
type scan struct {
	*listener
	shake, meet func(context.Context, protocol) handshake
	versions    []*tried
	posture     evidence.TLSPosture

	mu sync.Mutex
	// open names what stayed unanswered, with the reason.
	open []string
}

// result is what a listener gave: a record, the served chain as PEM, and why
// it is incomplete. A listener that was not reached gives no record.
type result struct {
	posture *evidence.TLSPosture
	chain   string
	gap     string
}

// run asks everything. The order keeps the cost low: whether the listener
// answers at all, then its versions, then what each accepted version allows to
// be asked, all at once.
func (s *scan) run(ctx context.Context) result {
	s.prepare()
	first := s.versions[3] // TLS 1.2: what most listeners answer in full
	first.shake = s.listener.open(ctx, func(ctx context.Context) handshake { return s.meet(ctx, first.protocol) })
	if ctx.Err() != nil {
		return result{gap: "not finished: the run ended first"}
	}
	if first.shake.reply.outcome == mute && !s.heard(ctx, first) {
		return result{gap: "the listener was not seen: " + first.shake.reply.reason}
	}
	others := s.crew()
	for _, v := range s.versions {
		switch {
		case v == first:
		case first.shake.reply.outcome == foreign:
			// What speaks another protocol is not asked five times.
			v.shake = first.shake
		default:
			others.do(func() { v.shake = s.shake(ctx, v.protocol) })
		}
	}
	others.Wait()
	contest := s.crew()
	for _, v := range s.versions {
		s.judgeVersion(v)
		if v.contested() {
			contest.do(func() { s.contest(ctx, v) })
		}
	}
	contest.Wait()
	s.deepen(ctx)
	s.settle()
	out := result{posture: &s.posture, chain: s.chain()}
	if ctx.Err() != nil {
		s.open = append(s.open, "everything after the end of the run")
	}
	if len(s.open) > 0 {
		sort.Strings(s.open)
		out.gap = "stayed open: " + strings.Join(s.open, "; ")
	}
	return out
}

func (s *scan) prepare() {
	source := s.target.Live(s.endpoint.Host, s.endpoint.Port)
	s.posture = evidence.TLSPosture{
		Target: s.target.Subject, Subject: subject(s.target, s.endpoint),
		Host: s.endpoint.Host, Port: s.endpoint.Port, Source: source,
		Versions: []evidence.TLSVersion{}, Suites: []evidence.TLSSuite{}, Groups: []evidence.TLSGroup{},
		Chain: []evidence.ServedCertificate{}, ALPN: []evidence.TLSALPN{},
		UnknownName: evidence.SNIAnswer{Answer: evidence.AnswerUnknown, Reason: "no version was accepted"},
		NoName:      evidence.SNIAnswer{Answer: evidence.AnswerUnknown, Reason: "no version was accepted"},
	}
	for _, p := range protocols {
		s.versions = append(s.versions, &tried{protocol: p, fact: evidence.TLSVersion{Version: p.name, By: byTLSX, Source: source}})
	}
}

// heard gives a listener that said nothing to tlsx a second chance where that
// was tlsx's doing: one that did answer a hello of our own is alive.
func (s *scan) heard(ctx context.Context, v *tried) bool {
	if s.begun() > 0 || strings.HasPrefix(v.shake.reply.reason, "no connection") {
		return false
	}
	r := s.hello(ctx, s.helloOf(v.protocol.id, offered(v.protocol.id)), false)
	return r.settled() || r.outcome == hungUp
}

// judgeVersion turns the answer to a handshake of tlsx into a fact.
func (s *scan) judgeVersion(v *tried) {
	r := v.shake.reply
	v.fact.Reason = r.reason
	switch {
	case r.outcome == served && r.hello.version == v.protocol.id:
		v.fact.Answer = evidence.Accepted
	case r.outcome == served:
		v.fact.Answer, v.fact.Reason = evidence.Refused, "answered with "+versionName(r.hello.version)
	case r.outcome == alerted, r.outcome == hungUp:
		v.fact.Answer = evidence.Refused
	default:
		v.fact.Answer = evidence.AnswerUnknown
		s.stays(v.protocol.name, r.reason)
	}
}

// contested reports whether a refusal could be about the suites of tlsx rather
// than about the version: it knows none of those without certificate or
// encryption, and none of ARIA, Camellia or CCM.
func (v *tried) contested() bool {
	const protocolVersion = 70
	r := v.shake.reply
	return v.fact.Answer == evidence.Refused && r.outcome != served && r.alert != protocolVersion
}

// contest finds the suites of a version that tlsx was refused, and corrects the
// refusal if it was only one of the suites of tlsx.
func (s *scan) contest(ctx context.Context, v *tried) {
	v.suites = s.enumerate(ctx, v.protocol)
	switch {
	case len(v.suites.order) > 0:
		v.fact.Answer, v.fact.Reason, v.fact.By = evidence.Accepted, "", byHello
	case v.suites.open != "":
		v.fact.Answer, v.fact.Reason, v.fact.By = evidence.AnswerUnknown, v.suites.open, byHello
		s.stays(v.protocol.name, v.suites.open)
	}
}

// deepen asks everything that needs an accepted version, and what needs none.
func (s *scan) deepen(ctx context.Context) {
	work := s.crew()
	work.do(func() { s.posture.PlainHTTP = s.plainHTTP(ctx) })
	if s.versions[3].shake.reply.outcome != foreign {
		work.do(func() { s.posture.JARM = s.jarm(ctx) })
	}
	clearest := s.clearest()
	if clearest != nil {
		basis := accepted{protocol: clearest.protocol, order: offered(clearest.protocol.id)}
		work.do(func() { s.posture.UnknownName = s.named(ctx, basis, foreignName) })
		work.do(func() { s.posture.NoName = s.named(ctx, basis, "") })
		answers := make([]evidence.TLSALPN, 2)
		s.posture.ALPN = answers
		for i, name := range []string{"h2", "http/1.1"} {
			work.do(func() {
				var open string
				answers[i], open = s.alpn(ctx, basis, name)
				s.stays("the application protocol "+name, open)
			})
		}
	}
	for _, v := range s.versions {
		if v.fact.Answer != evidence.Accepted {
			continue
		}
		work.do(func() { s.suitesOf(ctx, v) })
		if v == clearest || v.protocol.id == tls13 {
			work.do(func() { s.groupsOf(ctx, v) })
		}
		if v.protocol.id >= tls12 {
			work.do(func() { v.session = s.session(ctx, v.protocol.id) })
		}
		if v.protocol.id == tls12 {
			work.do(func() { s.posture.ClientRenegotiation = s.renegotiates(ctx) })
		}
	}
	work.Wait()
	for _, a := range []struct {
		what   string
		answer evidence.SNIAnswer
	}{{"an unknown name", s.posture.UnknownName}, {"a missing name", s.posture.NoName}} {
		if a.answer.Answer == evidence.AnswerUnknown && clearest != nil {
			s.stays("the answer to "+a.what, a.answer.Reason)
		}
	}
}

// suitesOf fills the suites of an accepted version, unless a contest did.
func (s *scan) suitesOf(ctx context.Context, v *tried) {
	if v.suites.first == nil {
		v.suites = s.enumerate(ctx, v.protocol)
	}
	if v.suites.open != "" {
		s.stays("suites of "+v.protocol.name, v.suites.open)
	} else if len(v.suites.order) == 0 {
		s.stays("suites of "+v.protocol.name, "the version is accepted, yet every suite was refused")
	}
	s.prefer(ctx, &v.suites)
	bits := s.dhBits(ctx, v.suites)
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.posture.DHBits; bits.Known && (!known.Known || bits.Value < known.Value) {
		s.posture.DHBits = bits
	}
}

func (s *scan) groupsOf(ctx context.Context, v *tried) {
	var open string
	v.groups, open = s.groups(ctx, accepted{protocol: v.protocol, order: offered(v.protocol.id)})
	s.stays("groups of "+v.protocol.name, open)
}

// clearest is the accepted version in which most can be read in clear text:
// the highest below TLS 1.3, else that.
func (s *scan) clearest() *tried {
	for _, i := range []int{3, 2, 1, 0, 4} {
		if v := s.versions[i]; v.fact.Answer == evidence.Accepted {
			return v
		}
	}
	return nil
}

func (s *scan) stays(what, reason string) {
	if reason == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = append(s.open, fmt.Sprintf("%s (%s)", what, reason))
}

// settle gathers the facts of all versions into the record.
func (s *scan) settle() {
	p := &s.posture
	for _, v := range s.versions {
		p.Versions = append(p.Versions, v.fact)
		p.Suites = append(p.Suites, v.suites.facts()...)
		p.Groups = append(p.Groups, v.groups...)
		p.ServerPreference = both(p.ServerPreference, v.suites.preference)
	}
	s.settleOlder()
	s.settleSessions()
	p.ClientHellos = s.begun()
}

// settleOlder takes the facts that stand in clear text before TLS 1.3.
func (s *scan) settleOlder() {
	p := &s.posture
	older := false
	for _, v := range s.versions[:4] {
		older = older || v.fact.Answer != evidence.Refused
		r := v.suites.first
		if v.fact.Answer != evidence.Accepted || r == nil || r.outcome != served {
			continue
		}
		p.Compression = either(p.Compression, r.hello.compression != 0)
		p.SecureRenegotiation = both(p.SecureRenegotiation, evidence.Known(r.hello.renegotiation, evidence.Observed))
		if r.done && len(r.certificates) > 0 {
			p.Stapled = either(p.Stapled, r.stapled)
			p.ClientCertificate = either(p.ClientCertificate, r.certificateRequest)
		}
		if v.protocol.id != ssl30 {
			p.Tickets = either(p.Tickets, r.hello.ticket)
		}
	}
	// TLS 1.3 knows neither compression nor renegotiation (RFC 8446, 1.2).
	if !older && s.versions[4].fact.Answer == evidence.Accepted {
		p.Compression = evidence.Known(false, evidence.Observed)
		p.ClientRenegotiation = evidence.Known(false, evidence.Observed)
	}
}

// settleSessions takes what complete handshakes told. A fact that one accepted
// version did not tell stays unknown unless another one already gave it away.
func (s *scan) settleSessions() {
	p := &s.posture
	unseen := false
	for _, v := range s.versions[3:] {
		if v.fact.Answer != evidence.Accepted {
			continue
		}
		if v.session.finished {
			p.Stapled = either(p.Stapled, v.session.stapled)
			p.ClientCertificate = either(p.ClientCertificate, v.session.requested)
		} else if v.session.requested {
			p.ClientCertificate = evidence.Known(true, evidence.Observed)
		} else if r := v.suites.first; r == nil || !r.done || len(r.certificates) == 0 {
			p.Stapled, p.ClientCertificate = unlessTrue(p.Stapled), unlessTrue(p.ClientCertificate)
		}
		if v.session.tickets.Known {
			p.Tickets = either(p.Tickets, v.session.tickets.Value)
		} else if v.protocol.id == tls13 {
			p.Tickets = unlessTrue(p.Tickets)
		}
		if v.session.resumed.Known {
			p.Resumption = either(p.Resumption, v.session.resumed.Value)
		} else {
			unseen = true
		}
	}
	if unseen {
		p.Resumption = unlessTrue(p.Resumption)
	}
}

// either is true as soon as one version says so.
func either(known evidence.Optional[bool], value bool) evidence.Optional[bool] {
	return evidence.Known(known.Known && known.Value || value, evidence.Observed)
}

// both is true only while every version says so.
func both(known, more evidence.Optional[bool]) evidence.Optional[bool] {
	switch {
	case !known.Known:
		return more
	case !more.Known:
		return known
	}
	return evidence.Known(known.Value && more.Value, evidence.Observed)
}

// unlessTrue forgets a no that not every version has confirmed.
func unlessTrue(known evidence.Optional[bool]) evidence.Optional[bool] {
	if known.Known && known.Value {
		return known
	}
	return evidence.Optional[bool]{}
}

// crew is work done side by side. A fault in the face of a hostile answer
// leaves something open and ends nothing else.
type crew struct {
	sync.WaitGroup
	scan *scan
}

func (s *scan) crew() *crew { return &crew{scan: s} }

func (c *crew) do(work func()) {
	c.Go(func() {
		defer func() {
			if fault := recover(); fault != nil {
				c.scan.stays("a part of the answers", fmt.Sprintf("it could not be worked out: %v", fault))
			}
		}()
		work()
	})
}
