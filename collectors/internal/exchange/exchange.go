// SPDX-License-Identifier: Apache-2.0

// Package exchange asks declared listeners over HTTP/1.1, byte by byte as it is
// told, and reports what became of each request.
//
// net/http repairs what it sends and what it reads, and hides how a connection
// ended. An audit needs to send a wrong Host on purpose, and to tell a refusal
// from silence. So this client writes the request line and the fields as given,
// and names the end of a connection.
//
// # What counts as an answer
//
// A status line is an answer. A TLS alert, a reset, or a close before the first
// byte of a response is a refusal. A timeout, a listener that takes no
// connection, an answer that breaks off and bytes that are no HTTP are neither:
// the outcome is unknown, with the reason. So are 418, 429 and 503, which say
// that too much was asked, not what was asked; the first two end the work on the
// whole gate, see evidence.Dialer. A head with lines that are no fields, and a
// body that is not whole, are told beside the answer: what is not in them may
// have been sent.
//
// # Limits
//
// Only GET, HEAD and OPTIONS are sent: an audit changes nothing at a gate, and
// TRACE, TRACK, CONNECT and the writing methods are left to those who read the
// configuration. TLS is 1.2 or later and offers no ALPN, so that a listener
// speaks HTTP/1.1. Certificates are judged elsewhere and never here: every one
// is taken. No redirect is followed, no cookie kept and no credential sent.
package exchange

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/postern-audit/postern/internal/evidence"
)

// DefaultTimeout bounds one exchange: the handshake, the request and the answer.
const DefaultTimeout = 10 * time.Second

// maxIdle is how old a connection may be to be used once more. Gates close idle
// ones after 20 seconds, and the dialer ends each after a while.
const maxIdle = 15 * time.Second

// Field is one header field, sent as it stands.
type Field struct{ Name, Value string }

// Request is one request as it goes over the wire.
type Request struct {
	// Method is GET, HEAD or OPTIONS; anything else is refused unsent.
	Method string
	// Path is the request target as it stands in the request line.
	Path string
	// HTTP10 says HTTP/1.0 instead of HTTP/1.1.
	HTTP10 bool
	// Fields are all the header fields, in order, Host among them.
	Fields []Field
}

func (r Request) wire() []byte {
	var b strings.Builder
	version := "HTTP/1.1"
	if r.HTTP10 {
		version = "HTTP/1.0"
	}
	fmt.Fprintf(&b, "%s %s %s\r\n", r.Method, r.Path, version)
	for _, f := range r.Fields {
		fmt.Fprintf(&b, "%s: %s\r\n", f.Name, f.Value)
	}
	b.WriteString("\r\n")
	return []byte(b.String())
}

// Via says over which connection a request goes.
type Via struct {
	// SNI is the server name in TLS; empty sends none.
	SNI string
	// Clear sends the request without TLS.
	Clear bool
	// Alone gives the request a connection of its own. A request that a gate may
	// answer by closing must have one: on a shared one nobody could tell
	// whether the listener merely lost patience.
	Alone bool
}

// Answer is what became of a request.
type Answer struct {
	Outcome evidence.HTTPOutcome
	Refusal evidence.HTTPRefusal
	// Reason explains an unknown outcome, or the alert of a refusal.
	Reason string
	// Status is 0 when none came. With an unknown outcome it is what came
	// nevertheless, such as 429.
	Status int
	// Fields are the header fields in the order received, names as sent.
	Fields []Field
	// OddHead is set when the head had lines that are no fields, such as a name
	// with a blank before the colon, or folded ones. They are not in Fields, and
	// browsers may read them all the same: no field is known to be absent then.
	OddHead bool
	// Body is the beginning of the body, with chunks put together.
	Body []byte
	// BodyFault says why Body is not the whole body as a browser would see it:
	// longer than MaxBody, broken off, or encoded. What is not in such a body may
	// still be in the one that was sent. Empty when it is whole.
	BodyFault string
	// Source is where and when.
	Source evidence.Source
}

// Values returns the values of a header field in the order received.
func (a Answer) Values(name string) []string {
	var out []string
	for _, f := range a.Fields {
		if strings.EqualFold(f.Name, name) {
			out = append(out, f.Value)
		}
	}
	return out
}

// Get returns the values of a header field joined by ", ", as readers of lists
// do, and whether there was any.
func (a Answer) Get(name string) (string, bool) {
	values := a.Values(name)
	return strings.Join(values, ", "), len(values) > 0
}

// Client asks one listener. It holds one connection at most and is not safe for
// concurrent use.
type Client struct {
	target   evidence.Target
	endpoint evidence.Endpoint
	timeout  time.Duration

	open        *line
	connections int
	requests    int
}

// line is an open connection.
type line struct {
	net.Conn
	via    Via
	reader *bufio.Reader
	begun  time.Time
	used   bool
}

// New returns a client of a listener; timeout bounds one exchange, 0 is
// DefaultTimeout. Close it after use.
func New(t evidence.Target, e evidence.Endpoint, timeout time.Duration) *Client {
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	return &Client{target: t, endpoint: e, timeout: timeout}
}

// Endpoint is the listener that is asked.
func (c *Client) Endpoint() evidence.Endpoint { return c.endpoint }

// Sent counts the connections begun and the requests sent so far.
func (c *Client) Sent() (connections, requests int) { return c.connections, c.requests }

// Close ends the open connection, if there is one.
func (c *Client) Close() {
	if c.open != nil {
		_ = c.open.Close()
		c.open = nil
	}
}

// Ask sends one request and reads its answer. It reuses the open connection
// when that serves the same name. When a connection that was used before ends
// before the first byte of the answer, which a listener may do at any time, the
// request is sent once more over a new one, as a request of its own to the
// gate's patience.
func (c *Client) Ask(ctx context.Context, via Via, r Request) Answer {
	a := c.ask(ctx, via, r)
	a.Source = c.target.Live(c.endpoint.Host, c.endpoint.Port)
	if a.Refusal == "" {
		a.Refusal = evidence.RefusalNone
	}
	return a
}

func (c *Client) ask(ctx context.Context, via Via, r Request) Answer {
	if !slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodOptions}, r.Method) {
		return unknown("not sent: " + r.Method + " is none of the methods that an audit sends")
	}
	if err := c.target.Dial.Ready(ctx); err != nil {
		return unknown(fmt.Sprintf("not sent: %v", err))
	}
	a, sent, stale := c.once(ctx, via, r)
	if stale {
		// The listener may have read the first sending and counted a 401 of which
		// nobody heard.
		c.target.Dial.Heard(http.StatusUnauthorized)
		if err := c.target.Dial.Ready(ctx); err != nil {
			return unknown(fmt.Sprintf("the connection ended, and it was not sent again: %v", err))
		}
		a, sent, _ = c.once(ctx, via, r)
	}
	switch {
	case a.Status != 0 || a.Outcome == evidence.HTTPRefused || !sent:
		c.target.Dial.Heard(a.Status)
	default:
		// Nobody knows what the answer that did not arrive would have been.
		c.target.Dial.Heard(http.StatusUnauthorized)
	}
	return a
}

func unknown(reason string) Answer { return Answer{Outcome: evidence.HTTPUnknown, Reason: reason} }

// once sends a request. sent is set when some of it left; stale when it went
// over a used connection that ended before it was answered.
func (c *Client) once(ctx context.Context, via Via, r Request) (a Answer, sent, stale bool) {
	deadline := time.Now().Add(c.timeout)
	l := c.open
	if l == nil || via.Alone || l.via != via || time.Since(l.begun) > maxIdle {
		c.Close()
		var refusal Answer
		if l, refusal = c.connect(ctx, via, deadline); l == nil {
			return refusal, false, false
		}
		c.open = l
	}
	reused := l.used
	l.used = true
	if err := l.SetDeadline(deadline); err != nil {
		c.Close()
		return unknown(fmt.Sprintf("no connection: %v", err)), false, false
	}
	c.requests++
	// A listener that has had enough may have answered before it closed: what
	// became of writing is seen by reading.
	_, writeErr := l.Write(r.wire())
	head, err := readHead(l.reader)
	if err != nil {
		nothing := head.nothing
		c.Close()
		a := c.broken(ctx, err, writeErr, nothing)
		a.Status = head.status
		return a, true, reused && nothing && !timedOut(err)
	}
	a = Answer{Outcome: evidence.HTTPAnswered, Status: head.status, Fields: head.fields, OddHead: head.odd}
	body := readBody(l.reader, r.Method, head)
	a.Body, a.BodyFault = body.kept, body.fault
	if via.Alone || !body.ended || !head.keepsAlive() || l.reader.Buffered() > 0 {
		c.Close()
	}
	switch a.Status {
	case http.StatusTeapot, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		a.Outcome = evidence.HTTPUnknown
		a.Reason = fmt.Sprintf("answered %d: the listener limits what is asked, so this tells nothing about the request", a.Status)
	}
	return a, true, false
}

// connect opens a connection; without one, the answer says why.
func (c *Client) connect(ctx context.Context, via Via, deadline time.Time) (*line, Answer) {
	began := time.Now()
	conn, err := c.target.Dial.DialEndpoint(ctx, c.endpoint.Host, c.endpoint.Port)
	if err != nil {
		return nil, unknown(fmt.Sprintf("no connection: %v", err))
	}
	c.connections++
	// Waiting for its turn is not the listener's time.
	deadline = deadline.Add(time.Since(began))
	if err := conn.SetDeadline(deadline); err != nil {
		return nil, unknown(fmt.Sprintf("no connection: %v", errors.Join(err, conn.Close())))
	}
	if !via.Clear {
		secure := tls.Client(conn, tlsConfig(via.SNI))
		if err := secure.HandshakeContext(ctx); err != nil {
			_ = conn.Close()
			return nil, c.broken(ctx, err, nil, true)
		}
		conn = secure
	}
	return &line{Conn: conn, via: via, reader: bufio.NewReaderSize(conn, readBuffer), begun: time.Now()}, Answer{}
}

// tlsConfig takes whatever certificate and whatever suite of TLS 1.2 or later a
// listener has: other collectors judge these, this one wants to be answered.
func tlsConfig(sni string) *tls.Config {
	config := &tls.Config{ServerName: sni, InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}
	for _, s := range slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()) {
		config.CipherSuites = append(config.CipherSuites, s.ID)
	}
	return config
}

// broken tells a refusal from silence and from an answer that broke off.
// nothing is set when no byte of an answer had come.
func (c *Client) broken(ctx context.Context, err, writeErr error, nothing bool) Answer {
	var op *net.OpError
	var noTLS tls.RecordHeaderError
	switch {
	case ctx.Err() != nil:
		return unknown("the run ended first")
	case errors.Is(err, errAlert):
		return Answer{Outcome: evidence.HTTPRefused, Refusal: evidence.RefusalTLSAlert, Reason: "a TLS alert in answer to clear text"}
	case errors.As(err, &op) && op.Op == "remote error" && nothing:
		return Answer{Outcome: evidence.HTTPRefused, Refusal: evidence.RefusalTLSAlert, Reason: op.Err.Error()}
	case timedOut(err):
		return unknown(fmt.Sprintf("no full answer within %s", c.timeout))
	case errors.As(err, &noTLS):
		return unknown("the answer is no TLS")
	case !nothing && ended(err):
		return unknown("an answer that broke off")
	case reset(err) || reset(writeErr) && ended(err):
		return Answer{Outcome: evidence.HTTPRefused, Refusal: evidence.RefusalReset}
	case ended(err):
		return Answer{Outcome: evidence.HTTPRefused, Refusal: evidence.RefusalClosed}
	}
	return unknown(err.Error())
}

func timedOut(err error) bool {
	var timeout net.Error
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

func reset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

func ended(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || reset(err)
}
