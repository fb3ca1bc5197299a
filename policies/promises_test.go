// SPDX-License-Identifier: Apache-2.0

package policies_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// identify gives a value what collectors promise about it alone.
func identify(r *rand.Rand, v reflect.Value) {
	switch x := v.Addr().Interface().(type) {
	case *evidence.Endpoint:
		host, port, found := strings.Cut(x.Text, ":")
		x.Host, x.HasPort = host, found
		x.Port, _ = strconv.Atoi(port)
		x.IPAddress = isAddress(host)
	case *evidence.MapEntry:
		x.Subject = evidence.Subject("map", x.Internal.Text)
	case *evidence.ServerName:
		if !strings.Contains(x.Name, ".") {
			x.Name = pick(r, []string{"a.example", "b.example", "*.example"})
		}
	case *evidence.Setting:
		if slices.Contains(pools["name"], x.Name) {
			x.Name = pick(r, directives)
		}
	case *evidence.LayoutResource:
		// A relative address names no server; whether a name is short shows in it.
		if x.Relative {
			x.Host, x.Port = "", 0
		}
		x.IPAddress = isAddress(x.Host)
		x.Short = x.Host != "" && !x.IPAddress && !strings.Contains(x.Host, ".")
	case *evidence.RedirectURI:
		x.Wildcard = strings.Contains(x.URL, "*")
	case *evidence.PacketChain:
		if x.BuiltIn && x.Policy == "-" {
			x.Policy = "ACCEPT"
		}
	}
}

func isAddress(text string) bool {
	_, err := netip.ParseAddr(text)
	return err == nil
}

// promise makes a document keep what collectors promise about its parts together:
// each thing is described once, and what is referred to is there.
func promise(d *evidence.Document) {
	sections := reflect.ValueOf(&d.Sections).Elem()
	for i := range sections.NumField() {
		onceEach(sections.Field(i))
	}
	for i := range d.NginxRules {
		promiseServers(&d.NginxRules[i])
		d.NginxRules[i].DHParameters = once(d.NginxRules[i].DHParameters, func(p evidence.DHParameters) string { return p.Path })
	}
	certificates := map[string]evidence.Certificate{}
	for i := range d.CertChain {
		promiseCertificates(&d.CertChain[i], certificates)
	}
	for i := range d.SAML {
		promiseDocuments(&d.SAML[i])
		promiseClients(&d.SAML[i])
	}
	for i := range d.CTI {
		d.CTI[i].Declared = once(d.CTI[i].Declared, func(c evidence.CTIDeclared) string { return c.Subject })
	}
	for i := range d.IPTables {
		d.IPTables[i].Chains = once(d.IPTables[i].Chains, func(c evidence.PacketChain) string { return c.Table + " " + c.Name })
		promiseOrder(d.IPTables[i].Rules)
	}
	for i := range d.Env {
		promiseAssignments(&d.Env[i])
	}
	for i := range d.Netfilter {
		promiseOrder(d.Netfilter[i].Rules)
	}
	for i := range d.Host {
		promiseHost(&d.Host[i])
	}
	for i := range d.VOS {
		d.VOS[i].Properties = once(d.VOS[i].Properties, func(p evidence.CLIProperty) string { return p.Group + " " + p.Name })
	}
	for i := range d.FramingLive {
		d.FramingLive[i].Pages = once(d.FramingLive[i].Pages, func(p evidence.FramePage) string { return p.Path })
	}
	for i := range d.TLSPosture {
		p := &d.TLSPosture[i]
		p.Versions = once(p.Versions, func(v evidence.TLSVersion) string { return v.Version })
		p.Suites = once(p.Suites, func(s evidence.TLSSuite) string { return s.Version + s.Name })
		p.Groups = once(p.Groups, func(g evidence.TLSGroup) string { return g.Version + g.Name })
		p.ALPN = once(p.ALPN, func(a evidence.TLSALPN) string { return a.Protocol })
	}
}

// onceEach keeps one record of each target and, where a record is about a part of
// it, of each such part.
func onceEach(list reflect.Value) {
	seen := map[string]bool{}
	out := reflect.MakeSlice(list.Type(), 0, list.Len())
	for i := range list.Len() {
		key := ""
		for _, name := range [...]string{"Target", "Subject", "Component", "Family", "Backend"} {
			if f := list.Index(i).FieldByName(name); f.IsValid() {
				key += f.String() + " "
			}
		}
		if !seen[key] || list.Type().Elem() == reflect.TypeFor[evidence.DNSView]() {
			out = reflect.Append(out, list.Index(i))
		}
		seen[key] = true
	}
	list.Set(out)
}

// promiseServers: each server has a subject of its own and each socket servers.
func promiseServers(rules *evidence.NginxRules) {
	rules.Servers = once(rules.Servers, func(s evidence.NginxServer) string { return s.Subject })
	rules.Sockets = once(rules.Sockets, func(s evidence.NginxSocket) string { return fmt.Sprint(s.Address, s.Port) })
	rules.Sockets = slices.DeleteFunc(rules.Sockets, func(s evidence.NginxSocket) bool { return len(served(rules, s)) == 0 })
	for i := range rules.Sockets {
		s := &rules.Sockets[i]
		s.Servers = served(rules, *s)
		if !slices.Contains(s.Servers, s.Default) {
			s.Default = s.Servers[0]
		}
	}
}

func served(rules *evidence.NginxRules, s evidence.NginxSocket) []string {
	there := slices.DeleteFunc(slices.Clone(s.Servers), func(subject string) bool {
		return !slices.ContainsFunc(rules.Servers, func(n evidence.NginxServer) bool { return n.Subject == subject })
	})
	slices.Sort(there)
	return slices.Compact(there)
}

// promiseCertificates: one digest stands for one certificate, wherever it is found.
func promiseCertificates(record *evidence.CertChain, known map[string]evidence.Certificate) {
	record.Keys = once(record.Keys, func(k evidence.KeyFile) string { return k.Path })
	record.Chains = once(record.Chains, func(c evidence.Chain) string { return c.Subject })
	record.Trusts = once(record.Trusts, func(l evidence.TrustList) string { return l.Subject })
	record.Requests = once(record.Requests, func(q evidence.CertificateRequest) string { return q.Subject })
	for j := range record.Certificates {
		c := record.Certificates[j]
		facts, ok := known[c.SHA256]
		if !ok {
			facts = c
			known[c.SHA256] = c
		}
		facts.Subject, facts.Place, facts.Holder, facts.Unit, facts.Leaf, facts.Source = evidence.Subject("cert", c.SHA256), c.Place, c.Holder, c.Unit, c.Leaf, c.Source
		record.Certificates[j] = facts
	}
}

// promiseDocuments: there is one document of each role, and what was read belongs to
// one of them.
func promiseDocuments(saml *evidence.SAML) {
	saml.Documents = once(saml.Documents, func(x evidence.SAMLDocument) string { return x.Subject })
	missing := func(role evidence.SAMLRole) bool {
		return !slices.ContainsFunc(saml.Documents, func(x evidence.SAMLDocument) bool { return x.Role == role })
	}
	saml.Entities = slices.DeleteFunc(saml.Entities, func(x evidence.SAMLEntity) bool { return missing(x.Role) })
	saml.Endpoints = slices.DeleteFunc(saml.Endpoints, func(x evidence.SAMLEndpoint) bool { return missing(x.Role) })
	saml.Keys = slices.DeleteFunc(saml.Keys, func(x evidence.SAMLKey) bool { return missing(x.Role) })
	for i := range saml.Entities {
		saml.Entities[i].Document = evidence.Subject("saml", string(saml.Entities[i].Role))
	}
	for i := range saml.Endpoints {
		saml.Endpoints[i].Document = evidence.Subject("saml", string(saml.Endpoints[i].Role))
	}
	for i := range saml.Keys {
		saml.Keys[i].Document = evidence.Subject("saml", string(saml.Keys[i].Role))
	}
}

// promiseClients: every redirect URI belongs to a client of the list.
func promiseClients(saml *evidence.SAML) {
	for _, uri := range saml.Redirects {
		saml.Clients = append(saml.Clients, evidence.IdSClient{Client: uri.Client, Source: uri.Source})
	}
	saml.Clients = once(saml.Clients, func(c evidence.IdSClient) string { return c.Client })
}

// promiseOrder: the rules of a chain count from 1.
func promiseOrder(rules []evidence.PacketRule) {
	last := map[string]int{}
	for j := range rules {
		chain := rules[j].Table + " " + rules[j].Chain
		last[chain]++
		rules[j].Index = last[chain]
	}
}

// promiseAssignments: of a name in a file the last assignment holds.
func promiseAssignments(env *evidence.EnvFiles) {
	env.Files = once(env.Files, func(f evidence.EnvFile) string { return f.Subject })
	holds := map[string]bool{}
	for _, p := range env.Properties {
		holds[p.File+" "+p.Name] = true
	}
	for j := range slices.Backward(env.Properties) {
		p := &env.Properties[j]
		key := p.File + " " + p.Name
		p.Effective = holds[key]
		holds[key] = false
	}
}

// promiseHost: a thing of the system has one entry in the list of its kind, and a
// list has none where its part was not read.
func promiseHost(h *evidence.Host) {
	read := map[evidence.HostPartName]bool{}
	for _, p := range h.Parts {
		read[p.Name] = p.Read
	}
	h.Parts = nil
	for _, name := range evidence.PartSysctl.Values() {
		part := evidence.HostPartName(name)
		h.Parts = append(h.Parts, evidence.HostPart{Name: part, Read: read[part], Complete: read[part], Source: h.Source})
	}
	unread := func(parts ...evidence.HostPartName) bool {
		return !slices.ContainsFunc(parts, func(p evidence.HostPartName) bool { return read[p] })
	}
	if !h.SSHD.Known {
		h.SSHD = evidence.HostSSHD{}
	}
	h.SSHD.Settings = once(h.SSHD.Settings, func(s evidence.SSHSetting) string { return s.Keyword })
	h.Sysctls = unless(unread(evidence.PartSysctl), h.Sysctls)
	h.SysctlFiles = unless(unread(evidence.PartSysctlFiles), h.SysctlFiles)
	h.Files = unless(unread(evidence.PartFiles), h.Files)
	h.Mounts = unless(unread(evidence.PartMounts), h.Mounts)
	h.Users = unless(unread(evidence.PartUsers, evidence.PartAccounts), h.Users)
	h.Units = unless(unread(evidence.PartUnits, evidence.PartUnitStates), h.Units)
	h.PortLabels = unless(unread(evidence.PartSELinuxPorts), h.PortLabels)
	h.Sockets = unless(unread(evidence.PartSockets), h.Sockets)
	h.Interfaces = unless(unread(evidence.PartAddresses), h.Interfaces)
	h.Routes = unless(unread(evidence.PartRoutes), h.Routes)
	h.Names = unless(unread(evidence.PartNames), h.Names)
	h.Packages = unless(unread(evidence.PartPackages), h.Packages)
	h.Updates = unless(unread(evidence.PartUpdates), h.Updates)
	h.Jails = unless(unread(evidence.PartFail2ban), h.Jails)
	h.LogRotations = unless(unread(evidence.PartLogrotate), h.LogRotations)
	h.LogForwardings = unless(unread(evidence.PartLogForwarding), h.LogForwardings)
	h.Benchmarks = unless(unread(evidence.PartXCCDF), h.Benchmarks)
	last := map[string]bool{}
	for j := range slices.Backward(h.Mounts) {
		h.Mounts[j].Covered = last[h.Mounts[j].Path]
		last[h.Mounts[j].Path] = true
	}
	h.Sysctls = once(h.Sysctls, func(s evidence.Sysctl) string { return s.Key })
	h.SysctlFiles = once(h.SysctlFiles, func(s evidence.SysctlSetting) string { return s.Key })
	h.Files = once(h.Files, func(f evidence.HostFile) string { return f.Path })
	h.Users = once(h.Users, func(u evidence.HostUser) string { return u.Name })
	h.Units = once(h.Units, func(u evidence.HostUnit) string { return u.Name })
	h.Interfaces = once(h.Interfaces, func(n evidence.HostInterface) string { return n.Name })
	h.Jails = once(h.Jails, func(j evidence.BanJail) string { return j.Name })
}

func unless[T any](unread bool, list []T) []T {
	if unread {
		return nil
	}
	return list
}
