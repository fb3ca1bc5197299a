// SPDX-License-Identifier: Apache-2.0

package proxymap_test

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/postern-audit/postern/collectors/proxymap"
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
			m := proxymap.Parse([]byte(good+"\n"+c.line+"\n"), "site", "map.txt")
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
	m := proxymap.Parse([]byte("\xef\xbb\xbf#x\r\na.corp.example:1=b.agents.example:2\r\n"), "site", "map.txt")
	if !m.ByteOrderMark || !m.CRLF || len(m.Problems) != 0 || len(m.Entries) != 1 || m.Entries[0].External.Port != 2 || m.Entries[0].Source.Line != 2 {
		t.Errorf("%+v", m)
	}
}

type memory map[string]string

func (m memory) Read(path string, limit int64) (evidence.Artifact, error) {
	text, ok := m[path]
	if !ok || int64(len(text)) > limit {
		return evidence.Artifact{}, errors.New(path + ": cannot be read")
	}
	return (&evidence.Archive{}).Add(path, []byte(text)), nil
}

func (m memory) Tree(string) (fs.FS, error) { return nil, errors.New("no tree") }

type dialer struct{ address string }

func (d dialer) DialEndpoint(ctx context.Context, _ string, _ int) (net.Conn, error) {
	var n net.Dialer
	return n.DialContext(ctx, "tcp", d.address)
}

func TestAMapIsFetchedFromItsPinnedServerOnly(t *testing.T) {
	answer := func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/map":
			_, _ = w.Write([]byte("a.corp.example:1=b.agents.example:2\n"))
		case "/moved":
			http.Redirect(w, r, "/map", http.StatusFound)
		case "/huge":
			_, _ = w.Write(make([]byte, 2<<20))
		default:
			http.NotFound(w, r)
		}
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(answer))
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	server.StartTLS()
	defer server.Close()
	pinned := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	other := strings.Replace(pinned, "A", "B", 1)
	for _, c := range []struct {
		name    string
		where   evidence.MapLocation
		files   memory
		offline bool
		reason  string
	}{
		{"the pinned server", evidence.MapLocation{URL: "https://example.com/map", CA: "ca.pem"}, memory{"ca.pem": pinned}, false, ""},
		{"another CA", evidence.MapLocation{URL: "https://example.com/map", CA: "ca.pem"}, memory{"ca.pem": other}, false, "c"},
		{"no CA", evidence.MapLocation{URL: "https://example.com/map"}, nil, false, "proxymap.ca is missing"},
		{"another name", evidence.MapLocation{URL: "https://map.corp.example/map", CA: "ca.pem"}, memory{"ca.pem": pinned}, false, "certificate"},
		{"a redirect", evidence.MapLocation{URL: "https://example.com/moved", CA: "ca.pem"}, memory{"ca.pem": pinned}, false, "302"},
		{"a missing map", evidence.MapLocation{URL: "https://example.com/none", CA: "ca.pem"}, memory{"ca.pem": pinned}, false, "404"},
		{"an endless map", evidence.MapLocation{URL: "https://example.com/huge", CA: "ca.pem"}, memory{"ca.pem": pinned}, false, "longer"},
		{"offline", evidence.MapLocation{URL: "https://example.com/map", CA: "ca.pem"}, memory{"ca.pem": pinned}, true, "offline"},
		{"no declaration", evidence.MapLocation{}, nil, false, "declares no proxymap"},
		{"a missing file", evidence.MapLocation{File: "nothing.txt"}, nil, false, "nothing.txt"},
		{"another scheme", evidence.MapLocation{URL: "ftp://example.com/map"}, nil, false, "no http"},
	} {
		t.Run(c.name, func(t *testing.T) {
			target := evidence.Target{
				Kind: evidence.KindSite, Subject: "site", Site: &evidence.Site{ProxyMap: c.where}, Files: c.files,
				Artifacts: &evidence.Archive{}, Now: time.Now,
			}
			if !c.offline {
				target.Dial = dialer{server.Listener.Addr().String()}
			}
			got, err := proxymap.Collector{}.Collect(t.Context(), target)
			if err != nil {
				t.Fatal(err)
			}
			if c.reason == "" {
				if len(got.Gaps) != 0 || len(got.Sections.ProxyMap) != 1 || len(got.Sections.ProxyMap[0].Entries) != 1 {
					t.Errorf("%+v", got)
				}
				return
			}
			if len(got.Sections.ProxyMap) != 0 || len(got.Gaps) != 1 || !strings.Contains(got.Gaps[0].Reason, c.reason) {
				t.Errorf("got %+v, want a gap with %q", got, c.reason)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("a.corp.example:1=b.agents.example:2\n"))
	f.Add([]byte("\xef\xbb\xbf!\\\r\n=:=\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, e := range proxymap.Parse(text, "site", "x").Entries {
			for _, side := range []evidence.Endpoint{e.Internal, e.External} {
				if side.Host == "" || strings.ContainsAny(side.Host, "=:/# \t\\") || side.HasPort && (side.Port < 1 || side.Port > 65535) {
					t.Errorf("entry %+v", e)
				}
			}
		}
	})
}
