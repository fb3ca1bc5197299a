// SPDX-License-Identifier: Apache-2.0

// Package vos gathers what the command line of a node shows: which hosts it
// trusts as reverse proxies, where its map comes from and what its copy of the
// map says, whether proxies must present a certificate, and what runs on it in
// which version, with which certificates and settings.
//
// It reads one transcript, captured by a person or over SSH. Every fact says
// whether the format of its answer is documented or inferred. What the four
// questions about the reverse proxy do not answer is a gap; any other question
// may be absent, or unknown to the node's release, and its fact is then not
// known. An answer in an unknown form is always a gap, of the facts that it would
// have given.
//
// Nodes of every product with this command line are read. One that trusts no
// proxies need not declare a transcript, is not asked the four questions, and has
// none of those facts; what leaves the whole of its record unknown are then gaps
// of the facts that it has, so that nothing is missed of what it never had.
package vos

import (
	"context"
	"fmt"

	"github.com/postern-audit/postern/collectors/internal/mapgrammar"
	"github.com/postern-audit/postern/collectors/internal/transcript"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/vos"
)

// Collector reads the transcript of a node.
type Collector struct{}

// Name implements evidence.Collector.
func (Collector) Name() string { return "vos" }

// Collect implements evidence.Collector.
func (c Collector) Collect(_ context.Context, t evidence.Target) (evidence.Collected, error) {
	var out evidence.Collected
	if t.Kind != evidence.KindNode {
		return out, nil
	}
	if !t.Node.Role.TrustsProxies() {
		switch {
		case t.Node.Transcript == "" && !t.Node.SSH.Declared():
			return out, nil
		case len(vos.ReadOnly(string(t.Node.Role), vos.Options{})) == 0:
			out.Gaps = []evidence.Gap{t.PartGap(c.Name(), "commands", fmt.Sprintf(
				"a node of role %s has no VOS command line; the transcript or ssh that it declares was not used", t.Node.Role), t.Node.Source)}
			return out, nil
		}
	}
	r, gaps := transcript.Open(c.Name(), t)
	if r == nil {
		out.Gaps = evidence.GapsOfNode(t.Node.Role, gaps)
		return out, nil
	}
	n := evidence.VOSNode{
		Target:             t.Subject,
		Version:            r.OptionalStatus(vos.ActiveVersion(), "version"),
		TLSServerMinimum:   r.OptionalStatus(vos.TLSMinimum("server"), "tls_server_minimum"),
		TLSClientMinimum:   r.OptionalStatus(vos.TLSMinimum("client"), "tls_client_minimum"),
		TLSCertificateType: r.OptionalStatus(vos.TLSCertificateType(), "tls_certificate_type"),
		GadgetSourceCheck:  r.OptionalStatus(vos.GadgetSourceCheck(), "gadget_source_check"),
		GadgetSources:      r.OptionalList(vos.GadgetSources(), "gadget_sources"),
		ConnectedUsers:     count(r, vos.ConnectedUsers("total"), "connected_users"),
		ProxyUsers:         count(r, vos.ConnectedUsers("proxy"), "proxy_users"),
		NotificationHosts:  r.OptionalList(vos.NotificationHosts(), "notification_hosts"),
		AccessLogLevel:     r.OptionalStatus(vos.WebProxy("access-log-level"), "access_log_level"),
		LogSeverity:        r.OptionalStatus(vos.WebProxy("log-severity"), "log_severity"),
		HostName:           r.OptionalStatus(vos.HostName(), "host_name"),
		Commands:           r.Commands(),
		Secrets:            r.Secrets,
		Source:             r.At(1),
	}
	gate(r, t.Node.Role, &n)
	release(r, &n)
	network(r, &n)
	services(r, &n)
	stores(r, &n)
	properties(r, &n)
	people(r, &n)
	out.Sections.VOS = []evidence.VOSNode{n}
	out.Gaps = evidence.GapsOfNode(t.Node.Role, r.Gaps())
	return out, nil
}

// gate reads what a node knows of reverse proxies.
func gate(r *transcript.Reader, role evidence.NodeRole, n *evidence.VOSNode) {
	if !role.TrustsProxies() {
		n.AllowedHosts.Format, n.ConfigURIs.Format = evidence.FormatNone, evidence.FormatNone
		n.ClientAuth.Format, n.UpdateMinutes.Format, n.ProxyMap.Format = evidence.FormatNone, evidence.FormatNone, evidence.FormatNone
		return
	}
	n.AllowedHosts = r.List(vos.AllowedHosts(), "allowed_hosts")
	n.ConfigURIs = r.List(vos.ConfigURIs(), "config_uris")
	n.ClientAuth = r.Status(vos.ClientAuth(), "client_auth")
	n.UpdateMinutes = r.OptionalStatus(vos.UpdateFrequency(), "update_minutes")
	for _, x := range r.Transcript().Rejections() {
		n.Rejections = append(n.Rejections, evidence.CLIRejection{List: x.List, Value: x.Value, Source: r.At(x.Line)})
	}
	proxyMap(r, n)
}

func count(r *transcript.Reader, c vos.StatusCommand, field string) evidence.CLICount {
	n, err := r.Transcript().ReadCount(c)
	return asCount(r, n, err, field)
}

func asCount(r *transcript.Reader, n vos.Count, err error, field string) evidence.CLICount {
	if err != nil {
		r.Miss(err, field)
		return evidence.CLICount{Format: evidence.FormatNone}
	}
	return evidence.CLICount{Known: true, Format: evidence.Format(n.Format), Value: n.Number, Source: r.At(n.Line)}
}

func proxyMap(r *transcript.Reader, n *evidence.VOSNode) {
	m, err := r.Transcript().ReadMap(mapgrammar.IsEntry)
	if err != nil {
		r.Miss(err, "proxy_map")
		n.ProxyMap.Format = evidence.FormatNone
		return
	}
	n.ProxyMap = evidence.CLIProxyMap{Known: true, Format: evidence.Format(m.Format), Source: r.At(m.Line)}
	for _, l := range m.Entries {
		if entry, _ := mapgrammar.Line(l.Text, r.At(l.Number)); entry != nil {
			n.ProxyMap.Entries = append(n.ProxyMap.Entries, *entry)
		}
	}
	for _, l := range m.Others {
		_, problem := mapgrammar.Line(l.Text, r.At(l.Number))
		if problem == nil {
			// It is an entry by itself, and perhaps not the whole of it.
			problem = &evidence.MapProblem{
				Kind: evidence.MapBrokenLine, Text: l.Text, Source: r.At(l.Number),
				Message: "the terminal may have broken this line, so that the next one is its end; show the map in a wider window",
			}
		}
		n.ProxyMap.Malformed = append(n.ProxyMap.Malformed, evidence.CLIItem{Value: problem.Text, Source: problem.Source})
		n.ProxyMap.Problems = append(n.ProxyMap.Problems, *problem)
	}
}

func release(r *transcript.Reader, n *evidence.VOSNode) {
	n.InstalledOptions.Format, n.EngineeringSpecial.Format = evidence.FormatNone, evidence.FormatNone
	v, err := r.Transcript().ReadRelease()
	if err != nil {
		r.Miss(err, "installed_options", "engineering_special")
		return
	}
	format, at := evidence.Format(v.Format), r.At(v.Line)
	n.InstalledOptions = evidence.CLIList{Known: true, Format: format, Items: r.Items(v.Options), Source: at}
	n.EngineeringSpecial = evidence.CLICount{Known: true, Format: format, Value: v.Special, Source: at}
}

func network(r *transcript.Reader, n *evidence.VOSNode) {
	n.Addresses.Format, n.DNSServers.Format, n.Domain.Format = evidence.FormatNone, evidence.FormatNone, evidence.FormatNone
	v, err := r.Transcript().ReadNetwork()
	if err != nil {
		r.Miss(err, "addresses", "dns_servers", "domain")
		return
	}
	format, at := evidence.Format(v.Format), r.At(v.Line)
	n.Addresses = evidence.CLIList{Known: true, Format: format, Items: r.Items(v.Addresses), Source: at}
	if v.Resolver {
		n.DNSServers = evidence.CLIList{Known: true, Format: format, Items: r.Items(v.DNSServers), Source: at}
	}
	if v.Domain.Line != 0 {
		n.Domain = evidence.CLIValue{Known: true, Format: format, Value: v.Domain.Value, Source: r.At(v.Domain.Line)}
	}
}

func services(r *transcript.Reader, n *evidence.VOSNode) {
	s, err := r.Transcript().ReadServices()
	n.Services.Format = evidence.FormatNone
	if err != nil {
		r.Miss(err, "services")
	}
	if s.Line != 0 {
		n.Services = evidence.CLIServices{Known: err == nil, Format: evidence.Format(s.Format), Source: r.At(s.Line)}
	}
	for _, x := range s.Services {
		n.Services.Services = append(n.Services.Services, evidence.CLIService{
			Name: x.Name, State: evidence.ServiceState(x.State), Activated: x.Activated, Remark: x.Remark, Source: r.At(x.Line),
		})
	}
	restarts, errs := r.Transcript().Restarts()
	for _, x := range restarts {
		n.ServiceRestarts = append(n.ServiceRestarts, evidence.CLIServiceRestart{
			Service: x.Name, State: evidence.ServiceState(x.State), Source: r.At(x.Line),
		})
	}
	for _, err := range errs {
		r.Miss(err, "service_restarts")
	}
}

func people(r *transcript.Reader, n *evidence.VOSNode) {
	locked, err := r.Transcript().LockedOutUsers()
	n.LockedOutUsers = asCount(r, locked, err, "locked_out_users")
	n.IDSSecret.Format = evidence.FormatNone
	key, err := r.Transcript().IDSSecret()
	if err != nil {
		r.Miss(err, "ids_secret")
		return
	}
	n.IDSSecret = evidence.CLISecret{
		Known: true, Format: evidence.Format(key.Format), Length: key.Length, SHA256: key.SHA256, Source: r.At(key.Line),
	}
}
