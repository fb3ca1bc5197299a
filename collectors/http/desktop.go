// SPDX-License-Identifier: Apache-2.0

package http

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/collectors/internal/exchange"
	"github.com/postern-audit/postern/internal/evidence"
)

// member is a named text of the desktop's configuration. Members of one group
// stand in one object, or below one element.
type member struct {
	group       int
	name, value string
}

// desktopOf reads the desktop's configuration, which may be JSON or XML. An answer
// that is something else, such as a page, leaves it unknown.
func desktopOf(body []byte, source evidence.Source) evidence.HTTPDesktop {
	read := jsonMembers
	if trimmed := bytes.TrimSpace(body); bytes.HasPrefix(trimmed, []byte("<")) {
		read = xmlMembers
	}
	members, err := read(body)
	if err != nil {
		return evidence.HTTPDesktop{}
	}
	out := evidence.HTTPDesktop{Source: source}
	ports := map[int]int{}
	for _, m := range members {
		if n, err := strconv.ParseUint(m.value, 10, 16); err == nil && n > 0 && strings.EqualFold(m.name, "httpsPort") {
			ports[m.group] = int(n)
		}
	}
	for _, m := range members {
		switch {
		case strings.EqualFold(m.name, "isProxyRequest"):
			if b, err := strconv.ParseBool(strings.ToLower(m.value)); err == nil {
				out.Known, out.ProxyRequest = true, evidence.Known(b, evidence.Observed)
			}
		case strings.HasSuffix(strings.ToLower(m.name), "host") && len(out.Hosts) < maxHosts:
			host, port := m.value, ports[m.group]
			if h, p, err := net.SplitHostPort(host); err == nil {
				n, _ := strconv.ParseUint(p, 10, 16) // 0 is none
				host, port = h, int(n)
			}
			if hostForm.MatchString(host) {
				out.Known = true
				out.Hosts = append(out.Hosts, evidence.HTTPDesktopHost{Name: exchange.Text(m.name), Host: strings.ToLower(host), Port: port, Source: source})
			}
		}
	}
	if !out.Known {
		return evidence.HTTPDesktop{}
	}
	return out
}

var hostForm = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9.:_-]{0,251}[A-Za-z0-9])?$`)

var errTooLarge = errors.New("too many parts, or nested too deep")

// jsonMembers lists the members of all objects whose value is a text, a number or
// a truth value.
func jsonMembers(body []byte) ([]member, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	type level struct {
		group  int
		object bool
		name   string // of the member at hand, empty where a name is expected
	}
	var open []level
	var out []member
	groups := 0
	for range maxTokens {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		var top *level
		if len(open) > 0 {
			top = &open[len(open)-1]
		}
		if delim, ok := token.(json.Delim); ok {
			switch delim {
			case '{', '[':
				if top != nil {
					top.name = ""
				}
				if len(open) == maxDepth {
					return nil, errTooLarge
				}
				groups++
				open = append(open, level{group: groups, object: delim == '{'})
			default:
				open = open[:len(open)-1]
			}
			continue
		}
		switch name, isText := token.(string); {
		case top == nil || !top.object:
		case top.name == "" && isText:
			top.name = name
			if name == "" {
				top.name = " " // an empty name is one all the same
			}
		default:
			out = append(out, member{top.group, top.name, fmt.Sprint(token)})
			top.name = ""
		}
	}
	return nil, errTooLarge
}

// xmlMembers lists the texts of all elements.
func xmlMembers(body []byte) ([]member, error) {
	decoder := xml.NewDecoder(bytes.NewReader(body))
	type level struct {
		group int
		name  string
	}
	var open []level
	var out []member
	groups := 0
	for range maxTokens {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if len(open) == maxDepth {
				return nil, errTooLarge
			}
			groups++
			open = append(open, level{groups, token.Name.Local})
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if text := strings.TrimSpace(string(token)); text != "" && len(open) > 1 {
				out = append(out, member{open[len(open)-2].group, open[len(open)-1].name, text})
			}
		}
	}
	return nil, errTooLarge
}
