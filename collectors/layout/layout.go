// SPDX-License-Identifier: Apache-2.0

// Package layout gathers the desktop layout of the site: the gadgets and
// components that each role's desktop loads, and from where.
//
// The layout may stand alone (a finesseLayout element) or inside an answer of
// the layout API (a layoutxml element, as markup or as text). Nothing that it
// names is fetched: specifications of gadgets are files that the site declares
// beside it.
package layout

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/collectors/internal/xmltree"
	"github.com/postern-audit/postern/internal/evidence"
)

// Limits of one layout.
const (
	maxFileBytes  = 4 << 20
	maxValueBytes = 1 << 20 // a layout may be the text of an element
	maxResources  = 2000
	maxParameters = 100 // of one resource
	maxWrappers   = 20
	maxGaps       = 100
)

// Collector reads the file that the site declares under "layout".
type Collector struct{}

// Name implements evidence.Collector.
func (Collector) Name() string { return "layout" }

// Collect implements evidence.Collector.
func (c Collector) Collect(_ context.Context, t evidence.Target) (evidence.Collected, error) {
	var out evidence.Collected
	if t.Kind != evidence.KindSite {
		return out, nil
	}
	g := &gadgets{target: t}
	g.read()
	record, gaps, err := readLayout(t)
	switch {
	case err != nil && len(g.files) == 0:
		out.Gaps = append(g.gaps, t.Gap(c.Name(), err.Error(), t.Site.DeclaredSource))
		return out, nil
	case err != nil:
		// All but the specifications is unknown.
		for _, part := range evidence.Parts(c.Name()) {
			if part != "target" && part != "source" && part != "gadget_files" {
				gaps = append(gaps, t.PartGap(c.Name(), part, err.Error(), t.Site.DeclaredSource))
			}
		}
	}
	record.GadgetFiles = g.files
	out.Gaps = append(gaps, g.gaps...)
	out.Sections.Layout = []evidence.Layout{record}
	return out, nil
}

// readLayout reads the layout itself. The error says why there is none.
func readLayout(t evidence.Target) (evidence.Layout, []evidence.Gap, error) {
	record := evidence.Layout{Target: t.Subject, Source: t.Site.DeclaredSource}
	if t.Site.Layout == "" {
		return record, nil, errors.New("the site declares no layout: its gadgets are not known")
	}
	art, err := t.Files.Read(t.Site.Layout, maxFileBytes)
	if err != nil {
		return record, nil, err
	}
	r := &reader{target: t, artifact: art.Path}
	r.record = evidence.Layout{Target: t.Subject, Source: r.at(1, 1)}
	r.document(art.Text)
	return r.record, r.gaps, nil
}

type reader struct {
	target   evidence.Target
	artifact string
	record   evidence.Layout
	gaps     []evidence.Gap
	layouts  int
	overflow bool
	// shift places a layout that is the text of another document: its lines
	// count from there.
	shift lineShift
}

// lineShift maps the lines of a text inside of the file to those of the file.
type lineShift struct {
	inner bool
	first int
	// exact is false when the breaks of the text are not those of the file; then
	// every place is the first line.
	exact bool
}

func (r *reader) at(line, column int) evidence.Source {
	switch {
	case r.shift.inner && !r.shift.exact:
		line, column = r.shift.first, 1
	case r.shift.inner:
		line, column = r.shift.first+line-1, 1
	}
	return evidence.Source{Artifact: r.artifact, Line: line, Column: column, Origin: evidence.Origin{Kind: evidence.Explicit}}
}

func (r *reader) gap(reason string, source evidence.Source) {
	switch {
	case len(r.gaps) > maxGaps:
		return
	case len(r.gaps) == maxGaps:
		reason = "more places could not be read; they are not listed"
	}
	r.gaps = append(r.gaps, r.target.Gap("layout", r.artifact+": "+reason, source))
}

func (r *reader) document(text []byte) {
	tree := r.tree(text)
	if !r.find(tree) {
		wrappers := tree.All("layoutxml")
		if len(wrappers) > maxWrappers {
			r.gap(fmt.Sprintf("more than %d layoutxml elements; the rest was not read", maxWrappers), r.at(1, 1))
			wrappers = wrappers[:maxWrappers]
		}
		for _, wrapped := range wrappers {
			if len(wrapped.Children) > 0 || strings.TrimSpace(string(wrapped.Text)) == "" {
				continue
			}
			r.shift = lineShift{inner: true, first: wrapped.TextLine, exact: wrapped.TextBreaks}
			if inner := r.tree(wrapped.Text); !r.find(inner) {
				r.gap("a layoutxml element holds no layout", r.at(1, 1))
			}
			r.shift = lineShift{}
		}
	}
	r.record.Wrapped = len(tree.All("layoutxml")) > 0
	switch {
	case r.layouts == 0:
		r.gap("no finesseLayout element in the document", r.at(1, 1))
	case len(r.record.Resources) == 0:
		r.gap("the layout has no gadget", r.at(1, 1))
	}
}

// tree reads a document and keeps what was wrong with it.
func (r *reader) tree(text []byte) *xmltree.Node {
	tree, problems := xmltree.Read(text, maxValueBytes)
	for _, p := range problems {
		r.gap(p.Message, r.at(p.Line, p.Column))
	}
	return tree
}

// find reads the layouts of a document, and reports whether there is any.
func (r *reader) find(tree *xmltree.Node) bool {
	found := tree.All("finesseLayout")
	for _, n := range found {
		if r.layouts++; r.layouts == 2 {
			r.gap("more than one layout in the document; their facts are put together", r.at(n.Line, n.Column))
		}
		r.layout(n)
	}
	return len(found) > 0
}

// scope is where in the layout an element stands.
type scope struct {
	role   string
	place  evidence.LayoutPlace
	tab    string
	column int
}

func (r *reader) layout(n *xmltree.Node) {
	for _, c := range n.Children {
		switch c.Name {
		case "version":
			r.record.Version = c.Value()
		case "header":
			r.resources(c, scope{place: evidence.LayoutHeader})
		case "layout":
			r.role(c)
		default:
			r.resources(c, scope{place: evidence.LayoutOther})
		}
	}
}

// role reads the layout of one role.
func (r *reader) role(n *xmltree.Node) {
	s := scope{place: evidence.LayoutOther}
	if c := n.Child("role"); c != nil {
		s.role = c.Value()
	}
	if s.role == "" {
		r.gap("a layout without a role", r.at(n.Line, n.Column))
	}
	if !slices.Contains(r.record.Roles, s.role) && s.role != "" && len(r.record.Roles) < maxParameters {
		r.record.Roles = append(r.record.Roles, s.role)
	}
	r.resources(n, s)
}

// resources reads the gadgets and components below an element. The tree is only
// as deep as its reader lets it be.
func (r *reader) resources(n *xmltree.Node, s scope) {
	for _, c := range n.Children {
		inner := s
		switch c.Name {
		case "gadget", "component":
			r.resource(c, s)
			continue
		case "page":
			if s.tab == "" {
				inner.place = evidence.LayoutPage
			}
		case "tab":
			inner.place, inner.column = evidence.LayoutInTab, 0
			r.tab(c, &inner)
			continue
		case "column":
			s.column++
			inner = s
		}
		r.resources(c, inner)
	}
}

func (r *reader) tab(n *xmltree.Node, s *scope) {
	tab := evidence.LayoutTab{Role: s.role, Columns: len(n.All("column")), Gadgets: len(n.All("gadget")), Source: r.at(n.Line, n.Column)}
	if c := n.Child("id"); c != nil {
		tab.ID = c.Value()
	}
	if c := n.Child("label"); c != nil {
		tab.Label = c.Value()
	}
	s.tab = tab.ID
	if len(r.record.Tabs) < maxResources {
		r.record.Tabs = append(r.record.Tabs, tab)
	}
	r.resources(n, *s)
}

// resource reads a gadget, whose text is its address, or a component, which has
// it in a url element.
func (r *reader) resource(n *xmltree.Node, s scope) {
	if len(r.record.Resources) >= maxResources {
		if !r.overflow {
			r.overflow = true
			r.gap(fmt.Sprintf("more than %d gadgets and components; the rest was left out", maxResources), r.at(n.Line, n.Column))
		}
		return
	}
	kind, address := evidence.LayoutGadget, n.Value()
	if n.Name == "component" {
		kind = evidence.LayoutComponent
	}
	if c := n.Child("url"); c != nil {
		address = c.Value()
	}
	x := evidence.LayoutResource{Kind: kind, Role: s.role, Place: s.place, Tab: s.tab, Column: s.column, URL: address, Source: r.at(n.Line, n.Column)}
	x.ID, _ = n.Attribute("id")
	x.ManagedBy, _ = n.Attribute("managedBy")
	hidden, _ := n.Attribute("hidden")
	x.Hidden = strings.EqualFold(strings.TrimSpace(hidden), "true")
	for _, a := range n.Attributes {
		if isExternal(a.Name.Local) {
			x.Parameters = append(x.Parameters, r.parameter(a.Name.Local, a.Value, x.Source))
		}
	}
	switch reason := locate(&x); {
	case address == "":
		r.gap("a "+n.Name+" without an address", x.Source)
	case reason != "":
		r.gap("the address of a "+n.Name+" "+reason, x.Source)
	default:
		r.query(&x)
	}
	r.record.Resources = append(r.record.Resources, x)
}

// locate takes the address of a resource apart, and returns why it could not.
func locate(x *evidence.LayoutResource) string {
	u, err := url.Parse(x.URL)
	if err != nil || u.Opaque != "" {
		return "is no URL"
	}
	if u.User != nil {
		u.User = nil
		x.URL = u.String()
	}
	x.Path = u.Path
	x.JSP = strings.EqualFold(path.Ext(u.Path), ".jsp")
	if u.Host == "" {
		if u.Scheme != "" {
			return "has a scheme and no host"
		}
		x.Relative = true
		return ""
	}
	// An address without a scheme ("//host/x") takes that of the desktop.
	x.Scheme, x.Host, x.Port = u.Scheme, strings.ToLower(u.Hostname()), 443
	if x.Scheme == "" {
		x.Scheme = "https"
	}
	if x.Scheme == "http" {
		x.Port = 80
	}
	if text := u.Port(); text != "" {
		port, err := strconv.Atoi(text)
		if err != nil || port < 1 || port > 65535 {
			return "has a port that is none"
		}
		x.Port, x.HasPort = port, true
	}
	_, err = netip.ParseAddr(x.Host)
	x.IPAddress = err == nil
	x.Short = !x.IPAddress && !strings.Contains(x.Host, ".")
	return ""
}

// query reads the parameters of a resource's address in their order.
func (r *reader) query(x *evidence.LayoutResource) {
	u, err := url.Parse(x.URL)
	if err != nil || u.RawQuery == "" {
		return
	}
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		if len(x.Parameters) == maxParameters {
			r.gap(fmt.Sprintf("an address has more than %d parameters; the rest was left out", maxParameters), x.Source)
			return
		}
		name, value, _ := strings.Cut(pair, "=")
		plainName, err1 := url.QueryUnescape(name)
		plainValue, err2 := url.QueryUnescape(value)
		if err1 != nil || err2 != nil {
			r.gap("a parameter of an address is badly escaped", x.Source)
			plainName, plainValue = name, value
		}
		if plainName != "" {
			x.Parameters = append(x.Parameters, r.parameter(plainName, plainValue, x.Source))
		}
	}
}

func isExternal(name string) bool {
	return strings.HasPrefix(strings.ToLower(name), "externalserverhostandport")
}

var serverForm = regexp.MustCompile(`^(?:[A-Za-z][A-Za-z0-9+.-]*://)?([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::(\d{1,5}))?/?$`)

func (r *reader) parameter(name, value string, source evidence.Source) evidence.LayoutParameter {
	p := evidence.LayoutParameter{Name: name, Value: value, External: isExternal(name), Source: source}
	if !p.External {
		return p
	}
	fault := ""
	if p.Host, p.Port, fault = server(value); fault != "" {
		r.gap("the value of "+name+" "+fault, source)
	}
	return p
}

// server reads a host and perhaps a port, and says what is wrong with them.
func server(text string) (host string, port int, fault string) {
	m := serverForm.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return "", 0, "is no host and port"
	}
	if host = strings.ToLower(m[1]); m[2] == "" {
		return host, 0, ""
	}
	if port, err := strconv.Atoi(m[2]); err == nil && port >= 1 && port <= 65535 {
		return host, port, ""
	}
	return host, 0, "has a port that is none"
}
