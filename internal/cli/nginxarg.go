// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/nginx"
)

// modelledNginx is the release that the model of a request follows; defaults that
// differ between releases are taken from it.
var modelledNginx = nginx.Version{Major: 1, Minor: 22, Patch: 1}

// maxDumpBytes bounds the output of nginx -T.
const maxDumpBytes = 32 << 20

// maxBuildBytes bounds the output of nginx -V.
const maxBuildBytes = 1 << 20

// nginxArg is the configuration that an NGINX argument names.
type nginxArg struct {
	// Config is what nginx makes of Tree. It is whole only when Tree.Errors is empty.
	Config *nginx.Config
	Tree   *nginx.Tree
	// Files is the captured tree from its root; nil for a dump, which holds no other
	// files. Symbolic links do not lead out of it.
	Files fs.FS
	// Prefix is the directory, from the root of Files, that relative names start from.
	Prefix string
	// Version is the release of nginx; zero where its owner does not know it.
	Version nginx.Version
	// Artifacts are the files that were read, as a person can open them.
	Artifacts []string
}

// knownPlaces are where a configuration stands in a captured tree.
var knownPlaces = []string{
	"conf/nginx.conf", "nginx.conf", "etc/nginx/nginx.conf",
	"usr/local/openresty/nginx/conf/nginx.conf", "usr/local/nginx/conf/nginx.conf",
}

// openNginx reads an NGINX argument: a folder (the root of a captured tree, or
// nginx's own folder), in which conf names the configuration or a known place has
// it; a configuration file, which includes only what stands below its folder, or
// below the folder around it if its own is called conf; or the output of nginx -T.
// The error is about the argument itself; lines that could not be read are in
// Tree.Errors.
func openNginx(arg, conf string) (*nginxArg, error) {
	info, err := os.Stat(arg)
	if err != nil {
		return nil, withHint(fmt.Errorf("%s: %w", arg, pathCause(err)), "name a folder, a configuration file or the output of nginx -T")
	}
	if info.IsDir() {
		return openNginxFolder(arg, conf)
	}
	if conf != "" {
		return nil, withHint(fmt.Errorf("--conf %s: %s is no folder", conf, arg), "--conf names the configuration inside a folder")
	}
	text, err := readLimited(arg, maxDumpBytes)
	if err != nil {
		return nil, withHint(err, "name a folder, a configuration file or the output of nginx -T")
	}
	if isDump(string(text)) {
		return openDump(arg, string(text), modelledNginx)
	}
	dir, name := filepath.Split(arg)
	if abs, err := filepath.Abs(dir); err == nil && filepath.Base(abs) == "conf" {
		dir, name = filepath.Join(dir, ".."), filepath.Join("conf", name)
	}
	return openNginxFolder(filepath.Clean(dir), name)
}

// openDeclared reads the configuration of an edge as the collector of an audit does:
// with the prefix and the version that are declared, and none where none is. Names are
// relative to dir.
func openDeclared(dir string, where evidence.NginxLocation) (*nginxArg, error) {
	version, err := declaredVersion(dir, where.Version)
	if err != nil {
		return nil, err
	}
	if where.Root == "" {
		name := filepath.Join(dir, where.Dump)
		text, err := readLimited(name, maxDumpBytes)
		if err != nil {
			return nil, err
		}
		return openDump(name, string(text), version)
	}
	root := filepath.Join(dir, where.Root)
	fsys, err := openTree(root)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", root, pathCause(err))
	}
	return load(root, fsys, path.Clean("/"+where.Prefix), where.Conf, version)
}

// declaredVersion reads a number, or a file with the output of nginx -V.
func declaredVersion(dir, declared string) (nginx.Version, error) {
	switch {
	case declared == "":
		return nginx.Version{}, nil
	case strings.Trim(declared, "0123456789.") == "":
		return nginx.ReadVersion(declared)
	}
	name := filepath.Join(dir, declared)
	text, err := readLimited(name, maxBuildBytes)
	if err != nil {
		return nginx.Version{}, err
	}
	build, err := nginx.ParseVersion(string(text))
	if err != nil {
		return nginx.Version{}, fmt.Errorf("%s: %w", name, err)
	}
	return build.Version, nil
}

func openDump(name, text string, version nginx.Version) (*nginxArg, error) {
	a := &nginxArg{Tree: nginx.ParseDump(name, text), Artifacts: []string{name}, Version: version}
	if len(a.Tree.Files) > 0 {
		a.Prefix = prefixOf(a.Tree.Files[0].Name)
	}
	return a.finish(name)
}

// isDump tells the output of nginx -T from a configuration.
func isDump(text string) bool {
	const mark = "# configuration file "
	return strings.HasPrefix(text, mark) || strings.Contains(text, "\n"+mark)
}

// prefixOf is nginx's prefix, which is not written in the configuration: the folder
// that holds the folder conf, else that of the configuration itself.
func prefixOf(conf string) string {
	dir := path.Dir(path.Clean("/" + conf))
	if path.Base(dir) == "conf" {
		return path.Dir(dir)
	}
	return dir
}

func openNginxFolder(dir, conf string) (*nginxArg, error) {
	fsys, err := openTree(dir)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, pathCause(err))
	}
	if conf == "" {
		if conf, err = findConf(dir, fsys); err != nil {
			return nil, err
		}
	}
	// A name with the folder in front of it, as a shell completes it, is meant too.
	if inside, err := filepath.Rel(dir, conf); err == nil && filepath.IsLocal(inside) {
		if _, err := fs.Stat(fsys, strings.TrimPrefix(filepath.ToSlash(conf), "/")); err != nil {
			conf = inside
		}
	}
	conf = path.Clean("/" + filepath.ToSlash(conf))
	return load(dir, fsys, prefixOf(conf), conf, modelledNginx)
}

// load reads a tree; conf is relative to prefix unless absolute.
func load(dir string, fsys fs.FS, prefix, conf string, version nginx.Version) (*nginxArg, error) {
	a := &nginxArg{Files: fsys, Prefix: prefix, Version: version, Tree: nginx.Load(fsys, prefix, conf)}
	for _, f := range a.Tree.Files {
		a.Artifacts = append(a.Artifacts, filepath.Join(dir, filepath.FromSlash(f.Artifact)))
	}
	return a.finish(filepath.Join(dir, filepath.FromSlash(conf)))
}

// findConf looks for the one configuration of a folder.
func findConf(dir string, fsys fs.FS) (string, error) {
	var found []string
	var first fs.FileInfo
	for _, name := range knownPlaces {
		info, err := fs.Stat(fsys, name)
		if err != nil || !info.Mode().IsRegular() || first != nil && os.SameFile(first, info) {
			continue
		}
		if found = append(found, name); first == nil {
			first = info
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return "", withHint(fmt.Errorf("%s holds no nginx.conf at a known place", dir), "--conf PATH names it, from the folder, such as --conf opt/gate/conf/nginx.conf")
	}
	return "", withHint(fmt.Errorf("%s holds several configurations: %s", dir, strings.Join(found, ", ")), "--conf PATH says which one is meant")
}

func (a *nginxArg) finish(name string) (*nginxArg, error) {
	if a.Tree.Main == nil {
		errs := make([]error, len(a.Tree.Errors))
		hint := ""
		for i, e := range a.Tree.Errors {
			errs[i] = e
			if hint == "" {
				hint = e.Hint
			}
		}
		return nil, withHint(fmt.Errorf("%s: %w", name, errors.Join(errs...)), hint)
	}
	a.Config = nginx.Effective(a.Tree, a.Version)
	return a, nil
}
