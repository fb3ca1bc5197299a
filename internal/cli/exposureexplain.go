// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/report"
)

// askFlags describe the one request of --explain. Text may hold the escapes of
// unescape.
type askFlags struct {
	text    string
	address string
	port    int
	tls     bool
	sni     string
	host    string
	noHost  bool
	headers []string
	client  string
	// given tells a flag that was set from its default.
	given func(name string) bool
}

func (f *askFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.text, "explain", "", `follow one request, such as "GET /desktop/ HTTP/1.1"`)
	flags.StringVar(&f.host, "host", "", "the Host header (default: the name of the only server)")
	flags.BoolVar(&f.noHost, "no-host", false, "send no Host header")
	flags.StringVar(&f.address, "address", "", "the local address that is connected to, or unix:PATH")
	flags.IntVar(&f.port, "port", 0, "the port (default: that of the only listener)")
	flags.BoolVar(&f.tls, "tls", false, "speak TLS (default: as the listener does)")
	flags.StringVar(&f.sni, "sni", "", "the name in the TLS handshake (default: the host)")
	flags.StringArrayVar(&f.headers, "header", nil, "another header, 'Name: value' (repeatable)")
	flags.StringVar(&f.client, "client", "", "the address of the client (default: not known)")
	f.given = flags.Changed
}

// trace is one request, what became of it and how.
type trace struct {
	Request askedRequest `json:"request"`
	// Assumed lists what nobody said and the configuration left no choice about.
	Assumed []string `json:"assumed"`
	answer
	Peers []string    `json:"peers"`
	Steps []traceStep `json:"steps"`
}

type traceStep struct {
	Place string `json:"place"` // file:line; empty where no directive decides
	Text  string `json:"text"`
}

// request completes what the flags say from the configuration, where it leaves no
// choice.
func (f *askFlags) request(cfg *nginx.Config) (q request.Request, assumed []string, err error) {
	if q, assumed, err = parseRequest(f.text); err != nil {
		return q, nil, err
	}
	socket, address, err := f.listener(cfg)
	if err != nil {
		return q, nil, err
	}
	q.Address, q.Port, q.TLS, q.Client = address, f.port, f.tls, f.client
	if !f.given("port") && !strings.HasPrefix(q.Address, "unix:") {
		q.Port = socket.Port
		assumed = append(assumed, fmt.Sprintf("port %d", q.Port))
	}
	if socket != nil && !f.given("tls") {
		if q.TLS = socket.SSL; q.TLS {
			assumed = append(assumed, "TLS")
		}
	}
	for _, h := range f.headers {
		pair, err := parseHeader(h)
		if err != nil {
			return q, nil, err
		}
		q.Headers = append(q.Headers, pair)
	}
	if err := f.hostOf(&q, socket, &assumed); err != nil {
		return q, nil, err
	}
	switch {
	case f.given("sni"):
		if q.SNI, err = unescape(f.sni); err != nil {
			return q, nil, fmt.Errorf("--sni: %w", err)
		}
	case q.TLS && q.Host != nil:
		// A client names in the handshake the host that it goes to, without a port
		// and never an address.
		name, _, _ := strings.Cut(*q.Host, ":")
		if _, err := netip.ParseAddr(name); err != nil && !strings.HasPrefix(name, "[") && name != "" {
			q.SNI = name
			assumed = append(assumed, "SNI "+name)
		}
	}
	return q, assumed, nil
}

// hostOf fills in the Host header: as it was given, else the name of the only
// server of the listener.
func (f *askFlags) hostOf(q *request.Request, socket *nginx.Socket, assumed *[]string) (err error) {
	for _, h := range q.Headers {
		if strings.EqualFold(h[0], "host") && q.Host == nil {
			if f.given("host") {
				return withHint(errors.New("the host is given twice, by --host and by a header"), "leave one out")
			}
			return nil
		}
	}
	switch {
	case f.noHost && (f.given("host") || q.Host != nil):
		return withHint(errors.New("--no-host stands beside a host"), "leave one out")
	case f.given("host") && q.Host != nil:
		return withHint(errors.New("the host is given twice, by --host and by the request"), "leave one out")
	case f.given("host"):
		host, err := unescape(f.host)
		q.Host = &host
		if err != nil {
			return fmt.Errorf("--host: %w", err)
		}
		return nil
	case f.noHost || q.Host != nil || q.Version == "0.9" || socket == nil || namesHost(q.Target):
		return nil
	}
	var names []string
	for _, s := range socket.Servers {
		for _, n := range s.Names {
			if n.Kind == nginx.NameExact && n.Value != "" && !n.HasVariables {
				names = append(names, n.Value)
			}
		}
	}
	if len(socket.Servers) > 1 {
		return withHint(fmt.Errorf("which host is asked for? %s has %d servers", socket.Key(), len(socket.Servers)),
			"add --host NAME, such as one of: "+listed(names)+"; or --no-host to send none")
	}
	names = append(names, "localhost") // any host leads to the only server
	q.Host = &names[0]
	*assumed = append(*assumed, "Host "+names[0])
	return nil
}

// namesHost says whether a target names the host itself, as a client of a proxy
// writes it.
func namesHost(target string) bool {
	return !strings.HasPrefix(target, "/") && strings.Contains(target, "://")
}

// listener finds the socket that is meant and the address that leads to it. The
// socket is nil where the flags name one that the configuration does not have: the
// model then says so.
func (f *askFlags) listener(cfg *nginx.Config) (s *nginx.Socket, address string, err error) {
	var all, named, wild []*nginx.Socket
	ip, ipErr := netip.ParseAddr(bare(f.address))
	for _, s := range cfg.Sockets {
		if s.UDP {
			continue
		}
		all = append(all, s)
		switch {
		case f.given("port") && s.Port != f.port:
		case f.address == "" || bare(s.Address) == bare(f.address):
			named = append(named, s)
		// What listens on every address takes what no other socket takes.
		case ipErr == nil && (s.Address == "*" && ip.Is4() || s.Address == "[::]" && ip.Is6()):
			wild = append(wild, s)
		}
	}
	fit := named
	if len(fit) == 0 {
		fit = wild
	}
	switch {
	case len(fit) > 0 && alike(fit):
		s = fit[0]
		if f.address == "" && (len(fit) > 1 && s.Address != "*" || strings.HasPrefix(s.Address, "unix:")) {
			return s, s.Address, nil
		}
		return s, f.address, nil
	case len(fit) == 0 && f.given("port"):
		return nil, f.address, nil
	case len(all) == 0:
		return nil, "", withHint(errors.New("the configuration has no http server that listens"), "name the main file of nginx, with --conf if it has another name")
	}
	places := make([]string, len(all))
	for i, s := range all {
		places[i] = s.Key()
		if s.SSL {
			places[i] += " (TLS)"
		}
		places[i] += " at " + place(s.Pos)
	}
	return nil, "", withHint(fmt.Errorf("which listener is asked? %d of %d fit", len(fit), len(all)),
		"add --port and, where addresses differ, --address; there are: "+listed(places))
}

// alike says whether it makes no difference which of the sockets is asked, as with
// those of IPv4 and IPv6 that stand side by side. The first is then any of them.
func alike(sockets []*nginx.Socket) bool {
	a := sockets[0]
	for _, b := range sockets[1:] {
		if a.Port != b.Port || a.SSL != b.SSL || a.ProxyProtocol != b.ProxyProtocol || a.Default != b.Default || !slices.Equal(a.Servers, b.Servers) {
			return false
		}
	}
	return true
}

func bare(address string) string { return strings.ToLower(strings.Trim(address, "[]")) }

func place(p nginx.Pos) string {
	if p.IsZero() {
		return ""
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// listed joins the first of many names.
func listed(names []string) string {
	const most = 12
	switch {
	case len(names) == 0:
		return "(the configuration has none)"
	case len(names) > most:
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}

func newTrace(q request.Request, assumed []string, o request.Outcome) trace {
	t := trace{Request: ask(q), Assumed: []string{}, answer: newAnswer(o), Peers: []string{}, Steps: []traceStep{}}
	for _, a := range assumed {
		t.Assumed = append(t.Assumed, textOf(a))
	}
	for _, p := range o.Peers {
		t.Peers = append(t.Peers, textOf(p))
	}
	for _, s := range o.Steps {
		t.Steps = append(t.Steps, traceStep{textOf(place(s.Pos)), textOf(s.Text)})
	}
	return t
}

// writeTrace writes what became of a request for a person.
func writeTrace(w io.Writer, q request.Request, assumed []string, o request.Outcome) error {
	e := explainer{w: w}
	e.line("%s", escaped(strings.TrimSpace(q.Method+" "+q.Target+" "+request.VersionWord(q.Version))))
	if q.Host != nil {
		e.line("Host: %s", escaped(*q.Host))
	}
	for _, h := range q.Headers {
		e.line("%s: %s", escaped(h[0]), escaped(h[1]))
	}
	e.line("\nto %s", escaped(destination(q)))
	if len(assumed) > 0 {
		e.line("assumed: %s", escaped(strings.Join(assumed, ", ")))
	}
	e.line("")
	width := 0
	for _, s := range o.Steps {
		width = max(width, len(place(s.Pos)))
	}
	for _, s := range o.Steps {
		e.line("  %-*s  %s", width, report.Printable(place(s.Pos)), report.Printable(s.Text))
	}
	e.line("")
	e.labelled("Outcome", escaped(conclusion(o)))
	if o.Reason != "" {
		e.labelled("Reason", escaped(o.Reason))
	}
	if len(o.Peers) > 0 {
		e.labelled("Peers", escaped(strings.Join(o.Peers, ", ")))
	}
	if o.Server != "" {
		e.labelled("Server", report.Printable(o.Server))
	}
	if o.Location != "" {
		e.labelled("Location", report.Printable(o.Location))
	}
	return e.err
}

// conclusion is the outcome in one line.
func conclusion(o request.Outcome) string {
	switch {
	case o.Kind == request.Forwarded:
		return fmt.Sprintf("forwarded: %s gets %s", o.Upstream, o.Path)
	case o.Kind == request.Unknown:
		return "unknown"
	case o.Status == 0:
		return string(o.Kind) + ": the connection is closed without an answer"
	}
	return fmt.Sprintf("%s with status %d", o.Kind, o.Status)
}

func destination(q request.Request) string {
	text := q.Address
	switch {
	case strings.HasPrefix(text, "unix:"):
	case text == "":
		text = "port " + strconv.Itoa(q.Port)
	default:
		text += " port " + strconv.Itoa(q.Port)
	}
	if q.TLS {
		if text += ", TLS"; q.SNI != "" {
			text += ", SNI " + q.SNI
		} else {
			text += " without SNI"
		}
	}
	if q.Client != "" {
		text += ", from " + q.Client
	}
	return text
}
