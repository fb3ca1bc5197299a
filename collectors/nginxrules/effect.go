// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
)

// Effect reads the script of a handler, in the configuration or in a file of the tree.
// Modules are those that are known to authenticate clients, and to do nothing else with
// requests.
//
// No script is run or evaluated. What it can do is told from what it names: all of that
// has to be known, and so has what other scripts may have changed before it runs.
func (c *Configuration) Effect(s nginx.Setting, modules []string) request.Script {
	c.scripts.Lock()
	defer c.scripts.Unlock()
	if !slices.Equal(c.scripts.modules, modules) || c.scripts.known == nil {
		c.scripts.modules, c.scripts.known = slices.Clone(modules), map[*nginx.Directive]request.Script{}
		c.scripts.around = c.around(modules)
	}
	is, ok := c.scripts.known[s.Directive]
	if !ok {
		is = c.effect(s, modules)
		c.scripts.known[s.Directive] = is
	}
	return is
}

// effects keeps what was told of scripts: each is asked for with every request.
type effects struct {
	sync.Mutex
	modules []string
	known   map[*nginx.Directive]request.Script
	around  surroundings
	// variables are the names that the configuration itself gives a value.
	variables map[string]bool
}

// surroundings is what all scripts of a configuration rest on.
type surroundings struct {
	// why says why nothing is known of any script; empty where that is not so.
	why string
	// texts are those that were read, and unread says that there are more.
	texts  []string
	unread bool
}

func (c *Configuration) effect(s nginx.Setting, modules []string) request.Script {
	code, why := c.code(s)
	if why != "" {
		return request.Script{Why: why, Reads: []string{"*"}}
	}
	around := c.scripts.around
	r := c.effectOf(modules, forRequests)
	is := r.effect(code)
	if !r.unread && !around.unread {
		digest := sha256.New()
		for _, text := range slices.Concat(around.texts, []string{""}, r.texts) {
			fmt.Fprintf(digest, "%d:%s", len(text), text)
		}
		is.Digest = hex.EncodeToString(digest.Sum(nil))
	}
	if around.why != "" && is.Why == "" {
		return request.Script{Why: around.why, Digest: is.Digest, Reads: []string{"*"}}
	}
	return is
}

func (c *Configuration) effectOf(modules []string, as luaRole) *luaEffect {
	return &luaEffect{
		authenticators: modules, role: as, module: c.module, library: c.library, defines: c.defines,
		seen: map[string]bool{}, replaced: map[string]bool{}, variables: map[string]bool{},
	}
}

// around reads what all scripts share. What nginx runs when it starts must be known
// altogether; of scripts of other requests only what they change beyond these: they run
// in the same state of Lua, in any order.
func (c *Configuration) around(modules []string) (out surroundings) {
	start, others := c.effectOf(modules, atStart), c.effectOf(modules, forOthers)
	read := map[*nginx.Directive]bool{}
	for s := range handlers(c.Config) {
		if read[s.Directive] {
			continue
		}
		read[s.Directive] = true
		r := others
		if phase, _, _ := luaPhase(s.Name); phase == "init" || phase == "init_worker" {
			r = start
		}
		code, why := c.code(s)
		if why != "" {
			r.unread = true
			r.open("%s", why)
			continue
		}
		r.read(code)
	}
	out.texts, out.unread = start.texts, start.unread
	switch err := c.foundation(); {
	case start.why != "":
		out.why = "what runs when nginx starts may change it: " + start.why
	case others.why != "":
		out.why = "another script may change what all of them share: " + others.why
		out.texts, out.unread = slices.Concat(out.texts, others.texts), out.unread || others.unread
	case err != nil:
		out.why, out.unread = err.Error(), true
	}
	return out
}

// handlers are all scripts that share their state: those of an http block and of what
// stands in it.
func handlers(config *nginx.Config) iter.Seq[nginx.Setting] {
	return func(yield func(nginx.Setting) bool) {
		for _, scope := range scopes(config) {
			for _, s := range scope.Own() {
				if _, _, ok := luaPhase(s.Name); ok && !yield(s) {
					return
				}
			}
		}
	}
}

func scopes(config *nginx.Config) []*nginx.Scope {
	all := slices.Clone(config.HTTP)
	for _, u := range config.Upstreams {
		all = append(all, u.Scope)
	}
	for _, s := range config.Servers {
		all = append(all, s.Scope)
		for _, i := range s.Ifs {
			all = append(all, i.Scope)
		}
		for l := range s.All() {
			all = append(all, l.Scope)
			for _, i := range l.Ifs {
				all = append(all, i.Scope)
			}
			for _, limit := range l.Limits {
				all = append(all, limit.Scope)
			}
		}
	}
	return all
}

// code is the text of a handler's script.
func (c *Configuration) code(s nginx.Setting) (code, why string) {
	_, form, ok := luaPhase(s.Name)
	i := codeArgument(s)
	switch {
	case !ok:
		return "", "it is no Lua handler"
	case form == "_by_lua_block" && (s.Directive.Kind != nginx.Lua || s.Directive.Broken):
		return "", "the Lua code could not be read"
	case form == "_by_lua_block":
		return s.Directive.Body.Raw(), ""
	case i >= len(s.Directive.Args):
		return "", "the Lua code could not be read"
	case form == "_by_lua":
		return s.Directive.Args[i].Value, ""
	case s.Directive.Args[i].HasVariables():
		return "", "the name of the Lua file is computed for each request"
	case c.reader.scripts == nil:
		return "", fmt.Sprintf("the Lua file %q is in no dump; declare nginx.root to have it read", clip(s.Arg(i)))
	}
	code, err := c.script(s.Arg(i))
	if err != nil {
		return "", err.Error()
	}
	return code, ""
}

// script is the text of a file; a relative name is one below nginx's prefix. Where there
// is no such file, the error is fs.ErrNotExist, and errNotKept where there is one.
func (c *Configuration) script(name string) (string, error) {
	if !path.IsAbs(name) {
		name = c.belowPrefix(name)
	}
	inside := strings.TrimPrefix(path.Clean(name), "/")
	if !fs.ValidPath(inside) || c.reader.scripts == nil {
		return "", fmt.Errorf("the Lua file %q was not read", clip(name))
	}
	text, err := evidence.ReadRegular(c.reader.scripts, inside, maxLuaBytes)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("the Lua file %q was not read: %w", clip(name), fs.ErrNotExist)
	case err != nil:
		return "", fmt.Errorf("the Lua file %q was not read: %w", clip(name), errNotKept)
	case strings.HasPrefix(string(text), "\x1bLJ"), strings.HasPrefix(string(text), "[redacted:binary:"):
		return "", fmt.Errorf("the Lua file %q is compiled, no text", clip(name))
	}
	return strings.TrimPrefix(string(text), "\uFEFF"), nil
}
