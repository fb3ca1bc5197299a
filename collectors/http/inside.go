// SPDX-License-Identifier: Apache-2.0

package http

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/collectors/internal/exchange"
	"github.com/postern-audit/postern/internal/evidence"
)

// Caps of system information.
const (
	maxTokens = 5000
	maxDepth  = 16
	maxHosts  = 8
)

// systemHosts reads which servers SystemInfo names: <primaryNode><host> and
// <secondaryNode><host>, with the <httpsPort> beside them or, for both, outside.
// An answer that is something else names none.
func systemHosts(body []byte) ([]evidence.HTTPSystemHost, error) {
	if !bytes.Contains(body, []byte("<SystemInfo")) {
		return nil, nil
	}
	decoder := xml.NewDecoder(bytes.NewReader(body))
	var path []string
	var hosts []evidence.HTTPSystemHost
	common := 0
	ports := map[string]int{}
	for range maxTokens {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			for i := range hosts {
				if hosts[i].Port = ports[hosts[i].Role]; hosts[i].Port == 0 {
					hosts[i].Port = common
				}
			}
			if len(hosts) == 0 {
				return nil, errors.New("the system information names no server")
			}
			return hosts, nil
		}
		if err != nil {
			return nil, errors.New("the system information is no XML to its end")
		}
		switch token := token.(type) {
		case xml.StartElement:
			if path = append(path, token.Name.Local); len(path) > maxDepth {
				return nil, fmt.Errorf("the system information is nested more than %d deep", maxDepth)
			}
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			text := strings.TrimSpace(string(token))
			role, leaf := place(path)
			if text == "" || leaf == "" {
				continue
			}
			port, err := strconv.ParseUint(text, 10, 16)
			switch {
			case leaf == "host" && role != "" && len(hosts) < maxHosts:
				hosts = append(hosts, evidence.HTTPSystemHost{Role: role, Host: exchange.Text(text)})
			case leaf == "httpsPort" && err == nil && role != "":
				ports[role] = int(port)
			case leaf == "httpsPort" && err == nil:
				common = int(port)
			}
		}
	}
	return nil, fmt.Errorf("the system information has more than %d parts", maxTokens)
}

// place says of which node the innermost element tells.
func place(path []string) (role, leaf string) {
	if len(path) < 2 || path[0] != "SystemInfo" {
		return "", ""
	}
	leaf = path[len(path)-1]
	switch path[len(path)-2] {
	case "primaryNode":
		role = "primary"
	case "secondaryNode":
		role = "secondary"
	case "SystemInfo":
	default:
		leaf = ""
	}
	return role, leaf
}

// plainForms undoes the ways in which a slash or colon before a name is hidden
// in a URL or a script.
var plainForms = strings.NewReplacer("%2f", "/", "%3a", ":", `\u002f`, "/", `\x2f`, "/", `\/`, "/", "&#47;", "/", "&#x2f;", "/")

// internalNames lists the names and addresses of declared nodes that an answer
// tells, apart from the one that was asked.
func internalNames(t evidence.Target, asked string, a exchange.Answer) []string {
	if a.Status == 0 || t.Site == nil {
		return nil
	}
	var all strings.Builder
	for _, f := range a.Fields {
		all.WriteString(f.Value)
		all.WriteByte('\n')
	}
	all.Write(a.Body)
	text := plainForms.Replace(strings.ToLower(all.String()))
	asked = strings.ToLower(asked)
	var out []string
	seen := map[string]bool{}
	for _, n := range t.Site.Nodes {
		for _, name := range append([]string{n.Host}, n.Addresses...) {
			lower := strings.ToLower(name)
			if name == "" || seen[lower] || isExternal(t, lower) || strings.HasPrefix(asked, lower) || !tells(text, lower) {
				continue
			}
			seen[lower] = true
			out = append(out, name)
		}
	}
	return out
}

// isExternal reports whether a node's name is also one of the gate's: then it is
// no secret.
func isExternal(t evidence.Target, name string) bool {
	return slices.ContainsFunc(t.Endpoints, func(e evidence.Endpoint) bool { return strings.EqualFold(e.Host, name) })
}

// tells reports whether a name stands in a text as a whole.
func tells(text, name string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], name)
		if i < 0 {
			return false
		}
		from := at + i
		to := from + len(name)
		if (from == 0 || !partOfName(text[from-1], true)) && (to == len(text) || !partOfName(text[to], false)) {
			return true
		}
		at = from + 1
	}
}

// partOfName reports whether a byte beside a name makes it part of another. A
// dot behind may end a sentence.
func partOfName(c byte, before bool) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || before && c == '.'
}
