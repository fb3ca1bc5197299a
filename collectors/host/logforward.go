// SPDX-License-Identifier: Apache-2.0

package host

import (
	"errors"
	"io/fs"
	"net/url"
	"path"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// journalPort is where journal-upload sends to when the URL names no port.
const journalPort = 19532

// forwardings reads where rsyslog and the journal send the log to. A host may well
// have only one of the two; one of them has to be there, or nothing is known.
func forwardings(g *gatherer) {
	g.treePart(evidence.PartLogForwarding, "etc/rsyslog.conf", func() bool {
		journal := journalUpload(g)
		_, err := fs.Stat(g.tree, "etc/rsyslog.conf")
		if errors.Is(err, fs.ErrNotExist) && journal {
			return true
		}
		r := &rsyslogReader{g: g}
		if !r.read("etc/rsyslog.conf", true) {
			return journal
		}
		for _, f := range r.found {
			g.record.LogForwardings = append(g.record.LogForwardings, r.settled(f))
		}
		return true
	})
}

// journalUpload reads journal-upload.conf(5) and the files that go over it, and
// reports whether they name a target.
func journalUpload(g *gatherer) bool {
	const main = "etc/systemd/journal-upload.conf"
	names := []string{main}
	entries, _ := g.folder(main + ".d")
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".conf") && !e.IsDir() {
			names = append(names, path.Join(main+".d", e.Name()))
		}
	}
	target, trusted := "", ""
	var source evidence.Source
	for _, name := range names {
		x, ok := g.open(name, false)
		if !ok {
			continue
		}
		section := ""
		for i, line := range x.lines {
			line = strings.TrimSpace(line)
			key, value, isSetting := strings.Cut(line, "=")
			switch key = strings.TrimSpace(key); {
			case line == "" || line[0] == '#' || line[0] == ';':
			case line[0] == '[':
				section = line
			case !isSetting:
				x.bad(i+1, "is no setting")
			case section == "[Upload]" && key == "URL":
				target, source = strings.TrimSpace(value), x.at(i+1)
			case section == "[Upload]" && key == "TrustedCertificateFile":
				trusted = strings.TrimSpace(value)
			}
		}
	}
	if target == "" {
		return false
	}
	if !strings.Contains(target, "://") {
		target = "https://" + target
	}
	u, err := url.Parse(target)
	if err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" {
		g.gap("the URL of journal-upload is none", source)
		return true
	}
	encrypted := u.Scheme == "https"
	g.record.LogForwardings = append(g.record.LogForwardings, evidence.LogForwarding{
		By: evidence.ForwarderJournal, Host: strings.ToLower(u.Hostname()), Port: portOr(u.Port(), journalPort), Protocol: map[bool]string{true: "https", false: "http"}[encrypted],
		TLS: evidence.Known(encrypted, evidence.Explicit), PeerChecked: evidence.Known(encrypted && trusted != "-" && trusted != "all", evidence.Explicit),
		Loopback: isLoopback(strings.ToLower(u.Hostname())), Source: source,
	})
	return true
}
