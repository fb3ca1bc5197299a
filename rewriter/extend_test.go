// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

func surfaceFiles(tb testing.TB, own string) fstest.MapFS {
	tb.Helper()
	shipped, err := os.ReadFile("../policies/paths/finesse-12.6.1.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	return fstest.MapFS{
		"conf/own.yaml":            {Data: []byte("schema: postern.surface/v1\nname: own\n" + own)},
		"conf/finesse-12.6.1.yaml": {Data: shipped},
	}
}

func TestASurfaceChangesTheOneItExtends(t *testing.T) {
	s, err := ReadSurface(surfaceFiles(t, `extends: finesse-12.6.1
components:
  - name: finesse
    remove: [/rpc]
    open: [{path: /finesse/api/UserAuthMode/**, why: the wallboard asks for it}]
    paths: [{path: "/finesse/api/UserAuthMode/{id}", methods: [GET], auth: source}]
    closed: [{path: /gadgets/makeRequest/**}]
  - name: ece-1
    ports: [9000]
    paths: [{path: /ece/**, methods: [GET], auth: auth}]
`), "conf/own.yaml")
	if err != nil {
		t.Fatal(err)
	}
	m := mustMap(t, "fin-a.corp.example:8445=desk-a.agents.example:8445\nece-1.corp.example:9000=ece-1.agents.example:8445\n")
	p, err := NewPolicy(s, m, PolicyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string]Reason{
		"/rpc": PathUnlisted, "/gadgets/ifr": "", "/gadgets/makeRequest": PathClosed, "/desktop/": "",
		"/finesse/api/UserAuthMode/7": "", "/finesse/api/UserAuthMode": PathUnlisted, "/cfadmin": PathClosed, "/ece/x": PathUnlisted,
	} {
		if d := Decide(p, request(target)); d.Reason != want {
			t.Errorf("%s: %q, want %q", target, d.Reason, want)
		}
	}
	if d := Decide(p, request("/finesse/api/UserAuthMode/7")); d.Auth != AuthSource {
		t.Errorf("class %q", d.Auth)
	}
}

func TestFaultsOfAnExtensionAreNamed(t *testing.T) {
	const finesse = "extends: finesse-12.6.1\ncomponents:\n  - name: finesse\n"
	for name, c := range map[string]struct{ own, want string }{
		"a base that is not there":    {"extends: finesse-13\n", "finesse-13.yaml"},
		"a base in another folder":    {"extends: ../conf/finesse-12.6.1\n", "no plain name"},
		"itself":                      {"extends: own\n", "extend one another"},
		"removing what is not listed": {finesse + "    remove: [/tunnel]\n", `"/tunnel" is not allowed there`},
		"opening what is not closed":  {finesse + "    open: [{path: /tunnel, why: x}]\n", `"/tunnel" is not closed there`},
		"opening without a reason":    {finesse + "    open: [{path: /cfadmin/**}]\n", "says no why"},
		"listing what is listed":      {finesse + "    paths: [{path: /rpc, methods: [GET], auth: auth}]\n", "listed twice"},
		"a shared port that is own":   {finesse + "    shared_ports: [8445]\n", "shared port 8445"},
		"removing from nothing":       {"components: [{name: x, remove: [/a]}]\n", "not allowed there"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ReadSurface(surfaceFiles(t, c.own), "conf/own.yaml"); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	if _, err := ParseSurface(strings.NewReader("schema: postern.surface/v1\nname: x\nextends: y\n")); err == nil || !strings.Contains(err.Error(), "not at hand") {
		t.Errorf("read without its base: %v", err)
	}
}
