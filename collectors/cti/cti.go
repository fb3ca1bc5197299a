// SPDX-License-Identifier: Apache-2.0

// Package cti gathers how Finesse reaches its CTI servers: the settings in an
// export of Finesse's system configuration (the SystemConfig object of its
// configuration API, or the cti element of it), and the servers that the site
// file declares.
//
// The two are not compared here, and no port is derived from an instance.
package cti

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/collectors/internal/xmltree"
	"github.com/postern-audit/postern/internal/evidence"
)

const (
	maxFileBytes  = 1 << 20
	maxValueBytes = 64 << 10 // of one text or attribute
	maxSettings   = 50
	maxGaps       = 100 // of the document
)

// Collector reads what the site declares under "finesse_config" and "cti".
type Collector struct{}

// Name implements evidence.Collector.
func (Collector) Name() string { return "cti" }

// Collect implements evidence.Collector.
func (c Collector) Collect(_ context.Context, t evidence.Target) (evidence.Collected, error) {
	var out evidence.Collected
	if t.Kind != evidence.KindSite {
		return out, nil
	}
	r := &reader{target: t, record: evidence.CTI{Target: t.Subject, Source: t.Site.DeclaredSource}}
	r.declared()
	r.settings()
	if len(r.record.Declared)+len(r.record.Settings) > 0 {
		out.Sections.CTI = []evidence.CTI{r.record}
	}
	out.Gaps = r.gaps
	return out, nil
}

type reader struct {
	target   evidence.Target
	artifact string
	record   evidence.CTI
	gaps     []evidence.Gap
	listed   int // gaps of the document
}

func (r *reader) gap(subject, reason string, source evidence.Source) {
	r.gaps = append(r.gaps, evidence.Gap{Section: "cti", Subject: subject, Reason: reason, Source: source})
}

func (r *reader) at(line, column int) evidence.Source {
	return evidence.Source{Artifact: r.artifact, Line: line, Column: column, Origin: evidence.Origin{Kind: evidence.Explicit}}
}

var instanceNumber = regexp.MustCompile(`^[A-Za-z]{0,20}?(\d{1,5})[A-Za-z]?$`)

// declared records the CTI servers of the site file.
func (r *reader) declared() {
	if len(r.target.Site.CTI) == 0 {
		r.gap(r.target.Subject, "the site declares no cti: the CTI servers are not known", r.record.Source)
	}
	for i := range r.target.Site.CTI {
		s := &r.target.Site.CTI[i]
		d := evidence.CTIDeclared{
			Subject: s.Subject(), Instance: s.Instance, Side: strings.ToLower(strings.TrimSpace(s.Side)), Host: strings.ToLower(s.Host),
			Live: s.Live, Mode: evidence.CTIModeUnknown, Source: s.Source,
		}
		if s.Live && s.Host != "" && s.SecuredPort > 0 {
			d.Listener = evidence.ListenerSubject(d.Subject, s.Host, s.SecuredPort)
		}
		if m := instanceNumber.FindStringSubmatch(s.Instance); m != nil {
			if n, err := strconv.Atoi(m[1]); err == nil {
				d.InstanceNumber = evidence.Known(n, evidence.Declared)
			}
		}
		switch mode := evidence.CTIMode(strings.ToLower(strings.TrimSpace(s.Mode))); mode {
		case evidence.CTISecured, evidence.CTIMixed, evidence.CTINonSecured:
			d.Mode = mode
		case "":
			r.gap(d.Subject, "the CTI server declares no mode", s.Source)
		default:
			r.gap(d.Subject, "the mode of the CTI server is none of secured, mixed and non-secured", s.Source)
		}
		switch port, ok := validPort(s.SecuredPort); {
		case ok:
			d.SecuredPort = evidence.Known(port, evidence.Declared)
		case s.SecuredPort != 0:
			r.gap(d.Subject, "the secured_port of the CTI server is no port", s.Source)
		case d.Mode != evidence.CTINonSecured:
			r.gap(d.Subject, "the CTI server declares no secured_port", s.Source)
		}
		if s.Certificates == "" {
			r.gap(d.Subject, "the CTI server declares no certificates: those of its peripheral gateway are not known", s.Source)
		} else {
			d.Unit = d.Subject
		}
		r.record.Declared = append(r.record.Declared, d)
	}
}

// settings reads Finesse's own configuration.
func (r *reader) settings() {
	name := r.target.Site.FinesseConfig
	if name == "" {
		r.gap(r.target.Subject, "the site declares no finesse_config: the CTI settings of Finesse are not known", r.record.Source)
		return
	}
	art, err := r.target.Files.Read(name, maxFileBytes)
	if err != nil {
		r.gap(r.target.Subject, err.Error(), r.record.Source)
		return
	}
	r.artifact = art.Path
	tree, problems := xmltree.Read(art.Text, maxValueBytes)
	for _, p := range problems {
		r.missing(p.Message, p.Line, p.Column)
	}
	tree.Walk(func(n *xmltree.Node) {
		switch {
		case !strings.EqualFold(n.Name, "cti"):
		case len(r.record.Settings) == maxSettings:
			r.missing(fmt.Sprintf("more than %d cti elements; the rest was left out", maxSettings), n.Line, n.Column)
		case len(r.record.Settings) < maxSettings:
			r.record.Settings = append(r.record.Settings, r.element(n))
		}
	})
	switch len(r.record.Settings) {
	case 0:
		r.missing("no cti element in the document", 1, 1)
	case 1:
	default:
		r.missing("more than one cti element; which one is in force is not known", 1, 1)
	}
}

func (r *reader) missing(reason string, line, column int) {
	switch r.listed++; {
	case r.listed > maxGaps+1:
		return
	case r.listed > maxGaps:
		reason = "more places could not be read; they are not listed"
	}
	r.gap(r.target.Subject, r.artifact+": "+reason, r.at(line, column))
}

// element reads one cti element. A setting that stands twice in it is not known.
func (r *reader) element(n *xmltree.Node) evidence.CTISettings {
	unresolved := evidence.Origin{Kind: evidence.Unresolved}
	s := evidence.CTISettings{Source: r.at(n.Line, n.Column)}
	s.A.Source, s.B.Source = s.Source, s.Source
	s.A.Port.Origin, s.B.Port.Origin, s.PeripheralID.Origin, s.Secure.Origin = unresolved, unresolved, unresolved, unresolved
	read := map[string]*xmltree.Node{}
	for _, c := range n.Children {
		if read[c.Name] != nil {
			r.missing(c.Name+" stands twice in a cti element; the first one was read", c.Line, c.Column)
			continue
		}
		read[c.Name] = c
		value := c.Value()
		if strings.Contains(value, "[redacted:") {
			r.missing(c.Name+" was redacted", c.Line, c.Column)
			continue
		}
		switch c.Name {
		case "host":
			s.A.Host, s.A.Source = r.host(c), r.at(c.Line, c.Column)
		case "backupHost":
			s.B.Host, s.B.Source = r.host(c), r.at(c.Line, c.Column)
		case "port":
			s.A.Port = r.number(c, 1, 65535)
		case "backupPort":
			s.B.Port = r.number(c, 1, 65535)
		case "peripheralId":
			s.PeripheralID = r.number(c, 0, 1<<31-1)
		case "secure":
			switch strings.ToLower(value) {
			case "true":
				s.Secure = evidence.Known(true, evidence.Explicit)
			case "false":
				s.Secure = evidence.Known(false, evidence.Explicit)
			default:
				r.missing("secure is neither true nor false", c.Line, c.Column)
			}
		}
	}
	for _, name := range [...]string{"host", "port", "secure"} {
		if read[name] == nil {
			r.missing("a cti element without "+name, n.Line, n.Column)
		}
	}
	if s.A.Host == "" && read["host"] != nil {
		r.missing("host is empty", read["host"].Line, read["host"].Column)
	}
	if s.B.Host != "" && !s.B.Port.Known && read["backupPort"] == nil {
		r.missing("a cti element with a backupHost and without backupPort", n.Line, n.Column)
	}
	return s
}

var hostForm = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9.:_-]{0,251}[A-Za-z0-9])?$`)

func (r *reader) host(n *xmltree.Node) string {
	value := n.Value()
	if value != "" && !hostForm.MatchString(value) {
		r.missing(n.Name+" is no host", n.Line, n.Column)
		return ""
	}
	return strings.ToLower(value)
}

// number reads a whole number. An empty element is an unset one.
func (r *reader) number(n *xmltree.Node, low, high int) evidence.Optional[int] {
	value := n.Value()
	number, err := strconv.Atoi(value)
	if value != "" && (err != nil || number < low || number > high) {
		r.missing(n.Name+" is no number in its range", n.Line, n.Column)
	}
	if err != nil || number < low || number > high {
		return evidence.Optional[int]{Origin: evidence.Origin{Kind: evidence.Unresolved}}
	}
	return evidence.Known(number, evidence.Explicit)
}

func validPort(n int) (int, bool) { return n, n >= 1 && n <= 65535 }
