// SPDX-License-Identifier: Apache-2.0

package nginxrules_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/evidence"
)

const methodsConf = `http {
  server {
    listen 8553 ssl;
    server_name ids.agents.example;
    allow 10.0.0.0/8;
    deny 10.9.0.0/16;
    allow all;
    if ($request_method !~ ^(GET|POST|OPTIONS)$) { return 405; }
    location /ids/ {
      proxy_pass https://ids-a.corp.example:8553;
      limit_except get POST {
        deny 10.1.0.1;
        allow 10.1.0.0/24;
        deny all;
        auth_basic "x";
      }
      location /ids/inner { proxy_pass https://ids-b.corp.example:8553; }
    }
    location /open {
      limit_except HEAD { proxy_pass http://10.0.0.1; }
      if ($request_method = TRACE) { set $refused 1; return 405; }
      include methods.conf;
    }
  }
}
`

func settingWords(all []evidence.Setting) (out []string) {
	for _, s := range all {
		out = append(out, string(s.Source.Origin.Kind)+" "+s.Name+" "+strings.Join(s.Args, " "))
	}
	return out
}

func TestTheMethodsOfALocationAreFacts(t *testing.T) {
	tree := fstest.MapFS{
		"nginx.conf":   {Data: []byte(methodsConf)},
		"methods.conf": {Data: []byte("if ($request_method = PUT) {\n  return 405;\n}\n")},
	}
	server := collect(t, tree, evidence.NginxLocation{Root: "t", Conf: "nginx.conf"}).Sections.NginxRules[0].Servers[0]
	limits := map[string][]evidence.NginxMethodLimit{}
	var gates []string
	for _, l := range server.Locations {
		if l.If != "" {
			gates = append(gates, l.Path+": "+l.If+": "+strings.Join(explicitOnly(l.Settings), "; "))
			continue
		}
		limits[l.Path] = l.MethodLimits
	}
	if len(limits["/ids/"]) != 1 || len(limits["/open"]) != 1 || len(limits["/ids/inner"]) != 0 {
		t.Fatalf("%+v", limits)
	}
	ids, open := limits["/ids/"][0], limits["/open"][0]
	if diff := cmp.Diff([]string{"GET", "HEAD", "POST"}, ids.Methods); diff != "" || ids.Source.Line != 11 || ids.Source.Artifact != "t/nginx.conf" {
		t.Errorf("%s %+v", diff, ids.Source)
	}
	want := []string{"explicit deny 10.1.0.1", "explicit allow 10.1.0.0/24", "explicit deny all", "explicit auth_basic x"}
	if diff := cmp.Diff(want, settingWords(ids.Settings)); diff != "" {
		t.Errorf("own settings: %s", diff)
	}
	if diff := cmp.Diff([]string{"HEAD"}, open.Methods); diff != "" {
		t.Error(diff)
	}
	want = []string{"explicit proxy_pass http://10.0.0.1", "inherited allow 10.0.0.0/8", "inherited deny 10.9.0.0/16", "inherited allow all"}
	if diff := cmp.Diff(want, settingWords(open.Settings)); diff != "" {
		t.Errorf("inherited settings: %s", diff)
	}
	want = []string{
		": $request_method !~ ^(GET|POST|OPTIONS)$: return 405",
		"/open: $request_method = TRACE: return 405; set $refused 1",
		"/open: $request_method = PUT: return 405",
	}
	if diff := cmp.Diff(want, gates); diff != "" {
		t.Errorf("if blocks: %s", diff)
	}
}

func explicitOnly(all []evidence.Setting) (out []string) {
	for _, s := range all {
		if s.Source.Origin.Kind == evidence.Explicit {
			out = append(out, s.Name+" "+strings.Join(s.Args, " "))
		}
	}
	return out
}
