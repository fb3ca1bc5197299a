// SPDX-License-Identifier: Apache-2.0

package vos_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/vos"
)

func TestAnEmptyListIsDocumentedOnlyWhereItsSentenceIsPublished(t *testing.T) {
	const published = "Currently no source is configured"
	others := []string{
		"Currently no sources are configured.", "No source(s) are configured", "Currently no source(s) are configured.",
		"There are no sources configured", "No sources are currently configured in the list.",
	}
	for _, c := range []struct {
		name    string
		command vos.ListCommand
		format  vos.Format
		more    []string
	}{
		{"allowed hosts", vos.AllowedHosts(), vos.Inferred, others},
		{"map sources", vos.ConfigURIs(), vos.Documented, others},
		{"frame list", vos.FrameList("frame_access_allowed_list"), vos.Inferred, append([]string{"Currently no sources are configured in the frame access list."}, others...)},
		{"gadget sources", vos.GadgetSources(), vos.Inferred, others},
		{"notification hosts", vos.NotificationHosts(), vos.Inferred, others},
	} {
		got, err := ask(c.command.Commands[0], published).ReadList(c.command)
		if err != nil || len(got.Items) != 0 || got.Format != c.format {
			t.Errorf("%s: %q is %s, %v", c.name, published, got.Format, err)
		}
		for _, text := range c.more {
			got, err := ask(c.command.Commands[0], text).ReadList(c.command)
			if err != nil || len(got.Items) != 0 || got.Format != vos.Inferred {
				t.Errorf("%s: %q is %s, %v", c.name, text, got.Format, err)
			}
			if got, err := ask(c.command.Commands[0], text+"\n1. a.example").ReadList(c.command); err == nil {
				t.Errorf("%s: %q with an item gives %v", c.name, text, got)
			}
		}
		for _, text := range []string{"No sources were configured by you", "No source is not configured", "Currently"} {
			if got, err := ask(c.command.Commands[0], text).ReadList(c.command); err == nil {
				t.Errorf("%s: %q gives %v", c.name, text, got)
			}
		}
	}
}

func TestTheHeaderOfAListSaysHowItsFormIsKnown(t *testing.T) {
	const frame = "utils finesse frame_access_allowed_list list"
	for header, want := range map[string]vos.Format{
		"The following source(s) are configured in the frame access list:\n": vos.Documented, "Allowed Origins:\n": vos.Inferred, "": vos.Inferred,
	} {
		got, err := ask(frame, header+"1: https://crm.example").ReadList(vos.FrameList("frame_access_allowed_list"))
		if err != nil || got.Format != want {
			t.Errorf("%q gives %s, %v", header, got.Format, err)
		}
	}
}

func TestAListWithoutAHeaderIsReadWhereItsItemsSpeakForThemselves(t *testing.T) {
	const a, b = "https://a.example:8444", "https://b.example"
	for _, c := range []struct {
		name    string
		command vos.ListCommand
		items   []string
		// word is no item of this list by itself.
		word string
	}{
		{"finesse origins", vos.CORSList("finesse", "allowed_origin"), []string{a, b}, "enabled"},
		{"CUIC origins", vos.CORSList("cuic", "allowed_origin"), []string{a, b}, "add"},
		{"Live Data origins", vos.CORSList("live-data", "allowed_origin"), []string{a, "*"}, "status"},
		{"gadget sources", vos.GadgetSources(), []string{a, "*.example"}, "enable"},
		{"notification hosts", vos.NotificationHosts(), []string{"10.1.0.77", "2001:db8::7", "host.example"}, "enable"},
		{"frame list", vos.FrameList("frame_access_whitelist"), []string{a, "*.crm.example:8443"}, "all"},
	} {
		t.Run(c.name, func(t *testing.T) {
			read := func(answer string) ([]string, error) {
				got, err := ask(c.command.Commands[0], answer).ReadList(c.command)
				var out []string
				for _, i := range got.Items {
					out = append(out, i.Value)
				}
				if err == nil && got.Format != vos.Inferred {
					t.Errorf("%q is %s", answer, got.Format)
				}
				return out, err
			}
			run := func(numbers ...string) string {
				var lines []string
				for i, n := range numbers {
					lines = append(lines, n+c.items[i])
				}
				return strings.Join(lines, "\n")
			}
			for _, answer := range []string{run("1. ", "2. "), run(" 1) ", " 2) "), run("1: ", "2: ") + "\nCommand successful", "Allowed hosts:\n" + run("1: ", "2: ")} {
				if got, err := read(answer); err != nil || !cmp.Equal(got, c.items[:2]) {
					t.Errorf("%q gives %v, %v", answer, got, err)
				}
			}
			for _, answer := range []string{
				run("1. ", "3. "), run("2. ", "3. "), run("0. ", "1. "), run("", ""), run("1. ", ""), c.items[0],
				"1. " + c.word, run("1. ") + "\n2. " + c.word, run("1. ", "2. ") + "\nand more", "Select one\n" + run("1. ", "2. "),
				run("1. ") + "\nThe following source(s) are configured:", run("1. ") + "\nCurrently no sources are configured.", "all are allowed",
			} {
				if got, err := read(answer); err == nil {
					t.Errorf("%q gives %v", answer, got)
				}
			}
		})
	}
	// Where no source says that a list may have no header, it needs one.
	for _, command := range []vos.ListCommand{vos.AllowedHosts(), vos.ConfigURIs(), vos.CORSList("cuic", "allowed_headers")} {
		if got, err := ask(command.Commands[0], "1. https://a.example").ReadList(command); err == nil {
			t.Errorf("%s gives %v", command.Commands[0], got)
		}
	}
}

func TestOriginsOnOneLineAreReadAsOneAnswer(t *testing.T) {
	const long = "https://desk-a.agents.example:8444,https://desk-b.agents.example:8447,https://cr"
	for _, component := range []string{"cuic", "live-data", "finesse"} {
		for answer, want := range map[string]string{
			"https://a.example,https://b.example:8444":                 "https://a.example https://b.example:8444",
			"https://a.example , http://b.example\nCommand successful": "https://a.example http://b.example",
			"Allowed Origins: https://a.example":                       "https://a.example",
			"Allowed Origins:\nhttps://a.example":                      "https://a.example",
			"Allowed origins:\nhttps://a.example,https://b.example":    "https://a.example https://b.example",
			long + "m.example":            "https://desk-a.agents.example:8444 https://desk-b.agents.example:8447 https://crm.example",
			long + "\nm.example":          "https://desk-a.agents.example:8444 https://desk-b.agents.example:8447 https://crm.example",
			"https://a.example":           "",
			"https://a.example,":          "",
			"https://a.example,b.example": "",
			"https://a.example,https://b.example\nhttps://c.example":     "",
			"https://a.example,https://b.example\n1. https://c.example":  "",
			"1. https://c.example\nhttps://a.example,https://b.example":  "",
			"origins are https://a.example,https://b.example":            "",
			"https://a.example,https://b.example are not allowed":        "",
			"No origins are configured\nhttps://a.example,https://b.org": "",
		} {
			c := vos.CORSList(component, "allowed_origin")
			got, err := ask(c.Commands[0], answer).ReadList(c)
			var values []string
			for _, i := range got.Items {
				values = append(values, i.Value)
			}
			if component == "finesse" {
				want = "" // it numbers its items
			}
			if strings.Join(values, " ") != want || (err == nil) != (want != "") || err == nil && got.Format != vos.Inferred {
				t.Errorf("%s: %q gives %q, %v", component, answer, values, err)
			}
		}
	}
}

func TestAnswersOfOneLineAreBounded(t *testing.T) {
	c := vos.CORSList("cuic", "allowed_origin")
	if got, err := ask(c.Commands[0], strings.Repeat("http://a,", 1700)+"http://a").ReadList(c); err != nil || len(got.Items) != 1701 {
		t.Errorf("%d items, %v", len(got.Items), err)
	}
	bare := numberedText(4001, "%d: http://a\n")
	if got, err := ask(c.Commands[0], bare).ReadList(c); err == nil {
		t.Errorf("%d items", len(got.Items))
	}
}

func TestASwitchMayBePrintedAsAField(t *testing.T) {
	for _, component := range []string{"finesse", "cuic", "live-data"} {
		for answer, want := range map[string]string{
			"CORS Enabled: true": "enabled", "CORS Enabled: false": "disabled", "CORS enabled = TRUE": "enabled", "Cisco Finesse CORS enabled : false.": "disabled",
			"CORS Enabled: maybe": "", "CORS Enabled: not true": "", "CORS Enabled: true\nCORS Enabled: false": "", "CORS Enabled:": "",
		} {
			got, err := ask("utils "+component+" cors status", answer).ReadStatus(vos.CORSStatus(component))
			if got.Text != want || (err == nil) != (want != "") || err == nil && got.Format != vos.Inferred {
				t.Errorf("%s: %q gives %q, %v", component, answer, got.Text, err)
			}
		}
	}
}

func FuzzReadList(f *testing.F) {
	f.Add("1. https://a.example\n2. https://b.example")
	f.Add("Allowed Origins: https://a.example,https://b.example")
	f.Add("Currently no source is configured")
	f.Add(strings.Repeat("https://a.example,", 5) + "\nhttps://b.example")
	f.Fuzz(func(t *testing.T, answer string) {
		for _, c := range []vos.ListCommand{
			vos.AllowedHosts(), vos.CORSList("cuic", "allowed_origin"), vos.CORSList("finesse", "allowed_origin"), vos.GadgetSources(),
			vos.NotificationHosts(), vos.FrameList("frame_access_allowed_list"),
		} {
			got, err := ask(c.Commands[0], answer).ReadList(c)
			if err != nil {
				continue
			}
			for _, i := range got.Items {
				if strings.ContainsAny(i.Value, ", \n") && c.Bare != nil || i.Line < 2 {
					t.Errorf("%q gives the item %q of line %d", answer, i.Value, i.Line)
				}
			}
		}
	})
}
