// SPDX-License-Identifier: Apache-2.0

package mapgrammar_test

import (
	"strings"
	"testing"

	"github.com/postern-audit/postern/collectors/internal/mapgrammar"
	"github.com/postern-audit/postern/internal/evidence"
)

func TestALineIsAnEntryOrANamedProblem(t *testing.T) {
	const good = "fin-a.corp.example:8445=desk-a.agents.example:8445"
	for _, c := range []struct {
		name, line string
		kind       evidence.MapProblemKind
		column     int
	}{
		{"an entry", good, "", 0},
		{"blanks around the separator", "  fin-a.corp.example:8445 =\tdesk-a.agents.example:8445 ", "", 0},
		{"no ports", "fin-a.corp.example=desk-a.agents.example", "", 0},
		{"an address", "192.0.2.1:443=desk-a.agents.example:443", "", 0},
		{"upper case", "FIN-A.Corp.Example:8445=Desk-A.agents.example:8445", "", 0},
		{"no separator", "fin-a.corp.example:8445", evidence.MapNoSeparator, 1},
		{"a blank as separator", "fin-a.corp.example:8445 desk-a.agents.example:8445", evidence.MapWrongSeparator, 19},
		{"a colon as separator", "fin-a.corp.example:8445:desk-a.agents.example:8445", evidence.MapWrongSeparator, 19},
		{"a second separator", good + "=x", evidence.MapSecondSeparator, 51},
		{"a scheme", "https://fin-a.corp.example:8445=desk-a.agents.example:8445", evidence.MapScheme, 6},
		{"a path", "fin-a.corp.example:8445=desk-a.agents.example:8445/desktop", evidence.MapPath, 51},
		{"a trailing dot", "fin-a.corp.example.:8445=desk-a.agents.example:8445", evidence.MapTrailingDot, 19},
		{"a trailing comment", good + " # agents", evidence.MapTrailingComment, 52},
		{"a comment of Java properties", "! comment", evidence.MapBangComment, 1},
		{"a continuation", `fin-a.corp.example:8445=\`, evidence.MapContinuation, 25},
		{"an underscore", "fin_a.corp.example:8445=desk-a.agents.example:8445", evidence.MapBadHost, 4},
		{"an unqualified host", "fin-a:8445=desk-a.agents.example:8445", evidence.MapBadHost, 1},
		{"a label that ends in a hyphen", "fin-.corp.example:8445=desk-a.agents.example:8445", evidence.MapBadHost, 1},
		{"an empty label", "fin..example:8445=desk-a.agents.example:8445", evidence.MapBadHost, 5},
		{"port 0", "fin-a.corp.example:0=desk-a.agents.example:8445", evidence.MapBadPort, 20},
		{"port 65536", "fin-a.corp.example:65536=desk-a.agents.example:8445", evidence.MapBadPort, 20},
		{"a port with a sign", "fin-a.corp.example:+445=desk-a.agents.example:8445", evidence.MapBadPort, 20},
		{"an empty port", "fin-a.corp.example:=desk-a.agents.example:8445", evidence.MapBadPort, 20},
		{"an empty left side", "=desk-a.agents.example:8445", evidence.MapEmptySide, 1},
		{"an empty right side", "fin-a.corp.example:8445=", evidence.MapEmptySide, 25},
		{"a control character", "fin-a.corp.example:8445=\x1b[1mdesk-a.agents.example:8445", evidence.MapControlCharacter, 25},
		{"a NUL byte", "fin-a.corp\x00.example:8445=desk-a.agents.example:8445", evidence.MapControlCharacter, 11},
		{"bytes that are no text", "fin-a.corp.example:8445=\xff\xfe", evidence.MapNotText, 1},
		{"an endless line", strings.Repeat("a", 5000), evidence.MapLineTooLong, 1},
		{"a comment", "# anything = goes : here", "", 0},
		{"a blank line", " \t", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := mapgrammar.Parse([]byte(good+"\n"+c.line+"\n"), "site", "map.txt")
			entry, problem := mapgrammar.Line(c.line, evidence.Source{Line: 9, Column: 11})
			switch {
			case (entry != nil) != mapgrammar.IsEntry(c.line), entry != nil && problem != nil, (problem != nil) != (c.kind != ""):
				t.Errorf("alone: %+v, %+v", entry, problem)
			case problem != nil && (problem.Kind != c.kind || problem.Source.Line != 9 || problem.Source.Column != c.column+10):
				t.Errorf("alone: %+v", problem)
			case entry != nil && entry.Source.Column != 11+len(c.line)-len(strings.TrimLeft(c.line, " ")):
				t.Errorf("alone: %+v", entry)
			}
			if len(m.Entries) == 0 || m.Entries[0].Subject != "map/fin-a.corp.example:8445" {
				t.Fatalf("the first line was lost: %+v", m)
			}
			switch {
			case c.kind == "" && len(m.Problems) > 0:
				t.Errorf("refused: %+v", m.Problems)
			case c.kind != "" && (len(m.Problems) != 1 || m.Problems[0].Kind != c.kind || m.Problems[0].Source.Line != 2 || m.Problems[0].Source.Column != c.column):
				t.Errorf("got %+v, want %s at column %d", m.Problems, c.kind, c.column)
			}
		})
	}
}

func TestTheFormOfTheFileIsANoteOnly(t *testing.T) {
	m := mapgrammar.Parse([]byte("\xef\xbb\xbf#x\r\na.corp.example:1=b.agents.example:2\r\n"), "site", "map.txt")
	if !m.ByteOrderMark || !m.CRLF || len(m.Problems) != 0 || len(m.Entries) != 1 || m.Entries[0].External.Port != 2 || m.Entries[0].Source.Line != 2 {
		t.Errorf("%+v", m)
	}
}

func TestAMapThatIsTooLongIsCutAndSaysSo(t *testing.T) {
	const entry = "a.corp.example:1=b.agents.example:2\n"
	m := mapgrammar.Parse([]byte(strings.Repeat(entry, 200_000)), "site", "map.txt")
	if len(m.Entries) != 200_000 || len(m.Problems) != 0 {
		t.Errorf("%d entries, %d problems", len(m.Entries), len(m.Problems))
	}
	m = mapgrammar.Parse([]byte(strings.Repeat(entry, 200_001)), "site", "map.txt")
	if len(m.Entries) != 200_000 || len(m.Problems) != 1 || m.Problems[0].Kind != evidence.MapTooManyEntries || m.Problems[0].Source.Line != 200_001 {
		t.Errorf("%d entries, problems %+v", len(m.Entries), m.Problems)
	}
	m = mapgrammar.Parse([]byte(strings.Repeat("x\n", 2000)+entry), "site", "map.txt")
	if len(m.Problems) != 1000 || len(m.Entries) != 1 {
		t.Errorf("%d entries, %d problems", len(m.Entries), len(m.Problems))
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("a.corp.example:1=b.agents.example:2\n"))
	f.Add([]byte("\xef\xbb\xbf!\\\r\n=:=\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, e := range mapgrammar.Parse(text, "site", "x").Entries {
			for _, side := range []evidence.Endpoint{e.Internal, e.External} {
				if side.Host == "" || strings.ContainsAny(side.Host, "=:/# \t\\") || side.HasPort && (side.Port < 1 || side.Port > 65535) {
					t.Errorf("entry %+v", e)
				}
			}
		}
	})
}
