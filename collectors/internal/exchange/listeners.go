// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"context"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/postern-audit/postern/internal/evidence"
)

// parallel is how many listeners of a target are worked on at once. They share
// the gate's patience, see evidence.Dialer.
const parallel = 4

// maxText is how many bytes of a value that a listener chose are kept.
const maxText = 512

// Result is what a collector learned from one listener.
type Result[T any] struct {
	Record T
	// Open lists what stayed unanswered; one gap is made of it.
	Open []string
}

// Listeners runs work on every declared listener of a target and returns the
// records in the order of the target's endpoints. A target that should have
// been contacted and was not, and a listener that left something unanswered,
// have one gap each. A fault in the face of a hostile answer costs that listener
// and no other.
func Listeners[T any](ctx context.Context, t evidence.Target, section string, timeout time.Duration, work func(context.Context, *Client) Result[T]) ([]T, []evidence.Gap) {
	if reason, concerned := t.StandsOff(); !concerned {
		return nil, nil
	} else if reason != "" {
		return nil, []evidence.Gap{t.Gap(section, reason, t.Declared())}
	}
	type outcome struct {
		Result[T]
		fault string
	}
	results := make([]outcome, len(t.Endpoints))
	slots, done := make(chan struct{}, parallel), make(chan struct{})
	for i, e := range t.Endpoints {
		go func() {
			defer func() { done <- struct{}{} }()
			slots <- struct{}{}
			defer func() { <-slots }()
			c := New(t, e, timeout)
			defer c.Close()
			defer func() {
				if fault := recover(); fault != nil {
					results[i] = outcome{fault: fmt.Sprintf("the answers could not be worked out: %v", fault)}
				}
			}()
			results[i].Result = work(ctx, c)
		}()
	}
	for range t.Endpoints {
		<-done
	}
	var records []T
	var gaps []evidence.Gap
	for i, e := range t.Endpoints {
		r, reason := results[i], results[i].fault
		if reason == "" {
			records = append(records, r.Record)
			reason = summary(r.Open)
		}
		if reason != "" {
			gaps = append(gaps, evidence.Gap{Section: section, Subject: Subject(t, e), Reason: reason, Source: t.Live(e.Host, e.Port)})
		}
	}
	return records, gaps
}

// summary makes one sentence of what stayed open.
func summary(open []string) string {
	switch len(open) {
	case 0:
		return ""
	case 1:
		return "unanswered: " + open[0]
	}
	return fmt.Sprintf("%d requests unanswered, the first: %s", len(open), open[0])
}

// Describe says which request stayed open, and why.
func Describe(r Request, a Answer) string { return r.Method + " " + r.Path + ": " + a.Reason }

// Subject names a listener of a target.
func Subject(t evidence.Target, e evidence.Endpoint) string {
	return evidence.ListenerSubject(t.Subject, e.Host, e.Port)
}

// Origin is the origin of a listener's pages, as browsers write it: in lower
// case and without the port that https has anyway.
func Origin(host string, port int) string { return "https://" + Authority(host, port) }

// Authority is the Host that a browser sends to a listener.
func Authority(host string, port int) string {
	host = strings.ToLower(host)
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port == 443 {
		return host
	}
	return host + ":" + strconv.Itoa(port)
}

// UserAgent is what requests carry unless they are about it. Gates let through
// what looks like a browser, and an audit wants to see what a browser would.
const UserAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"

// Browse returns the fields of an ordinary request of a browser to a listener,
// without credentials and from a page of the listener itself.
func Browse(host string, port int) []Field {
	return []Field{
		{"Host", Authority(host, port)},
		{"User-Agent", UserAgent},
		{"Accept", "*/*"},
		{"Accept-Encoding", "identity"},
		{"Referer", Origin(host, port) + "/"},
	}
}

// sessionValue is the value of a session parameter or of a query parameter that
// is named like a secret, in an address anywhere in a value.
var sessionValue = regexp.MustCompile(`(?i)((?:[;?&]|%3b|%3f|%26)[ \t]*(?:[\w.-]|%5f)*(?:sess|sid|token|code|key|secret|auth|ticket|saml|sig|nonce|state|pass|jwt)[\w.-]*(?:=|%3d))[^;&#\s"'<>,]+`)

// WithoutSessions cuts the values of session parameters, and of query parameters
// that are named like secrets, out of the addresses in a value.
func WithoutSessions(value string) string {
	return sessionValue.ReplaceAllString(value, "${1}CUT")
}

// Text makes a value that a listener chose fit for a fact: redacted, without
// session parameters, printable, and at most 512 bytes long.
func Text(value string) string {
	value = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\uFFFD' {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(value, "?"))
	redacted, _ := evidence.Redact([]byte(value))
	value = WithoutSessions(string(redacted))
	if len(value) > maxText {
		value = strings.ToValidUTF8(value[:maxText], "")
	}
	return value
}

// Texts is Text for each value.
func Texts(values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = Text(v)
	}
	return out
}

// ServerName is the name that TLS may carry for a host: an address is never one
// (RFC 6066 section 3).
func ServerName(host string) string {
	if _, err := netip.ParseAddr(host); err == nil {
		return ""
	}
	return host
}
