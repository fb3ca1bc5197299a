// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
)

// Effect reads the script of a handler, in the configuration or in a file of the tree.
// Modules are those that are known to authenticate clients, and to do nothing else with
// requests.
//
// No script is run or evaluated. What it can do is told from what it names: all of that
// has to be known, and so has what runs before it when nginx starts.
func (c *Configuration) Effect(s nginx.Setting, modules []string) request.Script {
	code, why := c.code(s)
	if why != "" {
		return request.Script{Why: why}
	}
	first := c.starting(modules)
	r := c.scripts(modules)
	is := r.effect(code)
	if !r.unread && !first.unread {
		digest := sha256.New()
		for _, text := range slices.Concat(first.texts, []string{""}, r.texts) {
			fmt.Fprintf(digest, "%d:%s", len(text), text)
		}
		is.Digest = hex.EncodeToString(digest.Sum(nil))
	}
	if first.why != "" && is.Why == "" {
		return request.Script{Why: "what runs when nginx starts may change it: " + first.why, Digest: is.Digest}
	}
	return is
}

func (c *Configuration) scripts(modules []string) *luaEffect {
	return &luaEffect{authenticators: modules, module: c.module, seen: map[string]bool{}}
}

// starting reads the scripts that nginx runs when it starts. They share everything with
// those that are run for requests.
func (c *Configuration) starting(modules []string) *luaEffect {
	r := c.scripts(modules)
	r.start = true
	for _, h := range c.HTTP {
		for _, s := range h.Own() {
			phase, _, ok := luaPhase(s.Name)
			if !ok || phase != "init" && phase != "init_worker" {
				continue
			}
			code, why := c.code(s)
			if why != "" {
				r.unread = true
				r.open("%s", why)
				continue
			}
			r.read(code)
		}
	}
	return r
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
// is no such file, the error is fs.ErrNotExist.
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
		return "", fmt.Errorf("the Lua file %q was not read", clip(name))
	case strings.HasPrefix(string(text), "\x1bLJ"), strings.HasPrefix(string(text), "[redacted:binary:"):
		return "", fmt.Errorf("the Lua file %q is compiled, no text", clip(name))
	}
	return strings.TrimPrefix(string(text), "\uFEFF"), nil
}

func (c *Configuration) belowPrefix(name string) string {
	return path.Join("/", c.reader.target.Edge.Nginx.Prefix, name)
}

// module is the text of a module, from the first place of lua_package_path that has it.
// Only a place of which it is known that it has none is passed over.
func (c *Configuration) module(name string) (string, error) {
	unread := fmt.Errorf("the module %q was not read", clip(name))
	var paths []nginx.Setting
	for _, h := range c.HTTP {
		paths = append(paths, h.Get("lua_package_path")...)
	}
	if len(paths) != 1 {
		return "", unread
	}
	for pattern := range strings.SplitSeq(paths[0].Arg(0), ";") {
		for _, prefix := range [...]string{"$prefix", "${prefix}"} {
			if rest, ok := strings.CutPrefix(pattern, prefix); ok {
				pattern = c.belowPrefix(rest)
			}
		}
		// An empty one stands for the places that Lua was built with; a relative one is
		// below the folder that nginx was started in.
		if !path.IsAbs(pattern) || strings.Contains(pattern, "$") {
			return "", unread
		}
		code, err := c.script(strings.ReplaceAll(pattern, "?", strings.ReplaceAll(name, ".", "/")))
		switch {
		case err == nil:
			return code, nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", fmt.Errorf("module %q: %w", clip(name), err)
		}
	}
	return "", unread
}
