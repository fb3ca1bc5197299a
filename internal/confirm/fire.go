// SPDX-License-Identifier: Apache-2.0

package confirm

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/postern-audit/postern/internal/nginx/request"
)

// ownPage is the beginning of a page that nginx makes itself. It names a status, which
// is all that an answer without a head tells.
var ownPage = regexp.MustCompile(`^<html>\r\n<head><title>(\d{3}) `)

// fire sends one request and reads until nginx closes the connection, which it does
// after each answer.
func (s *shot) fire(e *echo) (o Observed) {
	d := net.Dialer{Timeout: requestTime}
	if s.From != "" {
		d.LocalAddr = &net.TCPAddr{IP: net.ParseIP(s.From)}
	}
	c, err := d.Dial("tcp", s.To)
	if err != nil {
		return Observed{Error: err.Error()}
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(requestTime))
	if s.TLS {
		secure := tls.Client(c, &tls.Config{ServerName: s.SNI, InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}) //nolint:gosec // the certificate is our own
		if err := secure.Handshake(); err != nil {
			// Only an alert is an answer of nginx; all else may be ours.
			if op := new(net.OpError); errors.As(err, &op) && op.Op == "remote error" {
				return Observed{HandshakeRefused: true}
			}
			return Observed{Error: "the TLS handshake: " + err.Error()}
		}
		c = secure
	}
	if _, err := c.Write(s.Raw); err == nil && s.Length > 0 {
		// nginx may answer and close before the body has come.
		_, _ = io.WriteString(c, strings.Repeat("b", min(s.Length, bodyBytes)))
	}
	answer, err := io.ReadAll(io.LimitReader(c, answerBytes))
	if t, ok := err.(net.Error); ok && t.Timeout() {
		return Observed{Error: "no answer in time"}
	}
	if rest, ok := strings.CutPrefix(string(answer), "HTTP/1.1 "); ok && len(rest) > 3 {
		o.Status, _ = strconv.Atoi(rest[:3])
	} else if m := ownPage.FindSubmatch(answer); m != nil {
		o.Page, _ = strconv.Atoi(string(m[1]))
	}
	if h, ok := e.find(string(answer)); ok {
		o.Upstream, o.Path = h.at, h.target
	}
	return o
}

// raw is a request as it goes over the wire, with the end of a body that comes in
// chunks.
func raw(q request.Request) []byte {
	text := q.Raw()
	if q.Version != "0.9" && slices.ContainsFunc(q.Headers, func(h [2]string) bool {
		return strings.EqualFold(h[0], "Transfer-Encoding") && strings.EqualFold(h[1], "chunked")
	}) {
		text += "0\r\n\r\n"
	}
	return []byte(text)
}

// length is how many bytes of a body follow a request.
func length(q request.Request) int {
	for _, h := range q.Headers {
		if strings.EqualFold(h[0], "Content-Length") {
			if n, err := strconv.Atoi(strings.Trim(h[1], " ")); err == nil && n > 0 {
				return min(n, bodyBytes)
			}
		}
	}
	return 0
}
