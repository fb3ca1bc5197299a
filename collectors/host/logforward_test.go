// SPDX-License-Identifier: Apache-2.0

package host_test

import (
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/evidence"
)

// forwarded reads the files of a tree and returns the targets and the gaps about
// them.
func forwarded(t *testing.T, files map[string]string) ([]evidence.LogForwarding, string) {
	t.Helper()
	m := memory{"tree/etc/hosts": file("::1 localhost\n")}
	for name, text := range files {
		m["tree/etc/"+name] = file(text)
	}
	record, gaps := collect(t, unredacted{m}, evidence.HostFiles{Root: "tree"})
	var reasons []string
	for _, g := range gaps {
		if g.Part == "log_forwardings" {
			reasons = append(reasons, g.Reason)
		}
	}
	return record.LogForwardings, strings.Join(reasons, "\n")
}

func TestEachFormOfRsyslogNamesItsTarget(t *testing.T) {
	for _, c := range []struct {
		name, text, host string
		port             int
		protocol         string
		tls, checked     bool
	}{
		{"UDP", "*.* @logs.corp.example\n", "logs.corp.example", 514, "udp", false, false},
		{"TCP", "*.*  @@Logs.corp.example:6514;RSYSLOG_SyslogProtocol23Format\n", "logs.corp.example", 6514, "tcp", false, false},
		{"compressed, to IPv6", "auth,authpriv.*;cron.=info @@(z9)[2001:db8::5]:601 # note\n", "2001:db8::5", 601, "tcp", false, false},
		{
			"legacy TLS", "$DefaultNetstreamDriver gtls\n$ActionSendStreamDriverMode 1\n$ActionSendStreamDriverAuthMode x509/name\n*.* @@10.9.0.99:6514\n",
			"10.9.0.99", 6514, "tcp", true, true,
		},
		{"TLS with no name checked", "*.* action(type=\"omfwd\" target=\"a\" port=\"6514\" protocol=\"tcp\" streamdriver=\"ossl\" StreamDriverMode=\"1\")\n", "a", 6514, "tcp", true, false},
		{"a default set below", "*.* action(type=\"omfwd\" target=\"a\" protocol=\"tcp\"\n streamdrivermode=\"1\" streamdriverauthmode=\"x509/fingerprint\")\nglobal(defaultNetstreamDriver=\"gtls\")\n", "a", 514, "tcp", true, true},
		{"RELP", "if $programname == 'nginx' then {\n  action(type=\"omrelp\" target=\"b\" port=\"2514\" tls=\"on\" tls.authmode=\"name\")\n  stop\n}\n", "b", 2514, "relp", true, true},
		{"on the host itself", "*.* @127.0.0.1:5514\n", "127.0.0.1", 5514, "udp", false, false},
	} {
		found, gaps := forwarded(t, map[string]string{"rsyslog.conf": c.text})
		if len(found) != 1 || gaps != "" {
			t.Errorf("%s: %+v %s", c.name, found, gaps)
			continue
		}
		f := found[0]
		if f.Host != c.host || f.Port.Value != c.port || f.Protocol != c.protocol || !f.TLS.Known || f.TLS.Value != c.tls || !f.PeerChecked.Known || f.PeerChecked.Value != c.checked {
			t.Errorf("%s: %+v", c.name, f)
		}
		if f.Loopback != (c.host == "127.0.0.1") || f.Source.Artifact != "tree/etc/rsyslog.conf" || f.Source.Line == 0 {
			t.Errorf("%s: %+v", c.name, f)
		}
	}
}

func TestIncludedFilesOfRsyslogAreFollowed(t *testing.T) {
	found, gaps := forwarded(t, map[string]string{
		"rsyslog.conf": "$IncludeConfig /etc/rsyslog.d/*.conf\ninclude(file=\"/etc/other.conf\")\n", "rsyslog.d/a.conf": "*.* @a\n", "rsyslog.d/b.old": "*.* @b\n",
		"other.conf": "/* a comment\n over lines with @@c */\n# *.* @d\n*.* \\\n  @e\n",
	})
	if len(found) != 2 || found[0].Host != "a" || found[1].Host != "e" || found[0].Selector != "*.*" || gaps != "" {
		t.Errorf("%+v %s", found, gaps)
	}
}

func TestTheAuthenticationOfALegacyActionIsUsedUpByTheFirst(t *testing.T) {
	found, _ := forwarded(t, map[string]string{
		"rsyslog.conf": "$DefaultNetstreamDriver gtls\n$ActionSendStreamDriverMode 1\n$ActionSendStreamDriverAuthMode x509/name\n*.* @@a:1\n*.* @@b:1\n",
	})
	if len(found) != 2 || !found[0].PeerChecked.Value || found[1].PeerChecked.Known || !found[1].TLS.Value {
		t.Errorf("%+v", found)
	}
}

func TestWhatOfRsyslogIsNotUnderstoodIsAGap(t *testing.T) {
	for name, text := range map[string]string{
		"another output":     "*.* action(type=\"omkafka\" broker=\"a\")\n",
		"no end":             "*.* action(type=\"omfwd\"\n target=\"a\"\n",
		"no target":          "*.* action(type=\"omfwd\" port=\"1\")\n",
		"no type":            "*.* action(target=\"a\")\n",
		"an odd target":      "*.* @@a b\n",
		"no statement":       "<xml/>\n",
		"a computed include": "include(text=\"a\")\n",
		"a mode alone":       "*.* action(type=\"omfwd\" target=\"a\" protocol=\"tcp\" StreamDriverMode=\"1\")\n",
		"a circle":           "$IncludeConfig /etc/rsyslog.conf\n",
		"a far include":      "$IncludeConfig /etc/*/x.conf\n",
	} {
		if _, gaps := forwarded(t, map[string]string{"rsyslog.conf": text}); gaps == "" {
			t.Errorf("%s leaves no gap", name)
		}
	}
}

func TestTheJournalMayBeUploadedInstead(t *testing.T) {
	found, gaps := forwarded(t, map[string]string{
		"systemd/journal-upload.conf":          "[Upload]\n# URL=\nURL=http://old.example\n",
		"systemd/journal-upload.conf.d/a.conf": "[Upload]\nURL=Logs.corp.example\n",
	})
	if len(found) != 1 || gaps != "" {
		t.Fatalf("%+v %s", found, gaps)
	}
	if f := found[0]; f.By != evidence.ForwarderJournal || f.Host != "logs.corp.example" || f.Port.Value != 19532 || !f.TLS.Value || !f.PeerChecked.Value || f.Protocol != "https" {
		t.Errorf("%+v", f)
	}
	if found, gaps := forwarded(t, map[string]string{"systemd/journal-upload.conf": "[Upload]\nURL=\n"}); len(found) != 0 || !strings.Contains(gaps, "rsyslog.conf") {
		t.Errorf("no target is taken for one: %+v %s", found, gaps)
	}
}

func TestTheSizeOfTheMachineIsRead(t *testing.T) {
	record, _ := collectClean(t)
	h := record.Hardware
	if h.CPUs.Value != 8 || h.MemoryBytes.Value != 16<<30 || len(h.Volumes) != 8 || h.CPUSource.Line != 5 || h.MemorySource.Line != 1 {
		t.Errorf("%+v", h)
	}
	if v := h.Volumes[2]; v.Path != "/" || v.SizeBytes != 73364480<<10 || v.AvailableBytes != 64240128<<10 || v.Source.Line != 4 {
		t.Errorf("%+v", v)
	}
	m := memory{
		"cpu": file("Architecture: x86_64\nCPU(s): 8\nOff-line CPU(s) list: 2,4-6\n"), "mem": file("MemTotal: 8000000 kB\n"),
		"df": file("Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1        98G  5.1G   88G   6% /\n"),
	}
	record, _ = collect(t, m, evidence.HostFiles{CPU: "cpu", Memory: "mem", Volumes: "df"})
	if h := record.Hardware; h.CPUs.Value != 4 || h.MemoryBytes.Value != 8000000<<10 || len(h.Volumes) != 1 || h.Volumes[0].SizeBytes != 98<<30 {
		t.Errorf("%+v", h)
	}
}
