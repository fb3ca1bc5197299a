// SPDX-License-Identifier: Apache-2.0

// Package mapgrammar reads the text of the proxy map: lines
// "internal:port=external:port", blank lines, and comments that start with "#".
// The master and the copy of every node are read by it, so that both have the
// same facts.
//
// It is tolerant in that one bad line costs only itself, and strict in that
// whatever is not plainly an entry is a problem with its place. It says nothing
// about the meaning of an entry: whether it is repeated, its port missing or its
// host unknown is for others to decide.
package mapgrammar

import (
	"bytes"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/postern-audit/postern/internal/evidence"
)

// Limits of one map.
const (
	maxEntries   = 200_000
	maxLineBytes = 4096
	maxProblems  = 1000
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// Parse reads a whole map. Target and artifact name where the text belongs. At
// most 200,000 entries and 1,000 problems are kept; entries beyond that number
// are a problem of their own.
func Parse(text []byte, target, artifact string) evidence.ProxyMap {
	at := func(line, column int) evidence.Source {
		return evidence.Source{Artifact: artifact, Line: line, Column: column, Origin: evidence.Origin{Kind: evidence.Explicit}}
	}
	m := evidence.ProxyMap{Target: target, Source: at(1, 1)}
	if bytes.HasPrefix(text, byteOrderMark) {
		m.ByteOrderMark = true
		text = text[len(byteOrderMark):]
	}
	m.CRLF = bytes.Contains(text, []byte("\r\n"))
	m.Entries = make([]evidence.MapEntry, 0, min(maxEntries, bytes.Count(text, []byte("="))))
	rest, more := string(text), true
	var subjects subjectMaker
	for number := 0; more; number++ {
		var line string
		line, rest, more = strings.Cut(rest, "\n")
		line = strings.TrimSuffix(line, "\r")
		if n := len(m.Entries); n < cap(m.Entries) && n < maxEntries {
			if e := &m.Entries[:n+1][n]; plainEntry(line, e) {
				e.Subject, e.Source = subjects.of(e.Internal.Text), at(number+1, 1)
				m.Entries = m.Entries[:n+1]
				continue
			}
		}
		entry, problem := Line(line, at(number+1, 1))
		switch {
		case problem != nil:
			if len(m.Problems) < maxProblems {
				m.Problems = append(m.Problems, *problem)
			}
		case entry != nil:
			if len(m.Entries) == maxEntries {
				m.Problems = append(m.Problems, evidence.MapProblem{
					Kind: evidence.MapTooManyEntries, Message: fmt.Sprintf("more than %d entries; the rest was not read", maxEntries), Source: at(number+1, 1),
				})
				return m
			}
			m.Entries = append(m.Entries, *entry)
		}
	}
	return m
}

// Line reads one line without its line break: it is an entry, or a problem, or,
// with neither, blank or a comment. At is where the line begins; the source of
// what is returned points into the line from there.
func Line(line string, at evidence.Source) (*evidence.MapEntry, *evidence.MapProblem) {
	entry, bad := parseLine(line)
	switch {
	case bad != nil:
		at.Column += bad.column - 1
		return nil, &evidence.MapProblem{Kind: bad.kind, Message: bad.message, Text: printable(line), Source: at}
	case entry != nil:
		at.Column += len(line) - len(strings.TrimLeft(line, " \t"))
		entry.Source = at
	}
	return entry, nil
}

// IsEntry reports whether a line is an entry.
func IsEntry(line string) bool {
	var e evidence.MapEntry
	if plainEntry(line, &e) {
		return true
	}
	entry, _ := parseLine(line)
	return entry != nil
}

type lineProblem struct {
	kind    evidence.MapProblemKind
	column  int
	message string
}

// parseLine reads one line; both results are nil for blank lines and comments.
func parseLine(line string) (*evidence.MapEntry, *lineProblem) {
	bad := func(kind evidence.MapProblemKind, index int, format string, args ...any) (*evidence.MapEntry, *lineProblem) {
		return nil, &lineProblem{kind, index + 1, fmt.Sprintf(format, args...)}
	}
	trimmed := strings.Trim(line, " \t")
	switch {
	case trimmed == "" || trimmed[0] == '#':
		return nil, nil
	case len(line) > maxLineBytes:
		return bad(evidence.MapLineTooLong, 0, "line is %d bytes long, more than %d", len(line), maxLineBytes)
	case !utf8.ValidString(line):
		return bad(evidence.MapNotText, 0, "line is not UTF-8 text")
	}
	if i := strings.IndexFunc(line, func(r rune) bool { return r < 0x20 && r != '\t' || r == 0x7f }); i >= 0 {
		return bad(evidence.MapControlCharacter, i, "control character 0x%02x", line[i])
	}
	if trimmed[0] == '!' {
		return bad(evidence.MapBangComment, strings.IndexByte(line, '!'), "\"!\" starts no comment here; write \"#\"")
	}
	if strings.HasSuffix(trimmed, `\`) {
		return bad(evidence.MapContinuation, strings.LastIndexByte(line, '\\'), "a line is not continued by \"\\\"; each entry stands on one line")
	}
	if i := strings.Index(line, "://"); i >= 0 {
		return bad(evidence.MapScheme, i, "an entry holds host:port, not a URL")
	}
	if i := strings.IndexByte(line, '#'); i >= 0 {
		return bad(evidence.MapTrailingComment, i, "a comment stands on a line of its own; here \"#\" becomes part of the value")
	}
	separator := strings.IndexByte(line, '=')
	if separator < 0 {
		if fields := strings.Fields(trimmed); len(fields) == 2 || strings.Count(trimmed, ":") >= 2 {
			return bad(evidence.MapWrongSeparator, strings.IndexAny(line, ": \t"), "the two sides are separated by \"=\"")
		}
		return bad(evidence.MapNoSeparator, 0, "no \"=\": an entry is internal:port=external:port")
	}
	if second := strings.IndexByte(line[separator+1:], '='); second >= 0 {
		return bad(evidence.MapSecondSeparator, separator+1+second, "a second \"=\" on the line")
	}
	internal, problem := parseEndpoint(line, 0, separator, "internal")
	if problem != nil {
		return nil, problem
	}
	external, problem := parseEndpoint(line, separator+1, len(line), "external")
	if problem != nil {
		return nil, problem
	}
	return &evidence.MapEntry{Subject: evidence.Subject("map", internal.Text), Internal: internal, External: external}, nil
}

// parseEndpoint reads host[:port] in line[from:to].
func parseEndpoint(line string, from, to int, side string) (evidence.Endpoint, *lineProblem) {
	for from < to && (line[from] == ' ' || line[from] == '\t') {
		from++
	}
	text := strings.TrimRight(line[from:to], " \t")
	bad := func(kind evidence.MapProblemKind, index int, format string, args ...any) (evidence.Endpoint, *lineProblem) {
		return evidence.Endpoint{}, &lineProblem{kind, from + index + 1, fmt.Sprintf(format, args...)}
	}
	if text == "" {
		return bad(evidence.MapEmptySide, 0, "the %s side is empty", side)
	}
	if i := strings.IndexAny(text, `/\?`); i >= 0 {
		return bad(evidence.MapPath, i, "the %s side holds a path; want host:port", side)
	}
	e := evidence.Endpoint{Text: text, Host: text}
	if i := strings.IndexByte(text, ':'); i >= 0 {
		e.Host, e.HasPort = text[:i], true
		digits := text[i+1:]
		n, err := strconv.Atoi(digits)
		if err != nil || n < 1 || n > 65535 || digits[0] == '+' || digits[0] == '0' {
			return bad(evidence.MapBadPort, i+1, "port %q of the %s side is no number from 1 to 65535", digits, side)
		}
		e.Port = n
	}
	if strings.HasSuffix(e.Host, ".") {
		return bad(evidence.MapTrailingDot, len(e.Host)-1, "host of the %s side ends in a dot", side)
	}
	if addr, err := netip.ParseAddr(e.Host); err == nil && addr.Is4() {
		e.IPAddress = true
		return e, nil
	}
	if i, why := invalidHost(e.Host); why != "" {
		return bad(evidence.MapBadHost, i, "host %q of the %s side: %s", e.Host, side, why)
	}
	return e, nil
}

// invalidHost says what is wrong with a name and where; it must be fully
// qualified, of letters, digits and hyphens (RFC 952, RFC 1123).
func invalidHost(host string) (int, string) {
	if host == "" {
		return 0, "it is empty"
	}
	if len(host) > 253 {
		return 253, "it is longer than 253 characters"
	}
	if i := strings.IndexFunc(host, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '.'
	}); i >= 0 {
		return i, fmt.Sprintf("it holds %q", []rune(host[i:])[0])
	}
	if !strings.Contains(host, ".") {
		return 0, "it is not fully qualified"
	}
	index := 0
	for _, label := range strings.Split(host, ".") {
		switch {
		case label == "":
			return index, "it has an empty label"
		case len(label) > 63:
			return index, "a label is longer than 63 characters"
		case label[0] == '-' || label[len(label)-1] == '-':
			return index, fmt.Sprintf("label %q starts or ends with a hyphen", label)
		}
		index += len(label) + 1
	}
	if last := host[strings.LastIndexByte(host, '.')+1:]; strings.Trim(last, "0123456789") == "" {
		return 0, "it looks like an address and is none"
	}
	return 0, ""
}

// printable makes a line fit for a report.
func printable(line string) string {
	line = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r == utf8.RuneError {
			return '?'
		}
		return r
	}, line)
	if len(line) > 200 {
		line = strings.ToValidUTF8(line[:200], "") + "..."
	}
	return line
}
