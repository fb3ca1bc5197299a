// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"encoding/json"
	"io"
	"strings"
	"sync"
	"time"
)

// accessLog writes one JSON object a line. encoding/json escapes every control byte,
// so no request can forge a line.
type accessLog struct {
	mu  sync.Mutex
	out io.Writer
}

// logLine is a request without its secrets: no query, no header value but the host,
// no body.
type logLine struct {
	Time      time.Time `json:"time"`
	Peer      string    `json:"peer"`
	Port      int       `json:"port"`
	Proto     string    `json:"proto,omitempty"`
	Host      string    `json:"host,omitempty"`
	Method    string    `json:"method,omitempty"`
	Path      string    `json:"path,omitempty"`
	Status    int       `json:"status"`
	Reason    Reason    `json:"reason,omitempty"`
	Component string    `json:"component,omitempty"`
	Upstream  string    `json:"upstream,omitempty"`
	Template  string    `json:"template,omitempty"`
	Bytes     int64     `json:"bytes"`
	Millis    int64     `json:"ms"`
	Residual  int       `json:"residual,omitempty"`
}

func (a *accessLog) write(l logLine) {
	if a.out == nil {
		return
	}
	line, err := json.Marshal(l)
	if err != nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	// A log that cannot be written must not stop the service it describes.
	_, _ = a.out.Write(append(line, '\n'))
}

// maxLogged bounds hostile text in a line.
const maxLogged = 256

// loggable gives the path of a target. Another form than origin-form may carry
// credentials (https://user:secret@host/) and is left out.
func loggable(target string) string {
	if !strings.HasPrefix(target, "/") {
		return ""
	}
	if cut := strings.IndexAny(target, "?#;"); cut >= 0 {
		target = target[:cut]
	}
	return limited(target)
}

func limited(s string) string {
	if len(s) > maxLogged {
		s = s[:maxLogged]
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// finish logs a request and reports the internal names that its answer kept.
func (p *Proxy) finish(start time.Time, r Request, proto string, rec *recorder, x *exchange) {
	x.mu.Lock()
	residual, failure := x.residual, x.failure
	x.mu.Unlock()
	d := x.decision
	line := logLine{
		Time: start.UTC(), Peer: x.link.peer, Port: x.link.gate.port, Proto: proto,
		Method: limited(r.Method), Path: loggable(r.Target), Status: rec.status,
		Reason: d.Reason, Component: d.Component, Template: d.Template,
		Bytes: rec.bytes, Millis: p.config.Now().Sub(start).Milliseconds(), Residual: residual,
	}
	if failure != "" {
		line.Reason = failure
	}
	if d.External != (Endpoint{}) {
		line.Host = d.External.String()
	}
	if d.Allow {
		line.Upstream = d.Upstream.String()
	}
	p.access.write(line)
	if residual > 0 && p.config.Residual != nil {
		p.config.Residual(Residual{External: d.External, Upstream: d.Upstream, Template: d.Template, Count: residual})
	}
}
