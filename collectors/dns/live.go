// SPDX-License-Identifier: Apache-2.0

package dns

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/postern-audit/postern/internal/evidence"
)

// types are those that a resolver is asked for.
var types = [...]struct {
	name string
	kind dnsmessage.Type
}{{"A", dnsmessage.TypeA}, {"AAAA", dnsmessage.TypeAAAA}}

const (
	questionTimeout = 5 * time.Second
	maxRecords      = 200
	// maxFailures connections in a row end the work on a resolver.
	maxFailures = 2
)

// ask looks the wanted names up at a resolver.
func (v *view) ask(ctx context.Context, d evidence.DNSAnswers) {
	host, at, ok := Resolver(d.Resolver)
	if !ok {
		v.gap(fmt.Sprintf("resolver %q is no address", d.Resolver), d.Source)
		return
	}
	v.record.Resolver, v.record.Source = host, v.target.Live(host, at)
	names := wanted(v.target.Site, d)
	switch {
	case v.target.Dial == nil:
		v.gap("the resolver was not asked: this run is offline", d.Source)
		return
	case len(names) == 0:
		v.gap("the site declares no name to look up", d.Source)
		return
	}
	s := &session{dial: func() (net.Conn, error) { return v.target.Dial.DialEndpoint(ctx, host, at) }}
	defer s.close()
	for i, name := range names {
		for _, t := range types {
			a := s.question(name, t.name, t.kind)
			a.source = v.target.Live(host, at)
			v.add(a)
		}
		if s.failures >= maxFailures {
			for _, name := range names[i+1:] {
				v.add(answer{name: name, status: evidence.DNSFailed, reason: "the resolver did not answer before", source: v.record.Source})
			}
			v.gap(fmt.Sprintf("%s: the resolver does not answer: %s", joined(host, at), s.last), d.Source)
			return
		}
	}
}

// session is one conversation with a resolver. A server may end a connection
// between two questions, so each question is worth a new one.
type session struct {
	dial     func() (net.Conn, error)
	conn     net.Conn
	id       uint16
	failures int
	last     string
}

func (s *session) close() {
	if s.conn != nil {
		_ = s.conn.Close() // nothing is lost by it
		s.conn = nil
	}
}

func (s *session) question(name, kind string, code dnsmessage.Type) answer {
	a := answer{name: name, kind: kind, status: evidence.DNSFailed}
	asked, err := dnsmessage.NewName(name + ".")
	if err != nil {
		a.reason = "is no name that can be asked for"
		return a
	}
	q := dnsmessage.Question{Name: asked, Type: code, Class: dnsmessage.ClassINET}
	fresh := s.conn == nil
	reply, err := s.exchange(q)
	if err != nil && !fresh && s.failures == 0 {
		reply, err = s.exchange(q)
	}
	if err != nil {
		s.failures++
		s.last = err.Error()
		a.reason = s.last
		return a
	}
	s.failures = 0
	found, header, err := understand(reply, q, s.id)
	if err != nil {
		a.reason = err.Error()
		return a
	}
	a.addresses, a.aliases = found.follow(name)
	a.status, a.reason = judge(rcode(header.RCode), a.addresses, header.Authoritative, header.RecursionAvailable)
	return a
}

// exchange sends one question and returns the answer as it came.
func (s *session) exchange(q dnsmessage.Question) (reply []byte, err error) {
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.conn == nil {
		if s.conn, err = s.dial(); err != nil {
			return nil, err
		}
	}
	s.id++
	m := dnsmessage.Message{Header: dnsmessage.Header{ID: s.id, RecursionDesired: true}, Questions: []dnsmessage.Question{q}}
	text, err := m.AppendPack(make([]byte, 2, 514))
	if err != nil {
		return nil, fmt.Errorf("the question cannot be written: %w", err)
	}
	binary.BigEndian.PutUint16(text, uint16(len(text)-2)) //nolint:gosec // a question is short
	if err := s.conn.SetDeadline(time.Now().Add(questionTimeout)); err != nil {
		return nil, err
	}
	if _, err := s.conn.Write(text); err != nil {
		return nil, err
	}
	var length [2]byte
	if _, err := io.ReadFull(s.conn, length[:]); err != nil {
		return nil, err
	}
	reply = make([]byte, binary.BigEndian.Uint16(length[:]))
	if _, err := io.ReadFull(s.conn, reply); err != nil {
		return nil, err
	}
	return reply, nil
}

var errForeign = errors.New("the answer is to another question")

// understand reads an answer to a question.
func understand(reply []byte, q dnsmessage.Question, id uint16) (*records, dnsmessage.Header, error) {
	var p dnsmessage.Parser
	header, err := p.Start(reply)
	if err != nil {
		return nil, header, fmt.Errorf("the answer is no DNS message: %w", err)
	}
	asked, err := p.Question()
	switch {
	case err != nil && header.RCode == dnsmessage.RCodeSuccess:
		return nil, header, errForeign
	case header.ID != id || !header.Response:
		return nil, header, errForeign
	case err == nil && (!strings.EqualFold(asked.Name.String(), q.Name.String()) || asked.Type != q.Type):
		return nil, header, errForeign
	}
	found := newRecords()
	if err != nil {
		return found, header, nil // an error may come without the question
	}
	if err := p.SkipAllQuestions(); err != nil {
		return nil, header, fmt.Errorf("the answer is broken: %w", err)
	}
	for range maxRecords {
		h, err := p.AnswerHeader()
		if errors.Is(err, dnsmessage.ErrSectionDone) {
			return found, header, nil
		}
		if err != nil {
			return nil, header, fmt.Errorf("the answer is broken: %w", err)
		}
		if err := one(&p, h, found); err != nil {
			return nil, header, fmt.Errorf("the answer is broken: %w", err)
		}
	}
	return nil, header, fmt.Errorf("the answer has more than %d records", maxRecords)
}

func one(p *dnsmessage.Parser, h dnsmessage.ResourceHeader, found *records) error {
	owner := h.Name.String()
	switch h.Type {
	case dnsmessage.TypeA:
		r, err := p.AResource()
		if err != nil {
			return err
		}
		found.add(owner, "A", netip.AddrFrom4(r.A).String(), 0)
	case dnsmessage.TypeAAAA:
		r, err := p.AAAAResource()
		if err != nil {
			return err
		}
		found.add(owner, "AAAA", netip.AddrFrom16(r.AAAA).String(), 0)
	case dnsmessage.TypeCNAME:
		r, err := p.CNAMEResource()
		if err != nil {
			return err
		}
		found.add(owner, "CNAME", r.CNAME.String(), 0)
	default:
		return p.SkipAnswer()
	}
	return nil
}

// rcode is a response code as dig writes it.
func rcode(c dnsmessage.RCode) string {
	switch c {
	case dnsmessage.RCodeSuccess:
		return "NOERROR"
	case dnsmessage.RCodeNameError:
		return "NXDOMAIN"
	case dnsmessage.RCodeServerFailure:
		return "SERVFAIL"
	case dnsmessage.RCodeRefused:
		return "REFUSED"
	case dnsmessage.RCodeFormatError:
		return "FORMERR"
	case dnsmessage.RCodeNotImplemented:
		return "NOTIMP"
	}
	return fmt.Sprintf("code %d", c)
}
