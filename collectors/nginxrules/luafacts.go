// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// Limits of the facts of one script.
const (
	maxLuaNames    = 200
	maxLuaURLs     = 100
	maxLuaSecrets  = 100
	maxLuaPathText = 512
	// maxLuaURLText is how far the end of one address is looked for.
	maxLuaURLText = 4 << 10
)

// luaFacts is what one script tells. The lines of URLs are counted from the first
// line of the script.
type luaFacts struct {
	requires, dictionaries []string
	urls                   []luaURL
	secrets                []luaSecret
	// computed: a module, a dictionary or an address is put together at run time.
	computed bool
	// reason says why the script, or its end, was not read; line is where.
	reason string
	line   int
}

type luaURL struct {
	evidence.LuaURL
	line int
}

type luaSecret struct {
	evidence.LuaSecret
	line int
}

// luaNameText are names that may become a fact; anything else that stands where a
// name belongs is only told of as computed.
var luaNameText = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_./-]{0,199}$`)

// readLua finds the facts of a script. No other text of it is kept.
func readLua(code string) luaFacts {
	var f luaFacts
	tokens, line, reason := luaTokens(code)
	f.line, f.reason = line, reason
	// at pads the ends, so that neighbours can be asked for freely.
	at := func(i int) luaToken {
		if i < 0 || i >= len(tokens) {
			return luaToken{}
		}
		return tokens[i]
	}
	for i, t := range tokens {
		switch {
		case t.kind == luaString:
			f.addresses(t, at(i+1).is(".."))
			f.secret(i, at)
		case t.kind != luaName:
		case t.text == "require":
			f.require(i, at)
		case t.text == "shared" && at(i-1).is(".") && at(i-2).text == "ngx":
			f.dictionary(i, at)
		}
	}
	return f
}

// require reads a call such as require "a", require("a") or pcall(require, "a").
func (f *luaFacts) require(i int, at func(int) luaToken) {
	if at(i-1).is(":") || at(i-1).is(".") && at(i-2).text != "_G" {
		return // the method of something else
	}
	j := i + 1
	called := false
	for at(j).is("(") || j == i+1 && at(j).is(",") {
		called = true
		j++
	}
	name := at(j)
	switch {
	case name.kind != luaString:
		f.computed = f.computed || called
	case at(j + 1).is(".."):
		f.computed = true
	default:
		f.keep(&f.requires, name.text)
	}
}

// dictionary reads ngx.shared.NAME and ngx.shared["NAME"].
func (f *luaFacts) dictionary(i int, at func(int) luaToken) {
	switch {
	case at(i+1).is(".") && at(i+2).kind == luaName:
		f.keep(&f.dictionaries, at(i+2).text)
	case at(i+1).is("[") && at(i+2).kind == luaString && at(i+3).is("]"):
		f.keep(&f.dictionaries, at(i+2).text)
	default:
		f.computed = true
	}
}

// luaMark is what redaction leaves of a literal. In long brackets the last one is
// taken for theirs.
var luaMark = regexp.MustCompile(`^\[redacted:([a-z-]+):([0-9]{1,6})(?::([0-9a-f]{64}))?\]?$`)

// secret keeps a literal that was redacted as a whole, with the name before "=".
func (f *luaFacts) secret(i int, at func(int) luaToken) {
	m := luaMark.FindStringSubmatch(at(i).text)
	switch {
	case m == nil:
		return
	case len(f.secrets) == maxLuaSecrets:
		f.full("secrets")
		return
	}
	found := luaSecret{line: at(i).line}
	found.Mark.Kind, found.Mark.SHA256 = m[1], m[3]
	found.Mark.Length, _ = strconv.Atoi(m[2]) // six digits at most
	name := luaToken{}
	switch {
	case at(i-1).is("=") && at(i-2).kind == luaName:
		name = at(i - 2)
	case at(i-1).is("=") && at(i-2).is("]") && at(i-3).kind == luaString && at(i-4).is("["):
		name = at(i - 3)
	}
	if luaNameText.MatchString(name.text) {
		found.Name = name.text
	}
	f.secrets = append(f.secrets, found)
}

func (f *luaFacts) keep(list *[]string, name string) {
	switch {
	case !luaNameText.MatchString(name):
		f.computed = true
	case slices.Contains(*list, name):
	case len(*list) == maxLuaNames:
		f.full("names")
	default:
		*list = append(*list, name)
	}
}

func (f *luaFacts) full(what string) {
	if f.reason == "" {
		f.reason = "the Lua code holds too many " + what + "; the rest was left out"
	}
}

var (
	// urlStart finds an address inside a literal.
	urlStart = regexp.MustCompile(`(?i)(?:^|[^a-z0-9+.-])(https?)://`)
	// urlHost is a name or an address that stands in full.
	urlHost = regexp.MustCompile(`^(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])$`)
	// urlText ends where a sentence or a tag around the address goes on.
	urlText = regexp.MustCompile(`^[^\s"'<>\\^` + "`" + `{|}]*`)
)

// addresses keeps the http and https addresses of a literal, without what stands
// before an "@", behind a "?" or behind a "#". Extended: more text is joined to
// the literal's end.
func (f *luaFacts) addresses(t luaToken, extended bool) {
	for _, m := range urlStart.FindAllStringSubmatchIndex(t.text, maxLuaURLs+1) {
		if len(f.urls) == maxLuaURLs {
			f.full("addresses")
			return
		}
		rest := urlText.FindString(t.text[m[1]:min(len(t.text), m[1]+maxLuaURLText)])
		behind := t.text[m[1]+len(rest):]
		u := luaURL{line: t.line}
		u.Scheme = strings.ToLower(t.text[m[2]:m[3]])
		u.Computed = behind == "" && extended || strings.HasPrefix(behind, "{") || strings.HasPrefix(behind, "<") || len(rest) == maxLuaURLText
		end := strings.IndexAny(rest, "/?#")
		authority, path := rest, ""
		if end >= 0 {
			authority, path = rest[:end], rest[end:]
		}
		u.read(authority, path)
		f.computed = f.computed || u.Computed
		f.urls = append(f.urls, u)
	}
}

// read splits an address. What is a placeholder of a format or of nginx is not
// the text that is used, and is left out.
func (u *luaURL) read(authority, path string) {
	authority = authority[strings.LastIndexByte(authority, '@')+1:]
	host, port := authority, ""
	if i := strings.LastIndexByte(authority, ':'); i > strings.LastIndexByte(authority, ']') {
		host, port = authority[:i], authority[i+1:]
	}
	switch n, err := strconv.ParseUint(port, 10, 16); {
	case u.Computed && path == "":
		// Host or port go on in what is not known.
		if n > 0 && err == nil {
			u.Port = int(n)
		}
	case err == nil && n > 0:
		u.Port = int(n)
	case port != "" || host != authority:
		u.Computed = true
	case u.Scheme == "https":
		u.Port = 443
	default:
		u.Port = 80
	}
	if urlHost.MatchString(host) {
		u.Host = strings.ToLower(strings.Trim(host, "[]"))
	} else {
		u.Computed = true
		if host == "" {
			u.Port = 0
		}
	}
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		path = path[:i]
	}
	if len(path) > maxLuaPathText || strings.ContainsAny(path, "%$") || strings.ToValidUTF8(path, "") != path {
		// A percent sign may be an escape or a placeholder of a format.
		if clean := strings.IndexAny(path, "%$"); clean >= 0 && clean <= maxLuaPathText {
			path = path[:clean]
		} else {
			path = ""
		}
		u.Computed = true
	}
	u.Path = strings.ToValidUTF8(path, "")
}
