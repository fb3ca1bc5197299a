// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/nginx"
)

// errShipped says that a module is in none of the places that a configuration adds, so
// that it is the one that comes with OpenResty, if it is anywhere.
var errShipped = errors.New("it is in no place of lua_package_path")

// errNotKept says that something is there of which no text is kept.
var errNotKept = errors.New("it is there, and could not be read")

// shippedPlaces are the folders that OpenResty and Lua bring along: what has a name of
// theirs there is what it says.
var shippedPlaces = []string{"/usr/local/openresty/", "/usr/share/lua/5.1/", "/usr/local/share/lua/5.1/", "/usr/lib/lua/5.1/", "/usr/local/lib/lua/5.1/"}

// ownPlaces are folders below those of the vendor that hold what somebody adds.
var ownPlaces = []string{"/usr/local/openresty/nginx/", "/usr/local/openresty/site/"}

// preloaded are modules of LuaJIT, for which no place is looked at.
var preloaded = []string{"bit", "table.new", "table.clear", "string.buffer"}

// coreModules make what scripts know as ngx: nginx requires them when it starts, by the
// same places.
var coreModules = []string{
	"resty.core", "resty.core.base", "resty.core.base64", "resty.core.coroutine", "resty.core.ctx", "resty.core.exit", "resty.core.hash",
	"resty.core.misc", "resty.core.ndk", "resty.core.param", "resty.core.phase", "resty.core.regex", "resty.core.request",
	"resty.core.response", "resty.core.shdict", "resty.core.socket", "resty.core.time", "resty.core.uri", "resty.core.utils",
	"resty.core.var", "resty.core.worker", "resty.lrucache",
}

// ships reports whether OpenResty brings a module of the name.
func ships(name string) bool {
	return slices.Contains(libraries, name) || slices.Contains(coreModules, name) || strings.HasPrefix(name, "ngx.")
}

func (c *Configuration) belowPrefix(name string) string {
	return path.Join("/", c.reader.target.Edge.Nginx.Prefix, name)
}

// module is the text of a module, from the first place of lua_package_path that has it.
// Only a place of which it is known that it has none is passed over: a relative one, one
// that is computed or one of which no file is there may have it.
func (c *Configuration) module(name string) (string, error) {
	places, err := c.places("lua_package_path")
	if err != nil {
		return "", err
	}
	for _, p := range places {
		if p == defaultPlaces {
			break
		}
		code, err := c.candidate(p, name)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return code, err
		}
	}
	return "", fmt.Errorf("the module %q was not read", clip(name))
}

// library looks for a module that OpenResty brings along where the configuration may put
// another one in its place. The error is errShipped where there is none; it is looked for
// behind the default places as well, since these need not have it.
func (c *Configuration) library(name string) (string, error) {
	if slices.Contains(preloaded, name) {
		return "", errShipped
	}
	places, err := c.places("lua_package_path")
	if err != nil {
		return "", err
	}
	for _, p := range places {
		if isShipped(p) {
			if p != defaultPlaces && c.exists(p, name) {
				return "", errShipped
			}
			continue
		}
		if code, err := c.candidate(p, name); err == nil || !errors.Is(err, fs.ErrNotExist) {
			return code, err
		}
	}
	// What is compiled has its own places, also by the name of the module that it is in.
	if places, err = c.places("lua_package_cpath"); err != nil {
		return "", err
	}
	root, _, _ := strings.Cut(name, ".")
	for _, p := range places {
		for _, name := range []string{name, root} {
			switch {
			case isShipped(p):
			case !c.readable(p):
				return "", fmt.Errorf("the module %q was not read: %q may have it", clip(name), clip(p))
			case c.exists(p, name):
				return "", fmt.Errorf("the module %q is compiled: %w", clip(name), errNotKept)
			}
		}
	}
	return "", errShipped
}

// foundation looks whether the configuration brings its own ngx.
func (c *Configuration) foundation() error {
	for _, name := range coreModules {
		switch _, err := c.library(name); {
		case err == nil:
			return fmt.Errorf("%s, which all scripts rest on, is not the one of OpenResty", name)
		case !errors.Is(err, errShipped):
			return err
		}
	}
	return nil
}

// defaultPlaces stands for those that Lua was built with.
const defaultPlaces = ""

// places are those of a search path, as absolute names with a question mark. Relative
// ones are below the folder that nginx was started in, which nobody knows.
func (c *Configuration) places(directive string) (places []string, err error) {
	var paths []nginx.Setting
	for _, h := range c.HTTP {
		paths = append(paths, h.Get(directive)...)
	}
	if len(paths) == 0 {
		return []string{defaultPlaces}, nil
	}
	if len(paths) > 1 {
		return nil, fmt.Errorf("%s is set twice", directive)
	}
	for pattern := range strings.SplitSeq(paths[0].Arg(0), ";") {
		for _, prefix := range [...]string{"$prefix", "${prefix}"} {
			if rest, ok := strings.CutPrefix(pattern, prefix); ok {
				pattern = c.belowPrefix(rest)
			}
		}
		if pattern != defaultPlaces {
			places = append(places, pattern)
		} else if !slices.Contains(places, defaultPlaces) {
			places = append(places, defaultPlaces)
		}
	}
	return places, nil
}

// readable reports whether it can be seen what there is at a place: nobody knows what is
// in a folder of which nothing is there.
func (c *Configuration) readable(place string) bool {
	if !path.IsAbs(place) || strings.Contains(place, "$") || c.reader.scripts == nil {
		return false
	}
	before, _, _ := strings.Cut(place, "?")
	folder := strings.TrimPrefix(path.Dir(path.Clean(before+"x")), "/")
	if folder == "" {
		return true
	}
	info, err := fs.Stat(c.reader.scripts, folder)
	return err == nil && info.IsDir()
}

// exists reports whether a place seems to have a module.
func (c *Configuration) exists(place, name string) bool {
	if !c.readable(place) {
		return false
	}
	_, err := fs.Stat(c.reader.scripts, strings.TrimPrefix(path.Clean(moduleFile(place, name)), "/"))
	return !errors.Is(err, fs.ErrNotExist)
}

func moduleFile(place, name string) string {
	return strings.ReplaceAll(place, "?", strings.ReplaceAll(name, ".", "/"))
}

// candidate is the text of a module at one place.
func (c *Configuration) candidate(place, name string) (string, error) {
	if !c.readable(place) {
		return "", fmt.Errorf("the module %q was not read: %q may have it", clip(name), clip(place))
	}
	code, err := c.script(moduleFile(place, name))
	if err != nil {
		return "", fmt.Errorf("module %q: %w", clip(name), err)
	}
	return code, nil
}

func isShipped(place string) bool {
	below := func(folder string) bool { return strings.HasPrefix(path.Clean(place), folder) }
	return place == defaultPlaces || slices.ContainsFunc(shippedPlaces, below) && !slices.ContainsFunc(ownPlaces, below)
}
