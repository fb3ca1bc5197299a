// SPDX-License-Identifier: Apache-2.0

package nginx

import "strings"

// NameKind tells how a server name is matched.
type NameKind uint8

// The kinds of server name, in nginx's order of preference except for the last two.
const (
	NameExact    NameKind = iota
	NameLeading           // *.example.com
	NameTrailing          // www.example.*
	NameRegex             // ~^www\d+\.example\.com$
	NameDot               // .example.com: the name and every name below it
	NameEmpty             // "": requests without a host; also when no server_name is given
	NameCatchAll          // "_": a name that no request has, by custom the mark of a default server
)

func (k NameKind) String() string {
	return [...]string{"exact", "leading wildcard", "trailing wildcard", "regex", "dot", "empty", "catch-all"}[k]
}

// ServerName is one name of a server.
type ServerName struct {
	Pos          Pos    // zero when no server_name is given
	Value        string // as nginx compares it: lower case; a regex without its "~"
	Raw          string // decoded argument
	Kind         NameKind
	HasVariables bool // $hostname
}

func parseServerName(a Arg) ServerName {
	n := ServerName{Pos: a.Pos(), Raw: a.Value, Value: strings.ToLower(a.Value)}
	v := a.Value
	switch {
	case v == "":
		n.Kind = NameEmpty
	case v == "_":
		n.Kind = NameCatchAll
	case v[0] == '~':
		// A regex is compiled as written; its case does not matter to nginx.
		n.Kind, n.Value = NameRegex, v[1:]
		return n
	case v[0] == '.':
		n.Kind = NameDot
	case strings.HasPrefix(v, "*."):
		n.Kind = NameLeading
	case strings.HasSuffix(v, ".*"):
		n.Kind = NameTrailing
	}
	n.HasVariables = v == "$hostname"
	return n
}

// Modifier is how a location matches.
type Modifier uint8

// The modifiers.
const (
	Prefix        Modifier = iota // no modifier
	PrefixFinal                   // ^~: a prefix after which no regex is tried
	Exact                         // =
	Regex                         // ~
	RegexCaseless                 // ~*
	Named                         // @name, for internal redirects only
)

func (m Modifier) String() string {
	return [...]string{"", "^~", "=", "~", "~*", "@"}[m]
}

// parseLocation reads the words of a location. The modifier may be joined to the
// path; the name of a named location keeps its "@".
func parseLocation(d *Directive) (m Modifier, path string, ok bool) {
	switch len(d.Args) {
	case 2:
		path = d.Arg(1)
		switch d.Arg(0) {
		case "=":
			return Exact, path, true
		case "^~":
			return PrefixFinal, path, true
		case "~":
			return Regex, path, true
		case "~*":
			return RegexCaseless, path, true
		}
		return Prefix, path, false
	case 1:
		path = d.Arg(0)
		for _, joined := range []struct {
			text string
			mod  Modifier
		}{{"=", Exact}, {"^~", PrefixFinal}, {"~*", RegexCaseless}, {"~", Regex}} {
			if rest, found := strings.CutPrefix(path, joined.text); found {
				return joined.mod, rest, true
			}
		}
		if strings.HasPrefix(path, "@") {
			return Named, path, true
		}
		return Prefix, path, true
	}
	return Prefix, "", false
}
