// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/evidence"
)

// gateScript runs in a network namespace of its own: nginx on loopback, once
// without limits, then behind the strictest of the published packet limits (6
// parallel, 2 a second, burst 4) in the real kernel, at the default pace and
// without any.
const gateScript = `
set -e
ip link set lo up
nginx -p . -e stderr -c "$PWD/nginx.conf" -g 'daemon off;' &
nginx=$!
trap 'kill $nginx' EXIT
until openssl s_client -connect 127.0.0.1:8445 </dev/null >/dev/null 2>&1; do sleep 0.1; done
"$1" collect site.yaml --rate 0 -q -o free.zip
iptables-restore <rules
"$1" collect site.yaml -q -o paced.zip
"$1" collect site.yaml --rate 0 -q -o rude.zip
`

var gateFiles = map[string]string{
	"nginx.conf": `worker_processes 1; pid nginx.pid; error_log stderr;
events {}
http {
	access_log off;
	client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
	server {
		listen 127.0.0.1:8445 ssl;
		server_name desk-a.agents.example;
		ssl_certificate cert.pem; ssl_certificate_key key.pem;
		ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers HIGH:!aNULL:!MD5;
		return 421;
	}
}
`,
	"site.yaml": `site: gate
profile: finesse-12.6.1
proxymap: {file: map.txt}
edges: [{name: rp-a, live: {ports: from-map}}]
connect: [{from: "desk-a.agents.example:8445", to: "127.0.0.1:8445"}]
`,
	"map.txt": "fin-a.corp.example:8445=desk-a.agents.example:8445\n",
	"rules": `*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -p tcp -m state --state RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp -m tcp --dport 8445 --tcp-flags SYN SYN -m connlimit --connlimit-above 6 --connlimit-mask 32 --connlimit-saddr -j DROP
-A INPUT -p tcp -m tcp --dport 8445 --tcp-flags SYN SYN -m hashlimit --hashlimit-upto 2/sec --hashlimit-burst 4 --hashlimit-mode srcip,dstport --hashlimit-name TCP_8445_DOS -j ACCEPT
-A INPUT -p tcp -m tcp --dport 8445 --tcp-flags SYN SYN -j DROP
COMMIT
`,
}

// TestAGateWithThePublishedLimitsIsReadRight takes about a minute: that is what
// the default pace costs.
func TestAGateWithThePublishedLimitsIsReadRight(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes a minute")
	}
	for _, name := range []string{"unshare", "ip", "iptables-restore", "nginx", "openssl"} {
		if _, err := exec.LookPath(name); err != nil {
			missing(t, name+" is not installed")
		}
	}
	if out, err := exec.Command("unshare", "-n", "true").CombinedOutput(); err != nil {
		missing(t, "no new network namespace: "+string(out))
	}
	dir := t.TempDir()
	for name, text := range gateFiles {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(name string, args ...string) {
		cmd := exec.CommandContext(t.Context(), name, args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
	}
	run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem", "-out", "cert.pem",
		"-subj", "/CN=desk-a.agents.example", "-addext", "subjectAltName=DNS:desk-a.agents.example", "-days", "90")
	run("unshare", "-n", "sh", "-c", gateScript, "sh", build(t))
	load := func(name string) evidence.Document {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		b, err := evidence.ReadBundle(data)
		if err != nil || len(b.Document.TLSPosture) != 1 {
			t.Fatalf("%s: %d listeners, %v", name, len(b.Document.TLSPosture), err)
		}
		return b.Document
	}
	free, paced, rude := load("free.zip"), load("paced.zip"), load("rude.zip")
	if diff := cmp.Diff(facts(free), facts(paced)); diff != "" {
		t.Errorf("at the default pace the limits changed what was seen:\n%s", diff)
	}
	for _, g := range paced.Gaps {
		if g.Section == "tlsposture" {
			t.Errorf("at the default pace: %s", g.Reason)
		}
	}
	// Without a pace the gate goes dark. What was seen must be true all the same.
	truth := map[string]bool{}
	for _, f := range facts(free) {
		truth[f] = true
	}
	for _, f := range facts(rude) {
		if !truth[f] {
			t.Errorf("without a pace a wrong fact: %s", f)
		}
	}
	dark := false
	for _, g := range rude.Gaps {
		dark = dark || g.Section == "tlsposture"
	}
	if !dark {
		t.Error("the limits did not bite, so this proves nothing")
	}
}

// facts lists what is known of the listener, one text a fact.
func facts(d evidence.Document) []string {
	l := d.TLSPosture[0]
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for _, v := range l.Versions {
		if v.Answer != evidence.AnswerUnknown {
			add("version %s %s", v.Version, v.Answer)
		}
	}
	for _, s := range l.Suites {
		add("suite %s %04x", s.Version, s.ID)
	}
	for _, g := range l.Groups {
		add("group %s %04x", g.Version, g.ID)
	}
	for _, a := range l.ALPN {
		if a.Answer != evidence.AnswerUnknown {
			add("ALPN %s %s", a.Protocol, a.Answer)
		}
	}
	for _, c := range l.Chain {
		add("certificate %s", c.SHA256)
	}
	for name, o := range map[string]evidence.Optional[bool]{
		"tickets": l.Tickets, "resumption": l.Resumption, "compression": l.Compression,
		"secure renegotiation": l.SecureRenegotiation, "client renegotiation": l.ClientRenegotiation, "client certificate": l.ClientCertificate,
	} {
		if o.Known {
			add("%s %v", name, o.Value)
		}
	}
	for name, a := range map[string]evidence.SNIAnswer{"unknown name": l.UnknownName, "no name": l.NoName} {
		if a.Answer != evidence.AnswerUnknown {
			add("%s %s %s", name, a.Answer, a.Certificate)
		}
	}
	if l.JARM.Known {
		add("JARM %s", l.JARM.Value)
	}
	slices.Sort(out)
	return out
}
