// SPDX-License-Identifier: Apache-2.0

package nginxrules_test

import (
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"github.com/postern-audit/postern/collectors/nginxrules"
	"github.com/postern-audit/postern/internal/evidence"
)

// files serves trees from memory and keeps what is read, as the real one does.
type files struct {
	tree    fstest.MapFS
	archive *evidence.Archive
}

func (f files) Read(path string, _ int64) (evidence.Artifact, error) {
	file, ok := f.tree[path]
	if !ok {
		return evidence.Artifact{}, errors.New(path + ": no such file")
	}
	return f.archive.Add(path, file.Data), nil
}

func (f files) Tree(path string) (fs.FS, error) {
	for name, file := range f.tree {
		f.archive.Add(path+"/"+name, file.Data)
	}
	return f.tree, nil
}

func collect(t testing.TB, tree fstest.MapFS, where evidence.NginxLocation) evidence.Collected {
	t.Helper()
	archive := &evidence.Archive{}
	edge := evidence.Edge{Name: "rp-a", Subject: "edge/rp-a", Nginx: where}
	got, err := nginxrules.Collector{}.Collect(t.Context(), evidence.Target{
		Kind: evidence.KindEdge, Subject: "edge/rp-a", Edge: &edge, Site: &evidence.Site{},
		Files: files{tree, archive}, Artifacts: archive, Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

const conf = `worker_processes 1;
http {
  server_tokens off;
  keepalive_timeout 20s;
  upstream finesse { server fin-a.corp.example:8445; }
  map $host $jwt_secret { default "x"; }
  server {
    listen 8445 ssl default_server;
    server_name desk-a.agents.example;
    # Must-change
    resolver 1.1.1.1;
    location / { return 421; }
    location /finesse/ { proxy_pass https://finesse; client_max_body_size 1m; }
    location /x { if ($request_method = POST) { return 405; } proxy_pass https://$host; }
  }
}
`

func TestAServerCarriesItsSettingsWithTheirOrigin(t *testing.T) {
	got := collect(t, fstest.MapFS{"etc/nginx/nginx.conf": {Data: []byte(conf)}}, evidence.NginxLocation{Root: "rp-a/tree", Prefix: "etc/nginx", Conf: "nginx.conf", Version: "1.22.1"})
	if len(got.Gaps) != 1 || got.Gaps[0].Part != "program" || len(got.Sections.NginxRules) != 1 {
		t.Fatalf("gaps %+v, %d records", got.Gaps, len(got.Sections.NginxRules))
	}
	record := got.Sections.NginxRules[0]
	server := record.Servers[0]
	if server.Subject != "edge/rp-a/server/desk-a.agents.example:8445" || !server.Proxies || !server.TLS {
		t.Errorf("server %q proxies %v tls %v", server.Subject, server.Proxies, server.TLS)
	}
	origins := map[string]evidence.OriginKind{}
	for _, s := range server.Settings {
		origins[s.Name] = s.Source.Origin.Kind
		if s.Name == "keepalive_timeout" && (s.Amount.Value != 20000 || s.Source.Line != 4 || s.Source.Artifact != "rp-a/tree/etc/nginx/nginx.conf") {
			t.Errorf("keepalive_timeout is %+v", s)
		}
	}
	for name, want := range map[string]evidence.OriginKind{
		"server_tokens": evidence.Inherited, "resolver": evidence.Explicit, "autoindex": evidence.Default,
	} {
		if origins[name] != want {
			t.Errorf("%s is %q, want %q", name, origins[name], want)
		}
	}
	var forwards []evidence.Forward
	for _, l := range server.Locations {
		forwards = append(forwards, l.Forwards...)
	}
	if len(forwards) != 2 || forwards[0].Host != "fin-a.corp.example" || forwards[0].Port != 8445 || !forwards[1].Computed {
		t.Errorf("forwards %+v", forwards)
	}
	if len(record.Placeholders) != 2 || !record.Placeholders[0].Marker || record.Placeholders[1].Text != "1.1.1.1" || record.Placeholders[1].Source.Line != 11 {
		t.Errorf("placeholders %+v", record.Placeholders)
	}
	if record.Sockets[0].Default != server.Subject || !record.Sockets[0].ExplicitDefault {
		t.Errorf("socket %+v", record.Sockets[0])
	}
}

func TestABrokenLineCostsThatLineAndLeavesAGap(t *testing.T) {
	got := collect(t, fstest.MapFS{"nginx.conf": {Data: []byte("http {\n server { listen 80; server_name \"a;\n }\n server { listen 81; server_name b; }\n}\n")}}, evidence.NginxLocation{Root: "t", Conf: "nginx.conf"})
	if len(got.Gaps) == 0 {
		t.Error("no gap for a broken line")
	}
}

func TestAMissingConfigurationIsAGap(t *testing.T) {
	for _, where := range []evidence.NginxLocation{{}, {Dump: "nothing.txt"}, {Root: "t", Conf: "nothing.conf"}} {
		if got := collect(t, fstest.MapFS{}, where); len(got.Gaps) != 1 || len(got.Sections.NginxRules) != 0 {
			t.Errorf("%+v: %d gaps, %d records", where, len(got.Gaps), len(got.Sections.NginxRules))
		}
	}
}
