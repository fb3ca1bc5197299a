// SPDX-License-Identifier: Apache-2.0

package nginx

import "slices"

// Context is the kind of block in which a directive stands.
type Context uint16

// The contexts. They are bits so that a directive can name several.
const (
	Main Context = 1 << iota
	HTTP
	InServer
	InLocation
	IfInServer
	IfInLocation
	LimitExcept
	InUpstream
	Stream
	StreamServer
	Events
)

func (c Context) String() string {
	switch c {
	case Main:
		return "main"
	case HTTP:
		return "http"
	case InServer:
		return "server"
	case InLocation:
		return "location"
	case IfInServer:
		return "if in server"
	case IfInLocation:
		return "if in location"
	case LimitExcept:
		return "limit_except"
	case InUpstream:
		return "upstream"
	case Stream:
		return "stream"
	case StreamServer:
		return "stream server"
	case Events:
		return "events"
	}
	return "several contexts"
}

// Origin tells how a setting came about.
type Origin uint8

// The origins.
const (
	Explicit   Origin = iota // set in this very block
	Inherited                // set in an outer block and not overridden
	Default                  // set nowhere; nginx's default for the versions named
	Unresolved               // set nowhere, and the default depends on a version that is not known
)

func (o Origin) String() string {
	return [...]string{"explicit", "inherited", "default", "unresolved"}[o]
}

// Setting is one directive in effect in a block.
type Setting struct {
	Name string
	// Args are the decoded arguments; variables stay text. For Default they are
	// the default value, for Unresolved they are empty.
	Args   []string
	Origin Origin
	// From is where it is set; zero for Default and Unresolved.
	From    Pos
	Context Context // the kind of block in which it is set
	// Version names the versions for which a default holds, such as "1.27.3 to
	// 1.30"; for Unresolved it lists what would hold when. Else it is empty.
	Version string
	// Known is false for a directive that this package has no entry for; such a
	// directive is never inherited, since the rule is not known either.
	Known        bool
	HasVariables bool
	Directive    *Directive // nil for Default and Unresolved
}

// Arg is the i-th argument (0-based), empty when there is none.
func (s Setting) Arg(i int) string {
	if i < 0 || i >= len(s.Args) {
		return ""
	}
	return s.Args[i]
}

// Scope is one block with its place in the chain of blocks that it inherits from.
type Scope struct {
	Context   Context
	Parent    *Scope     // nil for the main context
	Directive *Directive // the block itself; nil for the main context
	Pos       Pos

	own     []*Directive
	bySlot  map[string][]*Directive
	version Version
}

func newScope(c Context, parent *Scope, d *Directive, v Version) *Scope {
	s := &Scope{Context: c, Parent: parent, Directive: d, version: v, bySlot: map[string][]*Directive{}}
	if d != nil {
		s.Pos = d.Pos()
	}
	return s
}

func (s *Scope) add(d *Directive) {
	s.own = append(s.own, d)
	slot := slotOf(d.Name)
	s.bySlot[slot] = append(s.bySlot[slot], d)
}

// Own are the settings written in this block, in order, unknown ones included.
func (s *Scope) Own() []Setting {
	out := make([]Setting, len(s.own))
	for i, d := range s.own {
		out[i] = s.setting(d, s)
	}
	return out
}

// Get returns what is in effect in this block for the named directives, in the
// order in which nginx keeps them. The result is empty when nothing is set and
// nginx has no default either, or none that one directive could express (such as
// the two headers that proxy_set_header adds by itself).
//
// Several settings of one name add up: each add_header, but also a second
// ssl_protocols or gzip_types in one block. Directives that compete, such as
// allow and deny or root and alias, are inherited as one, so that a list of
// access rules is Get("allow", "deny"). The settings of an upstream and of the
// rewrite phase are those of the block itself; the order of rewrite, set, return
// and if is that of Directive.Children.
func (s *Scope) Get(names ...string) []Setting {
	var out []Setting
	var slots []string
	for _, name := range names {
		slot := slotOf(name)
		if slices.Contains(slots, slot) {
			continue
		}
		slots = append(slots, slot)
		found := s.inEffect(slot, specOf(name))
		for _, f := range found {
			if slices.Contains(names, f.dir.Name) {
				out = append(out, s.setting(f.dir, f.scope))
			}
		}
		if len(found) == 0 {
			for _, n := range names {
				if slotOf(n) == slot {
					if def, ok := s.defaultOf(n); ok {
						out = append(out, def)
					}
				}
			}
		}
	}
	return out
}

// Settings is everything in effect in this block: explicit, inherited and
// default, ordered by name and then as nginx keeps them.
func (s *Scope) Settings() []Setting {
	seen := map[string]bool{}
	var names []string
	note := func(name string) {
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	for sc := s; sc != nil; sc = sc.Parent {
		for _, d := range sc.own {
			if sc == s || specOf(d.Name).contexts != 0 {
				note(d.Name)
			}
		}
	}
	for name, sp := range specs {
		if len(sp.defaults) > 0 {
			note(name)
		}
	}
	slices.Sort(names)
	var out []Setting
	for _, n := range names {
		out = append(out, s.Get(n)...)
	}
	return out
}

type found struct {
	dir   *Directive
	scope *Scope
}

// inEffect applies nginx's merge rules from s outwards. It recurses as deep as
// blocks nest.
func (s *Scope) inEffect(slot string, sp spec) []found {
	var own []found
	for _, d := range s.bySlot[slot] {
		own = append(own, found{d, s})
	}
	// An if in a server holds rewrite actions only, and the settings of an upstream
	// are its own even where they share a name with one of http.
	if s.Parent == nil || sp.contexts == 0 || s.Context&(IfInServer|InUpstream) != 0 {
		return own
	}
	mode := sp.merge
	if sp.inheritBy != "" {
		// add_header_inherit and its kin change the rule from 1.29.3 on.
		switch in := s.inEffect(sp.inheritBy, specOf(sp.inheritBy)); {
		case len(in) == 0:
		case in[0].dir.Arg(0) == "merge":
			mode = cumulate
		case in[0].dir.Arg(0) == "off":
			mode = notInherited
		}
	}
	switch mode {
	case notInherited:
		return own
	case handler:
		// The content handler of a location stays in force in its nameless blocks.
		if s.Context != IfInLocation && s.Context != LimitExcept || len(own) > 0 {
			return own
		}
	case cumulate:
		return append(s.Parent.inEffect(slot, sp), own...)
	default:
		if len(own) > 0 {
			return own
		}
	}
	return s.Parent.inEffect(slot, sp)
}

func (s *Scope) setting(d *Directive, from *Scope) Setting {
	out := Setting{
		Name: d.Name, Args: d.Values(), Origin: Explicit, From: d.Pos(), Context: from.Context,
		Known: specOf(d.Name).contexts != 0, Directive: d,
	}
	if from != s {
		out.Origin = Inherited
	}
	for _, a := range d.Args {
		if a.HasVariables() {
			out.HasVariables = true
			break
		}
	}
	return out
}

// defaultOf is the default of a directive that no block sets.
func (s *Scope) defaultOf(name string) (Setting, bool) {
	sp := specOf(name)
	// The settings of an upstream share names with those of http, not defaults.
	if s.Context == InUpstream && sp.contexts != InUpstream {
		return Setting{}, false
	}
	// A default is a property of every block at or below one where the directive
	// may stand, which the stream module does not share.
	if len(sp.defaults) == 0 || s.Context&(Main|Stream|StreamServer|IfInServer|InUpstream|Events) != 0 && sp.contexts&s.Context == 0 {
		return Setting{}, false
	}
	if sp.merge == notInherited && sp.contexts&s.Context == 0 {
		return Setting{}, false
	}
	out := Setting{Name: name, Known: true, Origin: Default, Context: s.Context}
	ranges := sp.defaults
	if !s.version.IsZero() {
		if s.version.Compare(ranges[0].since) < 0 && ranges[0].since != firstVersion {
			return Setting{}, false // the directive did not exist yet
		}
		if !sp.gone.IsZero() && s.version.Compare(sp.gone) >= 0 {
			return Setting{}, false // the directive does not exist any more
		}
		if s.version.Compare(firstVersion) < 0 || s.version.Compare(endVersion) >= 0 {
			out.Origin, out.Version = Unresolved, "defaults are known from "+firstVersion.String()+" to "+lastRelease
			return out, true
		}
		for i := len(ranges) - 1; i >= 0; i-- {
			if s.version.Compare(ranges[i].since) >= 0 {
				out.Args, out.Version = slices.Clone(ranges[i].args), sp.span(i)
				return out, true
			}
		}
	}
	if len(ranges) == 1 {
		out.Args, out.Version = slices.Clone(ranges[0].args), sp.span(0)
		return out, true
	}
	out.Origin = Unresolved
	for i, r := range ranges {
		if i > 0 {
			out.Version += "; "
		}
		out.Version += sp.span(i) + ":"
		for _, a := range r.args {
			out.Version += " " + a
		}
	}
	return out, true
}
