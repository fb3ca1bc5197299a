// SPDX-License-Identifier: Apache-2.0

// Package nginx reads the configuration of nginx and OpenResty.
//
// It has two layers.
//
// Syntax: [Load] reads a main file and its includes from a file system, and
// [ParseDump] reads the output of "nginx -T"; both give a [Tree]. Words are cut
// by the quoting rules of nginx itself, the bodies of Lua blocks are skipped
// with knowledge of Lua's strings and comments, and every node knows its file,
// its byte span, its line and its column.
//
// Meaning: [Effective] turns a Tree into a [Config]: servers, locations,
// upstreams, maps, and for every block the value of each directive with its
// origin: set here, inherited, default of a named range of versions, or
// unresolved.
//
// The promise: nothing is lost in silence. A line that cannot be read costs that
// line and is listed in Tree.Errors; a construct that is read but not modelled
// is listed in Config.Notes. Hostile input cannot make the package panic, recurse
// without bound or use unbounded memory; each limit that is hit is an Error.
//
// What the two layers say is compared with a real nginx in the tests: accepted
// and refused text, decoded words, the order of included files, the contexts of
// directives, and the answers of randomly nested servers and locations.
//
// The limits: values with variables stay text; Lua and embedded Perl are not
// run; nginx's own limit on words and comments (4096 bytes) is not imitated; the
// arguments of directives are judged only where they are modelled. Of stream
// blocks servers, upstreams and maps are read, with few defaults; mail is not
// modelled. Defaults are those of a plain build from 1.19.0 to 1.30: what a build
// option changes, such as the place of a log, has no default here.
package nginx
