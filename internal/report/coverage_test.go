// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/report"
)

// catalogue holds a control of every state, with text that could break a page.
func catalogue() *report.Coverage {
	rules := []report.CoveredRule{{ID: "tls/old", Title: "Listener <b>accepts</b> | a retired version", Severity: "high"}}
	c := &report.Coverage{Controls: []report.CoveredControl{
		{ID: "TLS-01", Title: "By rules", Rules: rules, Clauses: []string{"S1", "P11"}},
		{ID: "TLS-02", Title: "By rules and a person", Rules: rules, Question: "Is it so?"},
		{ID: "NET-01", Title: "By rules until the engine lands", Rules: rules, Pending: "reach"},
		{ID: "NET-02", Title: "By a person", Question: "Is it so, " + strings.Repeat("verylongword", 12) + "?"},
		{ID: "CIS-NGX-4.1.4", Title: "By an engine to come", Pending: "exposure", Question: "Is it so?"},
		{ID: "CIS-RHEL-SSH-BANNER", Title: "Left open", Reason: "Nobody <knows> & cares."},
		{ID: "CIS-RHEL-AIDE", Title: "By nothing"},
	}}
	c.Settle()
	return c
}

func TestEveryControlHasTheStateOfWhatItHas(t *testing.T) {
	c := catalogue()
	want := []report.CoverageState{report.Automatic, report.Partial, report.Partial, report.Attested, report.Pending, report.LeftOpen, report.Unaccounted}
	var got []report.CoverageState
	for _, one := range c.Controls {
		got = append(got, one.State)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(report.CoverageTotals{Controls: 7, Automatic: 1, Partial: 2, Attested: 1, Pending: 1, LeftOpen: 1, Unaccounted: 1}, c.Totals); diff != "" {
		t.Error(diff)
	}
	if c.Controls[4].Group != "CIS-NGX" || c.Controls[5].Group != "CIS-RHEL" || c.Controls[0].Group != "TLS" {
		t.Errorf("groups are %q, %q and %q", c.Controls[4].Group, c.Controls[5].Group, c.Controls[0].Group)
	}
}

func TestACoverageIsWrittenInEveryFormat(t *testing.T) {
	for _, format := range report.CoverageFormatNames() {
		var b bytes.Buffer
		if err := report.WriteCoverage(&b, catalogue(), format); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"TLS-01", "tls/old", "CIS-RHEL-SSH-BANNER", "exposure", "Is it so"} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s: %q is missing", format, want)
			}
		}
		if format == "html" && strings.Contains(b.String(), "<b>accepts") {
			t.Error("text of a rule became markup")
		}
	}
	if err := report.WriteCoverage(&bytes.Buffer{}, catalogue(), "pdf"); err == nil {
		t.Error("a format that does not exist was written")
	}
}

// pageLimit bounds one run of the browser.
const pageLimit = 90 * time.Second

// TestTheCoveragePageReadsWellInABrowser renders the page as a phone and as a desk
// screen do, light and dark. The page itself runs no script; the measuring is ours.
func TestTheCoveragePageReadsWellInABrowser(t *testing.T) {
	browser := chromium(t)
	var page bytes.Buffer
	if err := report.WriteCoverage(&page, catalogue(), "html"); err != nil {
		t.Fatal(err)
	}
	for _, forbidden := range []string{"<script", "http://", "https://", "url(", "@import", "<link", "<img"} {
		if strings.Contains(page.String(), forbidden) {
			t.Errorf("the page holds %q: it must stand alone", forbidden)
		}
	}
	measure := `<script>
const row = document.getElementById("TLS-01"), style = getComputedStyle(document.body);
document.title = ["wide=" + (document.documentElement.scrollWidth > innerWidth + 1), "cells=" + getComputedStyle(row.cells[0]).display,
  "rows=" + document.querySelectorAll("tbody tr").length, "back=" + style.backgroundColor, "text=" + style.color].join(" ");
</script></body>`
	file := filepath.Join(t.TempDir(), "coverage.html")
	if err := os.WriteFile(file, bytes.Replace(page.Bytes(), []byte("</body>"), []byte(measure), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, scheme string
		width        int
		want         []string
	}{
		{"a phone by day", "1", 500, []string{"wide=false", "cells=block", "rows=7", "back=rgb(255, 255, 255)"}},
		{"a phone by night", "0", 500, []string{"wide=false", "cells=block", "rows=7", "back=rgb(13, 17, 23)"}},
		{"a desk by night", "0", 1300, []string{"wide=false", "cells=table-cell", "rows=7", "back=rgb(13, 17, 23)", "text=rgb(230, 237, 243)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			title := titleIn(t, browser, file, c.scheme, c.width)
			for _, want := range c.want {
				if !strings.Contains(title, want) {
					t.Errorf("%s is missing: %s", want, title)
				}
			}
		})
	}
}

// titleIn opens a page and returns its title.
func titleIn(t *testing.T, browser, file, scheme string, width int) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), pageLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
		"--disable-background-networking", "--user-data-dir="+t.TempDir(), "--blink-settings=preferredColorScheme="+scheme,
		fmt.Sprintf("--window-size=%d,900", width), "--dump-dom", "file://"+file)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	m := regexp.MustCompile(`<title>([^<]*)</title>`).FindSubmatch(out)
	if m == nil {
		t.Fatalf("the page has no title:\n%s", out)
	}
	return string(m[1])
}

func chromium(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("needs chromium")
	}
	for _, name := range []string{"chromium", "chromium-headless-shell", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("chromium is not installed")
	}
	t.Skip("chromium is not installed")
	return ""
}
