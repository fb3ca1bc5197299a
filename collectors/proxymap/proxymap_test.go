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

type memory map[string]string

func (m memory) Read(path string, limit int64) (evidence.Artifact, error) {
	text, ok := m[path]
	if !ok || int64(len(text)) > limit {
		return evidence.Artifact{}, errors.New(path + ": cannot be read")
	}
	return (&evidence.Archive{}).Add(path, []byte(text)), nil
}

func (m memory) Tree(string) (fs.FS, error) { return nil, errors.New("no tree") }

type dialer struct {
	evidence.Dialer // the map server is no gate, so nothing else is asked for
	address         string
}

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
			_, _ = w.Write(make([]byte, 17<<20))
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
				target.Dial = dialer{address: server.Listener.Addr().String()}
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
