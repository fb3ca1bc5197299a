// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func pemPair(t *testing.T, c tls.Certificate) (certificate, key *fstest.MapFile) {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return &fstest.MapFile{Data: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate[0]})},
		&fstest.MapFile{Data: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})}
}

const sampleConfig = `
listeners:
  - address: 127.0.0.1:0
    names: [desk-a.agents.example:8445]
    certificate: desk.pem
    key: desk.key
map: proxymap.txt
surface: surface.yaml
components:
  - {internal: "cc-a.corp.example:8445", component: cloudconnect}
roots: [root.pem]
client_certificate: {certificate: desk.pem, key: desk.key}
connect:
  - {from: "fin-a.corp.example:8445", to: "127.0.0.1:1"}
origins: ["https://crm.example"]
limits: {body_bytes: 1000, header: 2s}
`

func sampleFiles(t *testing.T) fstest.MapFS {
	t.Helper()
	ca := newAuthority(t)
	surface, err := os.ReadFile("../policies/paths/finesse-12.6.1.yaml")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{
		"proxymap.txt": {Data: []byte(sampleMap)},
		"surface.yaml": {Data: surface},
		"root.pem":     {Data: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.leaf.Raw})},
	}
	files["desk.pem"], files["desk.key"] = pemPair(t, ca.issue("desk-a.agents.example"))
	return files
}

func TestConfigurationServesUntilTheContextEnds(t *testing.T) {
	c, err := LoadConfig(sampleFiles(t), []byte(sampleConfig))
	if err != nil {
		t.Fatal(err)
	}
	if c.Limits.BodyBytes != 1000 || c.Limits.Header != 2*time.Second || len(c.Nodes) != 1 || len(c.Map.Entries()) != 7 || c.ClientCertificate == nil {
		t.Errorf("%+v", c)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := Run(ctx, c, nil); err != nil {
		t.Errorf("%v", err)
	}
}

func TestConnectTableChangesTheAddressOnly(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	table, err := readConnect([]fileConnection{{From: "fin-a.corp.example:8445", To: l.Addr().String()}})
	if err != nil {
		t.Fatal(err)
	}
	c, err := table.dial(t.Context(), "tcp", "fin-a.corp.example:8445")
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
}

func TestConfigurationFaultsAreNamed(t *testing.T) {
	for name, test := range map[string]struct{ old, new, want string }{
		"an unknown key":               {"origins:", "orgins:", "line 15: field orgins not found"},
		"an unknown limit":             {"body_bytes", "body_byte", "field body_byte not found"},
		"a negative limit":             {"1000", "-1", "body_bytes is negative"},
		"a missing map":                {"proxymap.txt", "nothing.txt", "map: open nothing.txt"},
		"a path out of the folder":     {"proxymap.txt", "../proxymap.txt", "map: "},
		"no surface":                   {"surface: surface.yaml", "", "surface: no file named"},
		"roots that are keys":          {"[root.pem]", "[desk.key]", "holds a PRIVATE KEY"},
		"roots that are no PEM":        {"[root.pem]", "[proxymap.txt]", "no certificate"},
		"no roots":                     {"roots: [root.pem]", "", "none named"},
		"a key that is none":           {"key: desk.key\nmap", "key: desk.pem\nmap", "listener 1"},
		"a name without port":          {"[desk-a.agents.example:8445]", "[desk-a.agents.example]", "no port"},
		"an address without port":      {"127.0.0.1:0", "127.0.0.1", "missing port"},
		"a connection without port":    {"127.0.0.1:1", "127.0.0.1", "connect 1: to"},
		"a component without port":     {"cc-a.corp.example:8445", "cc-a.corp.example", "component 1: internal"},
		"a client certificate missing": {"{certificate: desk.pem", "{certificate: x.pem", "client_certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(sampleConfig, test.old, test.new, 1)
			if text == sampleConfig {
				t.Fatal("the sample was not changed")
			}
			if _, err := LoadConfig(sampleFiles(t), []byte(text)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestProxyFaultsAreNamedBeforeItServes(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(*Config)
		want  string
	}{
		"no roots":                  {func(c *Config) { c.Roots = nil }, "no roots"},
		"no listeners":              {func(c *Config) { c.Listeners = nil }, "no listeners"},
		"no names":                  {func(c *Config) { c.Listeners[0].Names = nil }, "no names"},
		"two ports on one listener": {func(c *Config) { c.Listeners[0].Names = append(c.Listeners[0].Names, Endpoint{"x.y", 1}) }, "share one port"},
		"no certificate for a name": {func(c *Config) { c.Listeners[0].Names = []Endpoint{{"desk-b.agents.example", 8445}} }, "no certificate for this name"},
		"a name outside the map":    {func(c *Config) { c.Listeners[0].Names = []Endpoint{{"desk-c.agents.example", 8445}} }, "does not name it"},
		"a component undeclared":    {func(c *Config) { c.Nodes = []Node{{sampleNodes[0].Internal, "x"}} }, "declare one"},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := LoadConfig(sampleFiles(t), []byte(sampleConfig))
			if err != nil {
				t.Fatal(err)
			}
			test.spoil(&c)
			if _, err := New(c, nil); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestBusyAddressEndsTheRun(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := LoadConfig(sampleFiles(t), []byte(sampleConfig))
	if err != nil {
		t.Fatal(err)
	}
	c.Listeners[0].Address = l.Addr().String()
	if err := Run(t.Context(), c, nil); err == nil || !strings.Contains(err.Error(), "listener 1") {
		t.Errorf("%v", err)
	}
}
