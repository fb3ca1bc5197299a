// SPDX-License-Identifier: Apache-2.0

package http

import (
	"bytes"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/collectors/internal/exchange"
	"github.com/postern-audit/postern/internal/evidence"
)

// A status alone does not tell who chose it: a gate passes on the 404 of a server
// behind it as it passes on a page. So a denial is the gate's when nothing else
// can be its author, or when it is written as such a one is.

// exchanged is one request with what became of it.
type exchanged struct {
	request
	answer exchange.Answer
}

// hand is what answers of one author have in common.
type hand struct {
	server, contentType, text string
}

// judge sets Denied and DeniedKnown of the facts; each has its exchange at the
// same index. Behind a node there is nobody else.
func judge(facts []evidence.HTTPRequest, all []exchanged, node bool) {
	var own []hand
	for i, x := range all {
		denied, known := certain(x, facts[i])
		if node && facts[i].Outcome == evidence.HTTPAnswered && turnsAway(x.answer.Status) {
			denied, known = true, true
		}
		facts[i].Denied, facts[i].DeniedKnown = denied, known
		if h, ok := handOf(x.answer); ok && denied {
			own = append(own, h)
		}
	}
	for i, x := range all {
		if facts[i].DeniedKnown || facts[i].Outcome != evidence.HTTPAnswered || !turnsAway(x.answer.Status) {
			continue
		}
		if h, ok := handOf(x.answer); ok && slices.Contains(own, h) {
			facts[i].Denied, facts[i].DeniedKnown = true, true
		}
	}
}

// certain tells what the answer proves by itself.
func certain(x exchanged, fact evidence.HTTPRequest) (denied, known bool) {
	switch fact.Outcome {
	case evidence.HTTPRefused:
		// A server behind the gate cannot end the client's connection, the gate
		// would answer 502.
		return true, true
	case evidence.HTTPAnswered:
	default:
		return false, false
	}
	switch status := x.answer.Status; {
	case status < 400, status == http.StatusUnauthorized:
		return false, true
	case status == http.StatusMisdirectedRequest:
		// It is about the connection to the client, and nothing behind the gate
		// sees that.
		return true, true
	case status == http.StatusPreconditionFailed, status == http.StatusExpectationFailed:
		// Nothing that is sent has a condition or an expectation, so this is the
		// gate's word about the client.
		known = aboutClient(x.request)
		return known, known
	case status == http.StatusBadGateway, status == http.StatusGatewayTimeout:
		return false, true
	case status == http.StatusBadRequest:
		known = mustBeRefused(x.request)
		return known, known
	case turnsAway(status) && status != http.StatusUpgradeRequired:
		known = underAnotherName(x.name) && fact.Comparable
		return known, known
	}
	return false, false
}

// turnsAway lists the statuses by which a gate turns a request away for what
// it is. 401 is none: somebody wants to know who asks.
func turnsAway(status int) bool {
	switch status {
	case 400, 403, 404, 405, 410, 421, 426:
		return true
	}
	return false
}

func aboutClient(r request) bool {
	return r.name == evidence.RequestUserAgent || r.name == evidence.RequestReferer
}

// mustBeRefused reports whether the first server to read a request has to answer
// 400: HTTP/1.1 with no Host or two (RFC 9112 section 3.2), and what is no TLS.
func mustBeRefused(r request) bool {
	switch r.name {
	case evidence.RequestNoHost, evidence.RequestTwoHosts, evidence.RequestPlain:
		return true
	}
	return false
}

// underAnotherName reports whether a request differs by its names alone from one
// that is served. Which name leads where is the gate's to decide; a server behind
// that cares for its Host answers 400.
func underAnotherName(name evidence.HTTPRequestName) bool {
	switch name {
	case evidence.RequestUnknownHost, evidence.RequestAddressHost, evidence.RequestOtherPort,
		evidence.RequestHostNotSNI, evidence.RequestSNINotHost, evidence.RequestUnknownSNI,
		evidence.RequestNoSNI, evidence.RequestNoSNIUnknownHost:
		return true
	}
	return false
}

// handOf returns the author's hand of an answer, if there is enough to know it by.
func handOf(a exchange.Answer) (hand, bool) {
	if a.BodyFault != "" || a.OddHead || a.Status < 400 {
		return hand{}, false
	}
	text := padding.ReplaceAll(a.Body, nil)
	text = statusName(a.Status).ReplaceAll(text, []byte("STATUS"))
	server, _ := a.Get("Server")
	contentType, _ := a.Get("Content-Type")
	contentType, _, _ = strings.Cut(contentType, ";")
	return hand{server, strings.ToLower(strings.TrimSpace(contentType)), string(text)}, len(bytes.TrimSpace(text)) > 0
}

// padding is what servers add to a page for some browsers or on some ways.
var padding = regexp.MustCompile(`\r|\s*<!--[^>]*-->`)

// statusName matches a status on a page, with its words or by these alone.
func statusName(status int) *regexp.Regexp {
	words := regexp.QuoteMeta(http.StatusText(status))
	if status == http.StatusMethodNotAllowed {
		words += "|Not Allowed"
	}
	return regexp.MustCompile(`(?i)\b(?:` + strconv.Itoa(status) + `(?: (?:` + words + `))?|` + words + `)\b`)
}
