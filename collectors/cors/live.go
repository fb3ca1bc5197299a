// SPDX-License-Identifier: Apache-2.0

package cors

import (
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/collectors/internal/exchange"
	"github.com/postern-audit/postern/internal/evidence"
)

// paths are asked for across origins, by one component or another.
var paths = []string{"/finesse/api/SystemInfo", "/cuic/rest/about", "/livedata/security", "/security"}

// requestHeaders are the fields that the desktop's own scripts send.
var requestHeaders = []string{"authorization", "content-type", "requestid"}

// question is what an origin is tried with.
type question struct {
	request evidence.CORSRequestKind
	method  string
	// custom asks for leave to send requestHeaders, too.
	custom bool
}

// usual is asked for every origin. A gate may refuse all of it for one method or
// one field, so the plain ones are asked for some: a listed origin, a foreign
// one and null show whether the method makes the difference.
var (
	usual = question{evidence.CORSPreflight, "PUT", true}
	plain = []question{{evidence.CORSPreflight, "GET", false}, {evidence.CORSPreflight, "POST", false}, {evidence.CORSSimple, "GET", false}}
)

const (
	// maxDeclared is how many declared origins are tried.
	maxDeclared = 8
	// maxElements bounds the elements kept of one header.
	maxElements = 64
	foreignHost = "foreign.postern.invalid"
	nullOrigin  = "null"
)

// plainKinds are asked the plain questions, too.
var plainKinds = []evidence.CORSOriginKind{evidence.OriginDeclared, evidence.OriginForeign, evidence.OriginNull}

// Plan implements evidence.Planner.
func (Collector) Plan(t evidence.Target) evidence.Cost {
	if _, concerned := t.StandsOff(); !concerned || len(t.Endpoints) == 0 {
		return evidence.Cost{}
	}
	// The same set for each listener; only its own origin comes first.
	declared, _ := declaredOrigins(t, t.Endpoints[0])
	return evidence.Cost{Connections: 1, Requests: len(paths) + len(declared) - 1 + len(madeUp("a.invalid", 443)) + len(plain)*len(plainKinds)}
}

// live asks the listeners of a target. Only components that keep cross-origin
// lists are of any interest on a node.
func (c Collector) live(ctx context.Context, t evidence.Target) ([]evidence.CORSListener, []evidence.Gap) {
	if t.Kind == evidence.KindNode && len(applications(t.Node.Role)) == 0 {
		return nil, nil
	}
	return exchange.Listeners(ctx, t, "corslive", c.Timeout, func(ctx context.Context, client *exchange.Client) exchange.Result[evidence.CORSListener] {
		return listen(ctx, t, client)
	})
}

// candidate is one origin to try.
type candidate struct {
	origin string
	kind   evidence.CORSOriginKind
}

// declaredOrigins lists the listener's own origin, those of the target's other
// listeners and those of the integrations, and how many more there are.
func declaredOrigins(t evidence.Target, own evidence.Endpoint) (list []candidate, leftOut int) {
	add := func(origin string) {
		c := candidate{origin, evidence.OriginDeclared}
		if origin == "" || slices.Contains(list, c) {
			return
		}
		if len(list) == maxDeclared {
			leftOut++
			return
		}
		list = append(list, c)
	}
	add(exchange.Origin(own.Host, own.Port))
	for _, e := range t.Endpoints {
		add(exchange.Origin(e.Host, e.Port))
	}
	for _, i := range t.Site.Integrations {
		add(strings.TrimSuffix(i.EmbedderOrigin, "/"))
	}
	return list, leftOut
}

// madeUp lists origins that nobody should be allowed from.
func madeUp(host string, port int) []candidate {
	authority := exchange.Authority(host, port)
	suffix := strings.TrimPrefix(authority, strings.ToLower(host))
	if a, err := netip.ParseAddr(host); err == nil && a.Is6() {
		suffix = strings.TrimPrefix(authority, "["+strings.ToLower(host)+"]")
	}
	return []candidate{
		{"https://" + foreignHost, evidence.OriginForeign},
		{nullOrigin, evidence.OriginNull},
		{"http://" + authority, evidence.OriginClearText},
		{"https://" + strings.ToLower(host) + "." + foreignHost + suffix, evidence.OriginSuffix},
		{"https://evil-" + authority, evidence.OriginPrefix},
		{"https://evil." + authority, evidence.OriginSubdomain},
		{exchange.Origin(host, port%65535+1), evidence.OriginOtherPort},
		{strings.ToUpper("https://" + authority), evidence.OriginUpperCase},
	}
}

// listen asks one listener.
func listen(ctx context.Context, t evidence.Target, client *exchange.Client) exchange.Result[evidence.CORSListener] {
	e := client.Endpoint()
	declared, leftOut := declaredOrigins(t, e)
	s := &session{client: client, endpoint: e}
	record := evidence.CORSListener{
		Target: t.Subject, Subject: exchange.Subject(t, e), Host: e.Host, Port: e.Port, DeclaredLeftOut: leftOut, Source: t.Live(e.Host, e.Port),
	}
	own := declared[0]
	for _, path := range paths {
		s.ask(ctx, own, usual, path)
	}
	record.Path = chosen(s.answers)
	others := madeUp(e.Host, e.Port)
	for _, c := range slices.Concat(declared[1:], others) {
		s.ask(ctx, c, usual, record.Path)
	}
	for _, q := range plain {
		for _, kind := range plainKinds {
			c := own
			if kind != evidence.OriginDeclared {
				c = others[slices.IndexFunc(others, func(c candidate) bool { return c.kind == kind })]
			}
			s.ask(ctx, c, q, record.Path)
		}
	}
	record.PathProven = s.judge(record.Path)
	record.Answers = s.answers
	record.Connections, record.Sent = client.Sent()
	return exchange.Result[evidence.CORSListener]{Record: record, Open: s.open}
}

// chosen is the path that the rest is asked for.
func chosen(answers []evidence.CORSAnswer) string {
	for _, a := range answers {
		if len(a.AllowOrigin) > 0 {
			return a.Path
		}
	}
	for _, a := range answers {
		if a.Outcome == evidence.HTTPAnswered && (a.Status < 400 || a.Status == 401) {
			return a.Path
		}
	}
	return paths[0]
}

// session is the work on one listener.
type session struct {
	client   *exchange.Client
	endpoint evidence.Endpoint
	answers  []evidence.CORSAnswer
	// asked has an element for each of the answers.
	asked []asked
	open  []string
}

// asked is a question and the answer as it came.
type asked struct {
	question
	answer exchange.Answer
}

func (s *session) ask(ctx context.Context, c candidate, q question, path string) {
	r := exchange.Request{Method: q.method, Path: path}
	for _, f := range exchange.Browse(s.endpoint.Host, s.endpoint.Port) {
		if f.Name != "Referer" {
			r.Fields = append(r.Fields, f)
		}
	}
	r.Fields = append(r.Fields, exchange.Field{Name: "Origin", Value: c.origin})
	if c.kind == evidence.OriginDeclared {
		r.Fields = append(r.Fields, exchange.Field{Name: "Referer", Value: c.origin + "/"})
	}
	fact := evidence.CORSAnswer{Origin: c.origin, OriginKind: c.kind, Request: q.request, Path: path}
	if q.request == evidence.CORSPreflight {
		r.Method, fact.RequestMethod = "OPTIONS", q.method
		r.Fields = append(r.Fields, exchange.Field{Name: "Access-Control-Request-Method", Value: q.method})
		if q.custom {
			fact.RequestHeaders = requestHeaders
			r.Fields = append(r.Fields, exchange.Field{Name: "Access-Control-Request-Headers", Value: strings.Join(requestHeaders, ",")})
		}
	}
	a := s.client.Ask(ctx, exchange.Via{SNI: exchange.ServerName(s.endpoint.Host)}, r)
	fact.Outcome, fact.Refusal, fact.Reason, fact.Status, fact.Source = a.Outcome, a.Refusal, exchange.Text(a.Reason), a.Status, a.Source
	read(&fact, a)
	s.answers, s.asked = append(s.answers, fact), append(s.asked, asked{q, a})
	if a.Outcome == evidence.HTTPAnswered && a.OddHead {
		a.Outcome, a.Reason = evidence.HTTPUnknown, "the head has lines that are no fields"
	}
	if a.Outcome == evidence.HTTPUnknown {
		s.open = append(s.open, exchange.Describe(r, a)+" (Origin "+c.origin+")")
	}
}

// read fills in what the headers say.
func read(fact *evidence.CORSAnswer, a exchange.Answer) {
	list := func(name string) []string {
		elements := exchange.Elements(a.Values(name))
		return exchange.Texts(elements[:min(len(elements), maxElements)])
	}
	raw := func(name string) []string {
		values := a.Values(name)
		return exchange.Texts(values[:min(len(values), maxElements)])
	}
	fact.OddHead = a.OddHead
	fact.AllowOrigin, fact.AllowCredentials = raw("Access-Control-Allow-Origin"), raw("Access-Control-Allow-Credentials")
	fact.AllowMethods, fact.AllowHeaders = list("Access-Control-Allow-Methods"), list("Access-Control-Allow-Headers")
	fact.ExposeHeaders = list("Access-Control-Expose-Headers")
	if age, ok := a.Get("Access-Control-Max-Age"); ok {
		if seconds, err := strconv.ParseUint(age, 10, 31); err == nil {
			fact.MaxAgeSeconds = evidence.Known(int(seconds), evidence.Observed)
		}
	}
	for _, name := range exchange.Elements(a.Values("Vary")) {
		fact.VaryOrigin = fact.VaryOrigin || name == "*" || strings.EqualFold(name, "Origin")
	}
}
