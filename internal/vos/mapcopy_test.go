// SPDX-License-Identifier: Apache-2.0

package vos_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/vos"
)

const showMap = "utils system reverse-proxy show-proxy-config-map"

// mapEntry is a grammar of maps that is good enough for these tests.
func mapEntry(line string) bool {
	internal, external, ok := strings.Cut(strings.TrimSpace(line), "=")
	return ok && mapEndpoint(internal) && mapEndpoint(external)
}

func mapEndpoint(text string) bool {
	host, port, hasPort := strings.Cut(text, ":")
	number := strings.Trim(port, "0123456789") == "" && port != "" && port[0] != '0' && len(port) < 6
	const end = "abcdefghijklmnopqrstuvwxyz"
	return (number || !hasPort) && strings.Trim(host, end+"0123456789-.") == "" && strings.Contains(host, ".") &&
		strings.ContainsAny(host[len(host)-1:], end) && !strings.Contains(host, "..")
}

func TestAMapThatATerminalBrokeHasNoOtherEntries(t *testing.T) {
	entries := []string{
		"finesse-publisher.contact-center.corp.example:8445=desk-a.agents.example:8445", "#CUIC",
		"cuic-publisher.contact-center.corp.example:8444=desk-reports-a.agents.example:8444", "ids.corp.example:8553=desk-a.agents.example:8553",
	}
	truth := map[string]bool{}
	for _, e := range entries {
		truth[e] = true
	}
	for width := 20; width < 100; width++ {
		var lines []string
		for _, e := range entries {
			for len(e) > width {
				lines = append(lines, e[:width])
				e = e[width:]
			}
			lines = append(lines, e)
		}
		got, err := ask(showMap, strings.Join(lines, "\n")).ReadMap(mapEntry)
		if err != nil {
			if width == 80 {
				t.Errorf("at %d columns: %v", width, err)
			}
			continue
		}
		for _, e := range got.Entries {
			if !truth[e.Text] {
				t.Errorf("at %d columns there is %v", width, e)
			}
		}
		if width == 80 && (len(got.Entries) != 3 || len(got.Others) != 0) {
			t.Errorf("at %d columns: %v", width, got)
		}
	}
}

func TestTheLinesOfAMapAreHandedOutAsShown(t *testing.T) {
	const entry = "fin-a.corp.example:8445=desk-a.agents.example:8445"
	for _, c := range []struct{ name, answer, entries, others string }{
		{"an entry", entry, "2:" + entry, ""},
		{"blanks", "  " + entry + " ", "2:  " + entry + " ", ""},
		{"a heading and comments", "Proxy config map:\n# Finesse\n" + entry + "\n#end", "4:" + entry, ""},
		{"a heading behind the first entry", entry + "\nProxy config map:", "2:" + entry, "3:Proxy config map:"},
		{"a line that is no entry", "x y\n" + entry + "\n  z=", "3:" + entry, "2:x y 4:  z="},
		{"a comment that fills the line", "#" + strings.Repeat("-", 79) + "\n" + entry, "3:" + entry, ""},
		{"a line that the next may end", "a.example:1=b.example:8\n445\n" + entry, "4:" + entry, "2:a.example:1=b.example:8 3:445"},
		{"a closing line", entry + "\nCommand successful.", "2:" + entry, ""},
		{"no entry at all", "x=y", "", ""},
		{"none and something else", "No config-uri configured\nx=y", "", ""},
		{"a map and none", entry + "\nNo config-uri configured", "", ""},
	} {
		got, err := ask(showMap, c.answer).ReadMap(mapEntry)
		if (err == nil) != (c.entries != "") {
			t.Errorf("%s: %v", c.name, err)
		}
		if diff := cmp.Diff([]string{c.entries, c.others}, []string{numbered(got.Entries), numbered(got.Others)}); diff != "" {
			t.Errorf("%s:\n%s", c.name, diff)
		}
	}
}

func numbered(lines []vos.Line) string {
	var out []string
	for _, l := range lines {
		out = append(out, fmt.Sprintf("%d:%s", l.Number, l.Text))
	}
	return strings.Join(out, " ")
}

func TestAnAnswerWithoutAMapIsOneOnlyWhenItSaysSo(t *testing.T) {
	for answer, known := range map[string]bool{
		"No config-uri configured": true, "Currently no source is configured": true, "No proxy map available": true, "The map is being loaded": false, "": false, "#only a comment": false,
	} {
		if got, err := ask(showMap, answer).ReadMap(mapEntry); (err == nil) != known || len(got.Entries) != 0 {
			t.Errorf("%q gives %v, %v", answer, got, err)
		}
	}
}

func TestALongMapIsReadWhole(t *testing.T) {
	got, err := ask(showMap, numberedText(20_000, "host-%d.corp.example:1=a.agents.example:1\n")).ReadMap(mapEntry)
	if err != nil || len(got.Entries) != 20_000 || len(got.Others) != 0 {
		t.Errorf("%d entries, %d others, %v", len(got.Entries), len(got.Others), err)
	}
}
