// SPDX-License-Identifier: Apache-2.0

package layout

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strings"

	"github.com/postern-audit/postern/collectors/internal/xmltree"
	"github.com/postern-audit/postern/internal/evidence"
)

// Limits of the specifications of gadgets.
const (
	maxGadgetFiles = 500
	maxGadgetBytes = 1 << 20
	maxGadgetItems = 200 // of one kind in one file
	maxGadgetGaps  = 100
)

// finesseScript is the library that a gadget must have from its own Finesse.
const finesseScript = "/desktop/assets/js/finesse.min.js"

// gadgets reads the specifications that the site file declares.
type gadgets struct {
	target evidence.Target
	files  []evidence.GadgetFile
	gaps   []evidence.Gap
	over   bool
}

func (g *gadgets) gap(reason string, source evidence.Source) {
	switch {
	case len(g.gaps) > maxGadgetGaps:
		return
	case len(g.gaps) == maxGadgetGaps:
		reason = "more of the gadgets could not be read; it is not listed"
	}
	g.gaps = append(g.gaps, g.target.PartGap("layout", "gadget_files", strings.ToValidUTF8(reason, "\uFFFD"), source))
}

func (g *gadgets) read() {
	if len(g.target.Site.Gadgets) == 0 && g.target.Site.Layout != "" {
		g.gap("the site declares no gadgets: what their specifications hold is not known", g.target.Site.DeclaredSource)
	}
	for _, name := range g.target.Site.Gadgets {
		if tree, err := g.target.Files.Tree(name); err == nil {
			if _, err := fs.Stat(tree, "."); err == nil {
				g.folder(tree, name)
				continue
			}
		}
		art, err := g.target.Files.Read(name, maxGadgetBytes)
		if err != nil {
			g.gap(err.Error(), g.target.Site.DeclaredSource)
			continue
		}
		g.file(art.Path, path.Base(art.Path), art.Text)
	}
}

// folder reads all XML files below a folder, and leaves the rest alone.
func (g *gadgets) folder(tree fs.FS, folder string) {
	before := len(g.files)
	folder = path.Clean(folder)
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		full := path.Join(folder, name)
		switch {
		case err != nil:
			g.gap(fmt.Sprintf("%s: %v", full, err), g.target.Site.DeclaredSource)
			return nil
		case d.IsDir() || !strings.EqualFold(path.Ext(name), ".xml"):
			return nil
		case g.over:
			return fs.SkipAll
		}
		text, err := evidence.ReadRegular(tree, name, maxGadgetBytes)
		var p *fs.PathError
		if errors.As(err, &p) {
			err = p.Err
		}
		if err != nil {
			g.gap(fmt.Sprintf("%s: %v", full, err), g.target.Site.DeclaredSource)
			return nil
		}
		g.file(full, name, text)
		return nil
	})
	if err != nil {
		g.gap(fmt.Sprintf("%s: %v", folder, err), g.target.Site.DeclaredSource)
	}
	if len(g.files) == before && len(g.gaps) == 0 {
		g.gap(folder+": no specification of a gadget in the folder", g.target.Site.DeclaredSource)
	}
}

func (g *gadgets) file(artifact, name string, text []byte) {
	at := func(line, column int) evidence.Source {
		return evidence.Source{Artifact: artifact, Line: line, Column: column, Origin: evidence.Origin{Kind: evidence.Explicit}}
	}
	if len(g.files) == maxGadgetFiles {
		if !g.over {
			g.over = true
			g.gap(fmt.Sprintf("more than %d specifications of gadgets; the rest was left out", maxGadgetFiles), at(1, 1))
		}
		return
	}
	tree, problems := xmltree.Read(text, maxGadgetBytes)
	for _, p := range problems {
		g.gap(artifact+": "+p.Message, at(p.Line, p.Column))
	}
	var preferences *xmltree.Node
	modules := tree.All("Module")
	for _, m := range modules {
		preferences = m.Child("ModulePrefs")
	}
	if len(modules) != 1 || preferences == nil {
		g.gap(artifact+": is no specification of one gadget", at(1, 1))
		return
	}
	s := &specification{gadgets: g, at: at, artifact: artifact}
	s.fact = evidence.GadgetFile{Name: name, Source: at(preferences.Line, preferences.Column)}
	s.fact.Title, _ = preferences.Attribute("title")
	s.features(preferences)
	s.preferences(modules[0])
	s.contents(modules[0])
	s.fact.ExcludesFinesseScript = s.excludes()
	g.files = append(g.files, s.fact)
}

// specification is one file while it is read.
type specification struct {
	*gadgets
	at       func(line, column int) evidence.Source
	artifact string
	fact     evidence.GadgetFile
}

// room reports whether a list may grow, and leaves a gap when it may not.
func (s *specification) room(length int, n *xmltree.Node) bool {
	if length < maxGadgetItems {
		return true
	}
	if length == maxGadgetItems {
		s.gap(fmt.Sprintf("%s: more than %d elements of one kind; the rest was left out", s.artifact, maxGadgetItems), s.at(n.Line, n.Column))
	}
	return false
}

func (s *specification) features(n *xmltree.Node) {
	for _, c := range n.Children {
		if c.Name != "Require" && c.Name != "Optional" {
			continue
		}
		if !s.room(len(s.fact.Features), c) {
			return
		}
		name, _ := c.Attribute("feature")
		s.fact.Features = append(s.fact.Features, evidence.GadgetFeature{Name: name, Required: c.Name == "Require", Source: s.at(c.Line, c.Column)})
		if name != "content-rewrite" {
			continue
		}
		s.fact.Rewrites = true
		for _, p := range c.Children {
			parameter, _ := p.Attribute("name")
			value := strings.TrimSpace(p.Value())
			switch strings.TrimSuffix(strings.ToLower(parameter), "s") {
			case "include-url":
				if s.room(len(s.fact.Includes), p) {
					s.fact.Includes = append(s.fact.Includes, value)
				}
			case "exclude-url":
				if s.room(len(s.fact.Excludes), p) {
					s.fact.Excludes = append(s.fact.Excludes, value)
				}
			}
		}
	}
}

func (s *specification) preferences(module *xmltree.Node) {
	for _, c := range module.Children {
		if c.Name != "UserPref" {
			continue
		}
		if !s.room(len(s.fact.Preferences), c) {
			return
		}
		p := evidence.GadgetPreference{Source: s.at(c.Line, c.Column)}
		p.Name, _ = c.Attribute("name")
		p.Type, _ = c.Attribute("datatype")
		p.Default, _ = c.Attribute("default_value")
		required, _ := c.Attribute("required")
		p.Required = strings.EqualFold(required, "true")
		if p.External = isExternal(p.Name); p.External && p.Default != "" {
			host, port, fault := server(p.Default)
			if p.Host, p.Port = host, port; fault != "" {
				s.gap(fmt.Sprintf("%s: the default of %s %s", s.artifact, p.Name, fault), p.Source)
			}
		}
		s.fact.Preferences = append(s.fact.Preferences, p)
	}
}

var scriptSource = regexp.MustCompile(`(?is)<script\b[^>]*?\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))`)

func (s *specification) contents(module *xmltree.Node) {
	for _, c := range module.Children {
		if c.Name != "Content" {
			continue
		}
		source := s.at(c.Line, c.Column)
		if href, ok := c.Attribute("href"); ok && href != "" && s.room(len(s.fact.Views), c) {
			s.fact.Views = append(s.fact.Views, s.address(href, source))
		}
		for _, m := range scriptSource.FindAllSubmatchIndex(c.Text, -1) {
			if !s.room(len(s.fact.Scripts), c) {
				return
			}
			source := source
			if c.TextBreaks {
				source.Line, source.Column = c.TextLine+bytes.Count(c.Text[:m[0]], []byte("\n")), 1
			}
			for _, group := range [...]int{2, 4, 6} {
				if m[group] >= 0 {
					s.fact.Scripts = append(s.fact.Scripts, s.address(string(c.Text[m[group]:m[group+1]]), source))
				}
			}
		}
	}
}

// address takes an address apart. One that is no URL keeps its text alone.
func (s *specification) address(text string, source evidence.Source) evidence.GadgetAddress {
	text = strings.TrimSpace(text)
	a := evidence.GadgetAddress{URL: text, Source: source}
	u, err := url.Parse(text)
	if err != nil {
		s.gap(s.artifact+": an address is no URL", source)
		return a
	}
	if u.User != nil {
		u.User = nil
		a.URL = u.String()
	}
	a.Scheme, a.Host, a.Path = u.Scheme, strings.ToLower(u.Hostname()), u.Path
	return a
}

// excludes tells whether finesse.min.js is kept from being rewritten. A pattern
// is an expression that is searched in the address; one that cannot be read may
// be anything.
func (s *specification) excludes() evidence.Optional[bool] {
	addresses := []string{finesseScript}
	for _, script := range s.fact.Scripts {
		if strings.EqualFold(path.Base(script.Path), path.Base(finesseScript)) {
			addresses = append(addresses, script.URL)
		}
	}
	open := false
	for _, pattern := range s.fact.Excludes {
		re, err := regexp.Compile("(?i)" + pattern)
		if err != nil {
			open = true
			continue
		}
		for _, address := range addresses {
			if pattern != "" && re.MatchString(address) {
				return evidence.Known(true, evidence.Explicit)
			}
		}
	}
	if open {
		return evidence.Optional[bool]{Origin: evidence.Origin{Kind: evidence.Unresolved}}
	}
	return evidence.Known(false, evidence.Explicit)
}
