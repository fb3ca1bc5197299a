// SPDX-License-Identifier: Apache-2.0

package saml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/postern-audit/postern/internal/evidence"
)

const maxClientsBytes = 256 << 10

// clients reads the list of clients of the identity service: a sequence of
// entries with the keys client and redirect_uris. What is not of that form is a
// gap and costs its own entry only.
func (g *gatherer) clients(art evidence.Artifact) {
	if len(art.Text) > maxClientsBytes {
		g.gap(fmt.Sprintf("%s: longer than %d bytes", art.Path, maxClientsBytes), g.at(1, 1))
		return
	}
	var document, more yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(art.Text))
	if err := decoder.Decode(&document); err != nil && !errors.Is(err, io.EOF) {
		g.gap(art.Path+": it is not YAML", g.at(yamlLine(err), 1))
		return
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		g.gap(art.Path+": what follows the first document was not read", g.at(max(more.Line, 1), 1))
	}
	if len(document.Content) != 1 || document.Content[0].Kind != yaml.SequenceNode {
		g.gap(art.Path+": it is no list of clients", g.at(1, 1))
		return
	}
	for _, entry := range document.Content[0].Content {
		g.client(entry)
	}
	if len(g.record.Clients) == 0 {
		g.gap(art.Path+": no client in it", g.at(1, 1))
	}
}

// yamlLine finds the line that an error of the decoder names.
func yamlLine(err error) int {
	if m := regexp.MustCompile(`line (\d{1,7})`).FindStringSubmatch(err.Error()); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil {
			return max(n, 1)
		}
	}
	return 1
}

func (g *gatherer) client(entry *yaml.Node) {
	wrong := func(n *yaml.Node, reason string) {
		g.gap(g.artifact+": "+reason, g.at(n.Line, n.Column))
	}
	if entry.Kind != yaml.MappingNode {
		wrong(entry, "an entry is no client")
		return
	}
	client := evidence.IdSClient{Source: g.at(entry.Line, entry.Column)}
	var redirects *yaml.Node
	seen := map[string]bool{}
	for i := 0; i+1 < len(entry.Content); i += 2 {
		key, value := entry.Content[i], entry.Content[i+1]
		switch {
		case seen[key.Value]:
			wrong(key, "a key stands twice in one client; the second one was left out")
		case key.Value == "client" && value.Kind == yaml.ScalarNode:
			client.Client = value.Value
		case key.Value == "redirect_uris" && value.Kind == yaml.SequenceNode:
			redirects = value
		case key.Value == "client" || key.Value == "redirect_uris":
			wrong(value, "the value of "+key.Value+" has another form")
		default:
			wrong(key, "a client has the keys client and redirect_uris; another one was left out")
		}
		seen[key.Value] = true
	}
	if client.Client == "" {
		wrong(entry, "a client without a name")
	}
	if redirects == nil {
		wrong(entry, "a client without redirect_uris")
		redirects = &yaml.Node{}
	}
	for _, n := range redirects.Content {
		if n.Kind != yaml.ScalarNode {
			wrong(n, "a redirect URI is no text")
			continue
		}
		if len(g.record.Redirects) == maxFacts {
			wrong(n, fmt.Sprintf("more than %d redirect URIs; the rest was left out", maxFacts))
			break
		}
		client.Redirects++
		r := redirect(n.Value)
		r.Client, r.Source = client.Client, g.at(n.Line, n.Column)
		if !r.Absolute {
			wrong(n, "a redirect URI is no absolute URL")
		}
		g.record.Redirects = append(g.record.Redirects, r)
	}
	g.record.Clients = append(g.record.Clients, client)
}

func redirect(text string) evidence.RedirectURI {
	text = strings.TrimSpace(text)
	r := evidence.RedirectURI{URL: text, Wildcard: strings.Contains(text, "*")}
	if u, ok := splitURL(text); ok {
		r.URL, r.Absolute, r.Scheme, r.Host, r.Port, r.HasPort, r.Path = u.text, true, u.scheme, u.host, u.port, u.hasPort, u.path
		r.Query, r.Fragment = u.query, u.fragment
	}
	return r
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$`)

// address is an absolute URL in its parts.
type address struct {
	text, scheme, host, path string
	port                     int
	hasPort, query, fragment bool
}

// splitURL takes an absolute URL apart. Where it names no port, that of the
// scheme is given. A user and a password in it are left out.
func splitURL(text string) (address, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || u.Hostname() == "" {
		return address{}, false
	}
	if u.User != nil {
		u.User = nil
		text = u.String()
	}
	a := address{
		text: text, scheme: u.Scheme, host: strings.ToLower(u.Hostname()), path: u.Path,
		query: u.RawQuery != "" || u.ForceQuery, fragment: u.Fragment != "",
	}
	switch u.Scheme {
	case "https":
		a.port = 443
	case "http":
		a.port = 80
	}
	if text := u.Port(); text != "" {
		a.port, err = strconv.Atoi(text)
		a.hasPort = true
		if err != nil || a.port < 1 || a.port > 65535 {
			return address{}, false
		}
	}
	return a, true
}
