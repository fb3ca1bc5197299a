// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// corsForAll is the state of a filter that lets every origin pass.
const corsForAll = "enabled for all"

// application is what a node serves at one of its ports. Like a real one it
// knows by the Host whether it is asked through the gate, and then hands out the
// external names of the map. It has accounts, but nobody knows their passwords.
type application struct {
	node  node
	port  int
	shell VOSNode
}

// self is the name by which this endpoint was asked.
func (a application) self(r *http.Request) string { return a.name(r, endpoint(a.node.Host, a.port)) }

// name is what an endpoint is called towards whoever asks.
func (a application) name(r *http.Request, internal string) string {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	if external := outside[internal]; external != "" && !strings.EqualFold(host, a.node.Host) {
		return external
	}
	return internal
}

// through reports whether a request came by the gate.
func (a application) through(r *http.Request) bool { return a.self(r) != endpoint(a.node.Host, a.port) }

// linked reports whether a page has a link to the desktop. A page may keep to
// itself where a request comes from, and the gate may have put inside names in
// place of its own.
func (a application) linked(referer string) bool {
	u, err := url.Parse(referer)
	if referer == "" || err != nil {
		return referer == ""
	}
	known := []string{"desk-a.agents.example", "desk-b.agents.example", "sso.example", "crm.example", a.node.Host}
	return slices.Contains(known, strings.ToLower(u.Hostname()))
}

// ServeHTTP implements http.Handler.
func (a application) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	h.Set("Content-Security-Policy", "frame-ancestors 'self'")
	h.Set("Cache-Control", "no-store")
	if a.through(r) {
		// The reference proxy leaves these two to others; nginx does not.
		if !strings.HasPrefix(r.UserAgent(), "Mozilla/5") {
			refuse(w, http.StatusPreconditionFailed)
			return
		}
		if !a.linked(r.Referer()) {
			refuse(w, http.StatusExpectationFailed)
			return
		}
	}
	if a.crossOrigin(w, r) {
		return
	}
	switch a.node.Role {
	case "finesse":
		a.finesse(w, r)
	case "cuic":
		a.cuic(w, r)
	case "livedata":
		a.liveData(w, r)
	default:
		a.identity(w, r)
	}
}

// crossOrigin is the filter in front of the application. It is true when the
// answer is given: to preflights, and to origins that are not on the list.
func (a application) crossOrigin(w http.ResponseWriter, r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || len(a.shell.CORS) == 0 || origin == "https://"+a.self(r) || r.Header.Get("Upgrade") != "" {
		return false
	}
	filter := a.shell.CORS[0]
	w.Header().Add("Vary", "Origin")
	if filter.Status != corsForAll && !slices.Contains(filter.Origins, origin) {
		refuse(w, http.StatusForbidden)
		return true
	}
	w.Header().Set("Access-Control-Allow-Origin", origin)
	w.Header().Set("Access-Control-Allow-Credentials", "true")
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		w.Header().Set("Access-Control-Expose-Headers", "location,requestid")
		return false
	}
	w.Header().Set("Access-Control-Allow-Methods", "GET,POST,PUT,DELETE,HEAD,OPTIONS")
	w.Header().Set("Access-Control-Allow-Headers", strings.Join(append([]string{"authorization", "content-type", "requestid", "range"}, filter.Headers...), ","))
	w.Header().Set("Access-Control-Max-Age", "300")
	return true
}

func (a application) finesse(w http.ResponseWriter, r *http.Request) {
	// In the local network anybody may ask which servers there are, through the gate
	// only who logs in.
	switch p := r.URL.Path; {
	case p == "/":
		a.redirect(w, r, "/desktop/container/")
	case p == "/desktop/api/DesktopConfig":
		// The page that one signs in on needs it.
		host, port, _ := net.SplitHostPort(a.self(r))
		other, _, _ := net.SplitHostPort(a.name(r, map[string]string{"fin-a": "fin-b.corp.example:8445", "fin-b": "fin-a.corp.example:8445"}[a.node.Name]))
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, "{\"DesktopConfig\": {\"host\": %q, \"httpsPort\": %q, \"alternateHost\": %q, \"isProxyRequest\": %t}}\n", host, port, other, a.through(r))
	case strings.HasPrefix(p, "/desktop/api/"):
		unauthorized(w)
	case strings.HasPrefix(p, "/desktop/"):
		w.Header().Set("Content-Security-Policy", "frame-ancestors "+strings.Join(append([]string{"'self'"}, a.shell.FrameList...), " "))
		page(w, "Cisco Finesse")
	case p == "/finesse/api/SystemInfo" && !a.through(r):
		w.Header().Set("Content-Type", "application/xml")
		fmt.Fprint(w, "<SystemInfo><deploymentType>UCCE</deploymentType><status>IN_SERVICE</status>")
		for _, n := range [...]struct{ element, endpoint string }{{"primaryNode", "fin-a.corp.example:8445"}, {"secondaryNode", "fin-b.corp.example:8445"}} {
			host, port, _ := net.SplitHostPort(a.name(r, n.endpoint))
			fmt.Fprintf(w, "<%s><host>%s</host><httpsPort>%s</httpsPort></%s>", n.element, host, port, n.element)
		}
		fmt.Fprint(w, "</SystemInfo>\n")
	case strings.HasPrefix(p, "/finesse/api/"), strings.HasPrefix(p, "/gadgets/"):
		unauthorized(w)
	case strings.HasPrefix(p, "/ws") && r.Header.Get("Origin") != "" && r.Header.Get("Origin") != "https://"+a.self(r):
		refuse(w, http.StatusForbidden)
	case strings.HasPrefix(p, "/ws"):
		unauthorized(w)
	default:
		refuse(w, http.StatusNotFound)
	}
}

func (a application) cuic(w http.ResponseWriter, r *http.Request) {
	switch p := r.URL.Path; {
	case p == "/" && a.port == 8444:
		a.redirect(w, r, "/cuicui/Main.jsp")
	case p == "/cuic/rest/about": // one server listens at both ports
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, "{\"product\": \"Unified Intelligence Center\", \"url\": \"https://%s/\"}\n", a.self(r))
	case strings.HasPrefix(p, "/cuic/") && a.port == 8444:
		unauthorized(w)
	case strings.HasPrefix(p, "/cuicdoc/") && a.port == 8447:
		page(w, "Online help")
	default:
		refuse(w, http.StatusNotFound)
	}
}

func (a application) liveData(w http.ResponseWriter, r *http.Request) {
	switch p := r.URL.Path; {
	case strings.HasPrefix(p, "/livedata/") && a.port == 12005, (p == "/security" || strings.HasPrefix(p, "/socket.io/")) && a.port == 12008:
		unauthorized(w)
	default:
		refuse(w, http.StatusNotFound)
	}
}

func (a application) identity(w http.ResponseWriter, r *http.Request) {
	switch p := r.URL.Path; {
	case p == "/ids/v1/oauth/authorize":
		// It sends browsers on to the identity provider.
		target := url.URL{Scheme: "https", Host: "sso.example", Path: "/adfs/ls/"}
		http.Redirect(w, r, target.String(), http.StatusFound)
	case strings.HasPrefix(p, "/ids/v1/"):
		unauthorized(w)
	default:
		refuse(w, http.StatusNotFound)
	}
}

func (a application) redirect(w http.ResponseWriter, r *http.Request, path string) {
	w.Header().Set("Location", "https://"+a.self(r)+path)
	w.WriteHeader(http.StatusFound)
}

func page(w http.ResponseWriter, title string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, "<!DOCTYPE html><title>%s</title>\n", title)
}

func refuse(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintln(w, http.StatusText(status))
}

func unauthorized(w http.ResponseWriter) {
	w.Header().Set("WWW-Authenticate", `Basic realm="Contact centre"`)
	refuse(w, http.StatusUnauthorized)
}

// mapServer serves the proxy map, and nothing else.
func mapServer(text []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/proxymap.txt" {
			refuse(w, http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write(text)
	})
}
