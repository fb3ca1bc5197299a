// SPDX-License-Identifier: Apache-2.0

package vos_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/vos"
)

func items(t *testing.T, text string, c vos.ListCommand) ([]string, error) {
	t.Helper()
	got, err := vos.Parse([]byte(text)).ReadList(c)
	var out []string
	for _, i := range got.Items {
		out = append(out, i.Value)
	}
	return out, err
}

func TestDocumentedListsAreReadExactly(t *testing.T) {
	for _, c := range []struct {
		name, text string
		command    vos.ListCommand
		want       []string
	}{
		{
			"allowed hosts, with the odd first line that documents show",
			"admin:utils system reverse-proxy allowed-hosts list\nSource desk-a.agents.example successfully added list\nThe following source(s) are configured:\n1. 192.0.2.10\n2. desk-a.agents.example\nadmin:",
			vos.AllowedHosts(),
			[]string{"192.0.2.10", "desk-a.agents.example"},
		},
		{
			"no config-uri",
			"admin:utils system reverse-proxy config-uri list\nCurrently no source is configured\nadmin:",
			vos.ConfigURIs(),
			nil,
		},
		{
			"the three ways of numbering",
			"admin:utils system reverse-proxy allowed-hosts list\r\nThe following source(s) are configured:\r\n\r\n 1) 192.0.2.1\r\n2: 192.0.2.2\r\n 3. 192.0.2.3\r\nadmin:\r\n",
			vos.AllowedHosts(),
			[]string{"192.0.2.1", "192.0.2.2", "192.0.2.3"},
		},
		{
			"frame list, with the blank that documents print in the command",
			"admin:utils finesse frame_access_ allowed_list list\nThe following source(s) are configured in the frame access list:\n1: https://portal.example:8445\nadmin:",
			vos.FrameList("frame_access_allowed_list"),
			[]string{"https://portal.example:8445"},
		},
		{
			"no origins",
			"admin:utils finesse cors allowed_origin list\nCurrently no origins are configured in allowed origins.\nadmin:",
			vos.CORSList("finesse", "allowed_origin"),
			nil,
		},
		{
			"terminal colours, pager and no-break blanks",
			"admin:utils cuic cors allowed_origin list\n\x1b[1mThe following origins are configured:\x1b[0m\n1:\u00a0https://a.example\noptions: q=quit, n=next, p=prev, b=begin, e=end (lines 1 - 2 of 2) :\n2: https://b.example\nadmin:",
			vos.CORSList("cuic", "allowed_origin"),
			[]string{"https://a.example", "https://b.example"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := items(t, c.text, c.command)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestStatusIsReadInItsKnownFormsOnly(t *testing.T) {
	for _, c := range []struct {
		name, answer string
		command      vos.StatusCommand
		want         string
	}{
		{"client-auth off", "SSL certificate verification for connections established from reverse proxy hosts is disabled", vos.ClientAuth(), "disabled"},
		{"client-auth on", "SSL certificate verification for connections established from reverse proxy hosts is enabled", vos.ClientAuth(), "enabled"},
		{"client-auth paraphrased", "Client authentication: on", vos.ClientAuth(), ""},
		{"one minute", "1 minute", vos.UpdateFrequency(), "1"},
		{"five minutes", "5 minutes", vos.UpdateFrequency(), "5"},
		{"no map", "No config-uri configured", vos.UpdateFrequency(), "none"},
		{"CORS enabled", "Cisco Finesse CORS is enabled now.", vos.CORSStatus("finesse"), "enabled"},
		{"CORS for all", "Cisco Finesse CORS is enabled for all.", vos.CORSStatus("finesse"), "enable_all"},
		{"CORS disabled", "CORS is disabled", vos.CORSStatus("finesse"), "disabled"},
		{"CORS, something else", "CORS is enabled except on Sundays when it rests", vos.CORSStatus("finesse"), ""},
		{"CORS, a contradiction", "CORS is enabled\nCORS is disabled", vos.CORSStatus("finesse"), ""},
		{"TLS minimum", "The server tls min-version is set to 1.2\nCommand successful", vos.TLSMinimum("server"), "1.2"},
		{"a refused command", "No valid command entered", vos.ClientAuth(), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := vos.Parse([]byte("admin:" + c.command.Commands[0] + "\n" + c.answer + "\nadmin:")).ReadStatus(c.command)
			if (err != nil) != (c.want == "") || got.Text != c.want {
				t.Errorf("got %q, %v; want %q", got.Text, err, c.want)
			}
		})
	}
}

func TestWhatIsNotCertainGivesNoFact(t *testing.T) {
	list := "utils system reverse-proxy allowed-hosts list\nThe following source(s) are configured:\n1. 192.0.2.1\n"
	for _, c := range []struct{ name, text, reason string }{
		{"no such command", "admin:show myself\nx\nadmin:", "does not hold"},
		{"the end is cut off", "admin:" + list, "ends inside"},
		{"changed afterwards", "admin:" + list + "admin:utils system reverse-proxy allowed-hosts add 192.0.2.9\nSource 192.0.2.9 successfully added\nadmin:", "runs later"},
		{"paraphrased", "admin:utils system reverse-proxy allowed-hosts list\nHosts: 192.0.2.1\nadmin:", "unknown answer"},
		{"an item that is none", "admin:" + list + "2. rm -rf /\nadmin:", "no item"},
		{"no answer", "admin:utils system reverse-proxy allowed-hosts list\nadmin:", "none of the known forms"},
		{"text between the items", "admin:" + list + "Warning: something\nadmin:", "unknown answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := items(t, c.text, vos.AllowedHosts())
			if err == nil || !strings.Contains(err.Error(), c.reason) {
				t.Errorf("got %v, %v; want an error with %q", got, err, c.reason)
			}
		})
	}
}

func TestAListThatWasQuitInThePagerIsNotComplete(t *testing.T) {
	const head = "admin:utils system reverse-proxy allowed-hosts list\nThe following source(s) are configured:\n1. 192.0.2.1\n"
	const options = "options: q=quit, n=next, p=prev, b=begin, e=end "
	for _, c := range []struct {
		name, rest string
		complete   bool
	}{
		{"quit half-way", options + "(lines 1 - 2 of 9) :\nadmin:", false},
		{"quit half-way, with the key and an empty line", options + "(lines 1 - 2 of 9) : q\n\nadmin:", false},
		{"quit on the second page", options + "(lines 1 - 2 of 9) :\n2. 192.0.2.2\n" + options + "(lines 3 - 4 of 9) :\nadmin:", false},
		{"the options without numbers", options + ":\nadmin:", false},
		{"the numbers alone", "(lines 1 - 2 of 9) :\nadmin:", false},
		{"more", "-- More --\nadmin:", false},
		{"a key is asked for", "Press <enter> for 1 line, <space> for one page, or <q> to quit\nadmin:", false},
		{"read to the end", options + "(lines 1 - 2 of 3) :\n2. 192.0.2.2\n" + options + "(lines 3 - 3 of 3) :\nadmin:", true},
		{"the rest follows", "-- More --\n2. 192.0.2.2\nadmin:", true},
		{"no pager", "admin:", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := vos.Parse([]byte(head + c.rest)).Exchanges[0]
			if got.Complete != c.complete {
				t.Errorf("complete is %v", got.Complete)
			}
			if _, err := items(t, head+c.rest, vos.AllowedHosts()); (err == nil) != c.complete {
				t.Errorf("the list gives %v", err)
			}
		})
	}
	next := vos.Parse([]byte(head + "-- More --\nadmin:show myself\nx\nadmin:"))
	if next.Exchanges[0].Complete || !next.Exchanges[1].Complete {
		t.Errorf("%+v", next.Exchanges)
	}
}

func TestAPromptIsKnownInItsVariants(t *testing.T) {
	for _, form := range []string{"admin:", "  admin: ", "Admin:", "\x1b[0madmin:", "(lines 1 - 1 of 1) :\radmin:", "\ufeffadmin:", "admin:\u00a0"} {
		text := form + "UTILS  System reverse-proxy allowed-hosts list\r\nThe following source(s) are configured:\r\n1. 192.0.2.1\r\n" + form + "\r\n"
		if got, err := items(t, text, vos.AllowedHosts()); err != nil || len(got) != 1 {
			t.Errorf("%q: %v, %v", form, got, err)
		}
	}
	// A prompt that is glued to an item is no part of it.
	glued := "admin:utils system reverse-proxy allowed-hosts list\nThe following source(s) are configured:\n1. a.exampleadmin:\nadmin:"
	if got, err := items(t, glued, vos.AllowedHosts()); err == nil {
		t.Errorf("%v", got)
	}
}

func TestTheLastAnswerCountsWhateverItsSpelling(t *testing.T) {
	const list = "admin:utils cuic cors %s list\nThe following origins are configured:\n1: https://%s.example\n"
	for _, c := range []struct{ text, want string }{
		{fmt.Sprintf(list, "allowed_origin", "a") + fmt.Sprintf(list, "allowed_origin", "b"), "https://b.example"},
		{fmt.Sprintf(list, "allowed_origin", "a") + fmt.Sprintf(list, "allowed_orgins", "b"), "https://b.example"},
		{fmt.Sprintf(list, "allowed_origin", "a") + "admin:utils cuic cors allowed_orgins list\nNo valid command entered\n", "https://a.example"},
		{"admin:utils cuic cors allowed_origin list\nNo valid command entered\n" + fmt.Sprintf(list, "allowed_orgins", "b"), "https://b.example"},
		{fmt.Sprintf(list, "allowed_origin", "a") + "admin:utils cuic cors allowed_orgins add https://c.example\nSource(s) successfully added.\n", ""},
	} {
		got, err := items(t, c.text+"admin:", vos.CORSList("cuic", "allowed_origin"))
		if (err == nil) != (c.want != "") || err == nil && got[0] != c.want {
			t.Errorf("%s gives %v, %v", c.text, got, err)
		}
	}
}

func TestATranscriptCutAnywhereGivesTheTruthOrNothing(t *testing.T) {
	full := "admin:utils system reverse-proxy allowed-hosts list\nThe following source(s) are configured:\n1. 192.0.2.1\n2. 192.0.2.2\nadmin:utils system reverse-proxy client-auth status\nSSL certificate verification for connections established from reverse proxy hosts is enabled\nadmin:"
	whole, err := items(t, full, vos.AllowedHosts())
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(full, "\n")
	for n := range lines {
		got, err := items(t, strings.Join(lines[:n], ""), vos.AllowedHosts())
		if err == nil && !cmp.Equal(got, whole) {
			t.Errorf("cut after %d lines it says %v", n, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("admin:utils system reverse-proxy allowed-hosts list\nThe following source(s) are configured:\n1. a\nadmin:"))
	f.Add([]byte("admin:\x1b[\b\b\r\nadmin:"))
	f.Fuzz(func(t *testing.T, text []byte) {
		transcript := vos.Parse(text)
		if got, err := transcript.ReadList(vos.AllowedHosts()); err == nil {
			for _, i := range got.Items {
				if strings.ContainsAny(i.Value, " \t\x1b") {
					t.Errorf("item %q", i.Value)
				}
			}
		}
	})
}
