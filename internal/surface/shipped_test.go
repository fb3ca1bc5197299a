// SPDX-License-Identifier: Apache-2.0

package surface_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/policy"
	"github.com/postern-audit/postern/internal/surface"
	"github.com/postern-audit/postern/policies"
)

func TestEveryBaseProfileHasASurfaceThatKnowsItsPorts(t *testing.T) {
	for _, name := range policy.ProfileNames(policies.FS) {
		s, err := surface.Shipped(policies.FS, name)
		if err != nil {
			t.Error(err)
			continue
		}
		profile, err := policy.LoadProfile(policies.FS, evidence.ProfileChoice{Base: name})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range profile.Parameters.Components {
			for _, port := range c.Ports {
				if s.Find("", string(c.Role), port) == nil {
					t.Errorf("%s: no component of the surface answers on port %d of role %s", name, port, c.Role)
				}
			}
		}
	}
}

func shipped(t *testing.T, name string) *surface.Surface {
	t.Helper()
	s, err := surface.Shipped(policies.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAComponentIsFoundByNodeRoleAndPort(t *testing.T) {
	own, err := surface.Parse("own.yaml", []byte(head+"extends: finesse-12.6.2\ncomponents:\n  - name: ece-1\n    paths: [{path: /ece/**, methods: [GET], auth: auth}]\n"), policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		s          *surface.Surface
		node, role string
		port       int
		want       string
	}{
		{shipped(t, "finesse-12.6.1"), "fin-a", "finesse", 8445, "finesse"},
		{shipped(t, "finesse-12.6.1"), "fin-a", "finesse", 8443, ""}, // platform administration
		{shipped(t, "finesse-12.6.1"), "", "", 8445, "finesse"},
		{shipped(t, "finesse-12.6.1"), "cc-a", "cloudconnect", 8445, "cloudconnect"},
		{shipped(t, "finesse-12.6.1"), "cuic-a", "cuic", 443, ""},
		{shipped(t, "finesse-12.6.2"), "cuic-a", "cuic", 443, "cuic"},
		{shipped(t, "finesse-15.0"), "ld-a", "livedata", 443, "livedata"},
		{shipped(t, "finesse-15.0"), "", "", 443, ""},
		{shipped(t, "uccx-12.5"), "uccx1", "uccx", 9443, "livedata"},
		{shipped(t, "uccx-12.5"), "uccx1", "uccx", 12015, "livedata"},
		{shipped(t, "uccx-12.5"), "uccx1", "uccx", 8445, "finesse"},
		{shipped(t, "uccx-12.5"), "uccx1", "uccx", 8443, ""},
		{shipped(t, "uccx-12.5"), "livedata", "uccx", 8445, ""},
		{shipped(t, "uccx-12.5"), "ccp", "socialminer", 443, ""},
		{shipped(t, "finesse-12.6.1"), "", "idp", 49443, "idp"},
		{shipped(t, "finesse-12.6.1"), "crm", "gadget", 8445, ""},
		{own, "ece-1", "gadget", 9000, "ece-1"},
		{own, "ece-2", "gadget", 9000, ""},
	} {
		got := ""
		if found := c.s.Find(c.node, c.role, c.port); found != nil {
			got = found.Name
		}
		if got != c.want {
			t.Errorf("%s: node %q, role %q, port %d: %q, want %q", c.s.Name, c.node, c.role, c.port, got, c.want)
		}
	}
}

// The rows of the published table, each with one request that it allows or closes.
func TestTheShippedSurfaceSaysWhatTheTableOfPathsSays(t *testing.T) {
	s := shipped(t, "finesse-12.6.1")
	const closed, unlisted, otherMethod = "closed", "unlisted", "other method"
	for _, c := range []struct{ component, method, path, want string }{
		{"finesse", "GET", "/desktop", "public"},
		{"finesse", "GET", "/desktop/container/", "public"},
		{"finesse", "GET", "/desktop/theme/finesse/css/x.css", "public"},
		{"finesse", "POST", "/desktop/x", otherMethod},
		{"finesse", "GET", "/desktop/api/DesktopConfig", "flow"},
		{"finesse", "HEAD", "/desktop/api/DesktopConfig", "flow"},
		{"finesse", "GET", "/desktop/api/urls", closed},
		{"finesse", "GET", "/desktop/api/ResourceURLs", closed},
		{"finesse", "GET", "/desktop/sso/authcode", "flow"},
		{"finesse", "POST", "/desktop/sso/token", "flow"},
		{"finesse", "POST", "/desktop/container/j_security_check", "flow"},
		{"finesse", "GET", "/finesse/api/SystemInfo", "auth"},
		{"finesse", "PUT", "/finesse/api/User/1001001", "auth"},
		{"finesse", "GET", "/finesse/api/User/1001001/Dialogs", "auth"},
		{"finesse", "DELETE", "/finesse/api/User/1001001", otherMethod},
		{"finesse", "GET", "/finesse/api/User", unlisted},
		{"finesse", "GET", "/finesse/api/user/1001001", unlisted},
		{"finesse", "GET", "/finesse/api/Users", closed},
		{"finesse", "GET", "/finesse/api/Users/x", closed},
		{"finesse", "GET", "/finesse/api/Team/5", "auth"},
		{"finesse", "PUT", "/finesse/api/Team/5", otherMethod},
		{"finesse", "GET", "/finesse/api/Teams", closed},
		{"finesse", "GET", "/finesse/api/TeamResource/5/ReasonCodes", "auth"},
		{"finesse", "POST", "/finesse/api/ClientLog", "auth"},
		{"finesse", "GET", "/finesse/api/ChatConfig", "auth"},
		{"finesse", "PUT", "/finesse/api/ChatConfig", otherMethod},
		{"finesse", "GET", "/finesse/api/ECCVariableConfig", "auth"},
		{"finesse", "PUT", "/finesse/api/MediaDomain", otherMethod},
		{"finesse", "GET", "/finesse/api/UserAuth", closed},
		{"finesse", "GET", "/finesse/api/UserAuthMode/7", closed},
		{"finesse", "GET", "/3rdpartygadget/files/a/b.xml", "public"},
		{"finesse", "GET", "/3rdpartygadget/admin", unlisted},
		{"finesse", "POST", "/gadgets/makeRequest", "auth"},
		{"finesse", "GET", "/ws", "auth"},
		{"finesse", "GET", "/tunnel/EventTunnel.js", "public"},
		{"finesse", "POST", "/http-bind", closed},
		{"finesse", "GET", "/cfadmin", closed},
		{"finesse", "GET", "/cfadminx", unlisted},
		{"finesse", "GET", "/fippa/x", closed},
		{"finesse", "GET", "/finesse-ipphone", closed},
		{"finesse", "GET", "/finesse/api/SystemConfig", closed},
		{"finesse", "PUT", "/finesse/api/PhoneBook/1", closed},
		{"finesse", "GET", "/finesse/api/WorkflowActions", closed},
		{"finesse", "GET", "/finesse/api/CloudConnect", closed},
		{"finesse", "GET", "/finesse/api/ConnectedUsersInfo", closed},
		{"finesse", "GET", "/finesse/api/performance", closed},
		{"finesse", "GET", "/finesse-dp/rest/x", closed},
		{"finesse", "GET", "/", unlisted},
		{"finesse", "GET", "/desktop/../cfadmin", "not plain"},
		{"finesse", "GET", "/desktop/..%2fcfadmin", "not plain"},
		{"finesse", "GET", "/desktop/..;/cfadmin", "not plain"},
		{"finesse", "GET", "//cfadmin", "not plain"},
		{"cuic", "GET", "/cuic/rest/about", "public"},
		{"cuic", "GET", "/cuic/gadget/LiveData/LiveDataGadget.xml", "auth"},
		{"cuic", "GET", "/cuicdoc/help.htm", "public"},
		{"cuic", "POST", "/cuic/rest/en_US/reports/execute/newRest/", "auth"},
		{"cuic", "POST", "/cuic/rest/admin/reports/execute/x", closed},
		{"cuic", "GET", "/cuic/rest/usersessiondetail/all", closed},
		{"cuic", "GET", "/cuic/Main.htmx", unlisted},
		{"cuic", "GET", "/cuicui/Main.jsp", closed},
		{"cuic", "GET", "/oamp/", closed},
		{"livedata", "GET", "/livedata/security", "auth"},
		{"livedata", "POST", "/livedata/token/new", "auth"},
		{"livedata", "GET", "/socket.io/", "auth"},
		{"livedata", "GET", "/security", "auth"},
		{"ids", "GET", "/ids/v1/oauth/authorize", "flow"},
		{"ids", "POST", "/ids/saml/response", "flow"},
		{"ids", "PUT", "/ids/v1/oauth/token", otherMethod},
		{"ids", "GET", "/idsadmin/x", closed},
		{"imp", "POST", "/httpbinding", "auth"},
		{"cloudconnect", "POST", "/drapi/v1/tasks", "source"},
		{"cloudconnect", "GET", "/drapi/v1/tasks", otherMethod},
		{"cloudconnect", "GET", "/drapi/v1/ping", closed},
		{"idp", "POST", "/adfs/ls/", "flow"},
		{"idp", "GET", "/adfs/services/trust", unlisted},
		{"cuic", "GET", "/cmplatform", closed},
		{"ids", "GET", "/appadmin/main", closed},
	} {
		answer := s.Decide(s.Named(c.component), c.method, c.path)
		got := unlisted
		switch {
		case !answer.Plain:
			got = "not plain"
		case answer.Allow:
			got = string(answer.Path.Auth)
		case answer.Closed != nil:
			got = closed
		case answer.Path != nil:
			got = otherMethod
		}
		if got != c.want {
			t.Errorf("%s: %s %s is %s, want %s", c.component, c.method, c.path, got, c.want)
		}
	}
	var edge []string
	for _, c := range s.Named("finesse").Closed {
		if c.Edge {
			edge = append(edge, c.Template.String())
		}
	}
	if want := []string{"/finesse/api/Users/**", "/desktop/api/urls/**", "/desktop/api/ResourceURLs/**", "/finesse/api/UserAuth/**"}; !slices.Equal(edge, want) {
		t.Errorf("the edge itself may ask for %v, want %v", edge, want)
	}
}

func TestNoAllowedPathIsAnotherInOtherCase(t *testing.T) {
	for _, name := range surface.Names(policies.FS) {
		for _, c := range shipped(t, name).Components {
			for i, p := range c.Paths {
				for _, q := range c.Paths[:i] {
					if a, b := p.Template.String(), q.Template.String(); a != b && strings.EqualFold(a, b) {
						t.Errorf("%s: %s and %s differ in case only", name, a, b)
					}
				}
			}
		}
	}
}

func TestPreflightsWantNoCredentials(t *testing.T) {
	p := surface.Path{Auth: surface.AuthAgent}
	if !p.WantsCredentials("GET") || p.WantsCredentials("OPTIONS") || (surface.Path{Auth: surface.AuthFlow}).WantsCredentials("GET") {
		t.Error("credentials are wanted of the wrong requests")
	}
}

// A surface goes through redaction like every file of a bundle.
func TestRedactionLeavesSurfacesAsTheyAre(t *testing.T) {
	for _, name := range surface.Names(policies.FS) {
		text, err := policies.FS.ReadFile("paths/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		if kept, marks := evidence.Redact(text); string(kept) != string(text) || len(marks) > 0 {
			t.Errorf("%s: %d marks", name, len(marks))
		}
	}
}
