// SPDX-License-Identifier: Apache-2.0

package vos_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/vos"
)

func ask(command, answer string) vos.Transcript {
	return vos.Parse([]byte("admin:" + command + "\n" + answer + "\nadmin:"))
}

func TestEachInferredStatusIsReadInSeveralSpellingsAndNoOthers(t *testing.T) {
	for _, c := range []struct {
		name    string
		command vos.StatusCommand
		want    map[string]string
	}{
		{"finesse CORS", vos.CORSStatus("finesse"), map[string]string{
			"Cisco Finesse CORS is enabled.": "enabled", "CORS is enabled": "enabled", "Cors Status: enabled": "enabled", "enabled": "enabled",
			"Cisco Finesse CORS is enabled for all.": "enable_all", "CORS is enable_all": "enable_all", "CORS is enabled for all origins": "enable_all", "enable_all": "enable_all",
			"Cisco Finesse CORS is disabled now.": "disabled", "CORS is disabled": "disabled", "disabled": "disabled",
			"It is not true that CORS is enabled": "", "CORS is enabled for all except one": "", "CORS is not enabled": "", "CORS is enabled\nfor nobody": "",
			"CORS may be disabled": "", "CORS is enabled and disabled": "", "on": "",
		}},
		{"CUIC CORS", vos.CORSStatus("cuic"), map[string]string{
			"CUIC CORS is enabled": "enabled", "Status: true": "enabled", "true": "enabled", "Unified Intelligence Center CORS is disabled": "disabled", "false": "disabled", "CORS: no": "",
		}},
		{"Live Data CORS", vos.CORSStatus("live-data"), map[string]string{
			"Live Data CORS is enabled": "enabled", "LiveData CORS is disabled.": "disabled", "CORS status : enabled": "enabled", "CORS enabled yesterday": "",
		}},
		{"private network access", vos.PrivateNetworkAccess("cuic"), map[string]string{
			"Private network access is enabled": "enabled", "private-network-access is disabled": "disabled", "Status: enabled": "enabled", "CORS private network access : true": "enabled", "granted": "",
		}},
		{"xframe", vos.XFrame(), map[string]string{
			"xframe is enable_all": "enable_all", "X-Frame-Options is disabled": "disabled", "Cisco Finesse xframe is enabled for all": "enable_all", "xframe status: disabled": "disabled", "enabled": "enabled",
			"xframe is not enabled": "", "xframe is disabled by mistake": "",
		}},
		{"gadget source check", vos.GadgetSourceCheck(), map[string]string{
			"Gadget source check is enabled": "enabled", "gadget_source_check is disabled": "disabled", "Cisco Finesse gadget source check is enabled now.": "enabled", "Status: disabled": "disabled", "checked": "",
		}},
		{"TLS minimum", vos.TLSMinimum("server"), map[string]string{
			"The server tls min-version is set to 1.2": "1.2", "Configured TLS minimum version: 1.2": "1.2", "TLS server min-version is 1.3.": "1.3", "Server TLS minimum version = TLSv1.0": "1.0",
			"The client tls min-version is set to 1.2": "", "TLS min-version is 2.0": "", "The server tls min-version is set to 1.2 once restarted": "",
		}},
		{"certificate type", vos.TLSCertificateType(), map[string]string{
			"The server certificate type is set to ECDSA": "ECDSA", "Certificate type: RSA": "RSA", "TLS server cert_type is RSA": "RSA", "cert-type = ecdsa": "ecdsa", "DSA": "",
		}},
		{"version", vos.ActiveVersion(), map[string]string{
			"Active Master Version: 12.6.1.10000-23": "12.6.1.10000-23", "Active System Version: 15.0.1.10000-5\nInactive Version: none": "15.0.1.10000-5", "active version = 12.5.1.11003-511": "12.5.1.11003-511",
			"Inactive Master Version: 12.6.1.10000-23": "", "Version twelve": "",
		}},
		{"host name", vos.HostName(), map[string]string{
			"Machine Name    : fin-a": "fin-a", "Host Name : fin-a\nDate : today": "fin-a", "hostname=fin-a": "fin-a", "I am fin-a": "",
		}},
		{"access log level", vos.WebProxy("access-log-level"), map[string]string{
			"Access log level is set to basic": "basic", "access-log-level: minimal": "minimal", "The current webproxy access-log-level is detailed.": "detailed", "none": "none", "whatever": "", "Log severity is info": "",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for answer, want := range c.want {
				got, err := ask(c.command.Commands[0], answer).ReadStatus(c.command)
				if got.Text != want || (err == nil) != (want != "") {
					t.Errorf("%q gives %q, %v; want %q", answer, got.Text, err, want)
				}
			}
		})
	}
}

func TestEachInferredListIsReadInSeveralSpellingsAndNoOthers(t *testing.T) {
	for _, c := range []struct {
		name    string
		command vos.ListCommand
		item    string
		headers []string
		empty   []string
		unknown []string
	}{
		{
			"origins", vos.CORSList("finesse", "allowed_origin"), "https://a.example:8444",
			[]string{"The following origins are configured in allowed origins:", "Currently allowed origins configured:", "The following source(s) are configured:", "Allowed origin(s) configured :"},
			[]string{"Currently no origins are configured in allowed origins.", "No origins are configured", "currently no origin is configured"},
			[]string{"Origins", "These are allowed:", "No origins were found configured by you:"},
		},
		{
			"the odd spelling", vos.CORSList("cuic", "allowed_origin"), "https://a.example",
			[]string{"The following origins are configured:"},
			nil,
			[]string{"Here you are:"},
		},
		{
			"allowed headers", vos.CORSList("cuic", "allowed_headers"), "X-Custom",
			[]string{"The following headers are configured in allowed headers:", "Allowed headers:", "Currently custom headers configured:", "The following allowed headers are configured:"},
			[]string{"Currently no headers are configured in allowed headers.", "No custom headers are configured", "no allowed headers are configured."},
			[]string{"Header policy applies to everybody except:", "Headers?"},
		},
		{
			"exposed headers", vos.CORSList("live-data", "exposed_headers"), "X-Other",
			[]string{"The following headers are configured in exposed headers:", "Exposed headers:", "The following exposed headers are configured:"},
			nil,
			[]string{"Exposure:"},
		},
		{
			"gadget sources", vos.GadgetSources(), "https://cuic-a.corp.example:8444",
			[]string{"The following source(s) are configured:", "Allowed sources configured:", "The following gadget sources are configured in the allowed list:"},
			[]string{"Currently no sources are configured.", "No hosts are allowed", "Currently no gadget sources are configured in the allowed list"},
			[]string{"Sources may be:", "nothing"},
		},
		{
			"notification hosts", vos.NotificationHosts(), "10.1.0.77",
			[]string{"The following source(s) are configured:", "The following IP addresses are allowed:", "Allowed hosts configured for external port access:"},
			[]string{"No IP addresses are configured.", "Currently no source is configured", "No hosts are allowed for external port access"},
			[]string{"Ports:"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, command := range c.command.Commands {
				for _, number := range []string{"1. ", " 1) ", "1: "} {
					for _, h := range c.headers {
						got, err := ask(command, h+"\n\n"+number+c.item).ReadList(c.command)
						if err != nil || len(got.Items) != 1 || got.Items[0].Value != c.item {
							t.Errorf("%q gives %v, %v", h, got, err)
						}
					}
					for _, h := range c.unknown {
						if got, err := ask(command, h+"\n"+number+c.item).ReadList(c.command); err == nil {
							t.Errorf("%q gives %v", h, got)
						}
					}
				}
				for _, e := range c.empty {
					if got, err := ask(command, e).ReadList(c.command); err != nil || len(got.Items) != 0 {
						t.Errorf("%q gives %v, %v", e, got, err)
					}
				}
			}
		})
	}
}

func TestLockedOutUsersAreCountedAndNeverNamed(t *testing.T) {
	for answer, want := range map[string]int{
		"The following users are locked out:\n1. agent1001\n2. agent1002": 2, "Locked out users:\n 1) agent1001": 1, "Users locked:\n1: agent1001": 1,
		"No users are locked out.": 0, "There are no locked out users": 0, "Currently no users locked": 0,
		"agent1001 is locked": -1, "The following users are locked out:\nagent1001": -1, "agent1001: invalid parameter": -1, "The following users are locked out:\n1. agent1001\n3. agent1003": -1,
	} {
		got, err := ask("utils finesse locked_out_users list", answer).LockedOutUsers()
		switch {
		case want < 0 && err == nil, want >= 0 && (err != nil || got.Number != want):
			t.Errorf("%q gives %v, %v", answer, got, err)
		case err != nil && strings.Contains(err.Error(), "agent"):
			t.Errorf("the reason names people: %v", err)
		}
	}
}

func TestTheSecretIsADigestOrNothing(t *testing.T) {
	mark := "[redacted:random-key:44:" + strings.Repeat("ab", 32) + "]"
	for answer, known := range map[string]bool{
		mark: true, "secret: " + mark: true, "The IdS secret is\n" + mark + "\nCommand successful": true,
		"secret: [redacted:credential:0]": false, "none": false, mark + "\n" + strings.Replace(mark, "ab", "cd", 1): false, mark + " [redacted:credential:0]": false,
	} {
		got, err := ask("show ids secret", answer).IDSSecret()
		if (err == nil) != known || known && got.Length != 44 {
			t.Errorf("%q gives %v, %v", answer, got, err)
		}
		if err != nil && strings.Contains(err.Error(), "redacted:") {
			t.Errorf("the reason quotes the answer: %v", err)
		}
	}
}

func TestPropertiesAreReadAsPrinted(t *testing.T) {
	const command = "utils finesse show_property webservices trustAllCertificates"
	for answer, want := range map[string]string{
		"trustAllCertificates: true": "true", "trustAllCertificates=false": "false", "Property trustAllCertificates is set to false": "false", "The value of trustAllCertificates is true.": "true",
		"false": "false", "Value: true": "true", "logCallVariables: true": "", "trustAllCertificates is": "", "trustAllCertificates: true\ntrustAllCertificates: false": "",
		"trustAllCertificates: [redacted:credential:0]": "", "perhaps": "",
	} {
		got, errs := ask(command, answer).Properties()
		if (len(errs) == 0) != (want != "") || want != "" && (len(got) != 1 || got[0].Value != want || got[0].Name != "trustAllCertificates") {
			t.Errorf("%q gives %v, %v", answer, got, errs)
		}
	}
	got, errs := ask("show cuic properties", "allow-proxy-custom-report  on\nvpnless-response-size-ht = 8MB\nvpnless-response-size-rt: 300 KB").Properties()
	if len(errs) != 0 || len(got) != 3 || got[0].Value != "on" || got[1].Bytes != 8<<20 || got[2].Bytes != 300<<10 || got[0].Bytes != -1 {
		t.Errorf("%v, %v", got, errs)
	}
	changed := vos.Parse([]byte("admin:" + command + "\nfalse\nadmin:utils finesse set_property webservices trustAllCertificates true\nProperty successfully updated.\nadmin:"))
	if got, errs := changed.Properties(); len(got) != 0 || len(errs) != 1 {
		t.Errorf("after a change: %v, %v", got, errs)
	}
}

func TestReleasesTellTheirEngineeringSpecial(t *testing.T) {
	const version = "Active Master Version: 12.6.1.10000-23\n"
	for answer, want := range map[string]int{
		version + "Active Version Installed Software Options:\nucos.finesse.12.6.1.ES07.10000-12.cop.sgn": 7,
		version + "ucos.cuic.1261.ES-11.cop.sha512\nucos.cuic.1261.ES2.cop":                               11,
		version + "Installed Options:\n1. ciscocuic.1262_es04.cop.sgn":                                    4,
		version + "No Installed Software Options Found.":                                                  0,
		version + "Installed COP files:\nciscofinesse.locale-de.cop.sgn":                                  0,
		version: -1, version + "Something about ES07": -1,
	} {
		got, err := ask("show version active", answer).ReadRelease()
		if (err == nil) != (want >= 0) || err == nil && got.Special != want {
			t.Errorf("%q gives %v, %v", answer, got, err)
		}
	}
}

func TestValidityIsNeverLongerThanPrinted(t *testing.T) {
	const dump = "Subject Name: CN=a\nIssuer Name: CN=b\nValidity From: FROM\n To: TO"
	for _, c := range []struct{ from, to, begin, end string }{
		{"Sun Mar 21 05:00:00 UTC 2027", "Mon Mar 22 05:00:00 GMT 2027", "2027-03-21T05:00:00Z", "2027-03-22T05:00:00Z"},
		{"Sun Mar 21 05:00:00 IST 2027", "Mon Mar 22 05:00:00 CST 2027", "2027-03-21T17:00:00Z", "2027-03-21T15:00:00Z"},
		{"Mar 21 05:00:00 2027 GMT", "Mar  2 05:00:00 2028 GMT", "2027-03-21T05:00:00Z", "2028-03-02T05:00:00Z"},
		{"2027-03-21T07:00:00+02:00", "2028-03-21T05:00:00Z", "2027-03-21T05:00:00Z", "2028-03-21T05:00:00Z"},
		{"21.3.2027", "Mar 21 05:00:00 2027 GMT", "", ""},
	} {
		text := strings.NewReplacer("FROM", c.from, "TO", c.to).Replace(dump)
		got, errs := ask("show cert own tomcat/tomcat.pem", text).CertificateDumps()
		if c.begin == "" {
			if len(errs) != 1 {
				t.Errorf("%q gives %v", c.from, got)
			}
			continue
		}
		if len(errs) != 0 || got[0].NotBefore.Format("2006-01-02T15:04:05Z07:00") != c.begin || got[0].NotAfter.Format("2006-01-02T15:04:05Z07:00") != c.end {
			t.Errorf("%q to %q gives %v, %v", c.from, c.to, got, errs)
		}
	}
}

func TestServicesThatCannotAllBeReadKeepTheRest(t *testing.T) {
	got, err := ask("utils service list", "Cisco A[STARTED]\nsomething else\nCisco B [STOPPED]  Service Not Activated\nCisco C[DOZING]").ReadServices()
	if err == nil || len(got.Services) == 0 || got.Services[0].Name != "Cisco A" {
		t.Errorf("%v, %v", got, err)
	}
	for _, s := range got.Services {
		if s.Name != "Cisco A" && s.Name != "Cisco B" {
			t.Errorf("%v", s)
		}
	}
}

func TestARestartIsReadToItsEndOrNotAtAll(t *testing.T) {
	const begin = "admin:utils service restart Cisco Finesse Tomcat\nService Manager is running\nCisco Finesse Tomcat[STOPPING]\n"
	got, errs := vos.Parse([]byte(begin + "Cisco Finesse Tomcat[STARTING]\nCisco Finesse Tomcat[STARTED]\nadmin:")).Restarts()
	if len(errs) != 0 || len(got) != 1 || got[0].State != "started" || got[0].Name != "Cisco Finesse Tomcat" {
		t.Errorf("%v, %v", got, errs)
	}
	if got, errs := vos.Parse([]byte(begin)).Restarts(); len(got) != 0 || len(errs) != 1 {
		t.Errorf("%v, %v", got, errs)
	}
}

func TestARefusedChangeChangesNothing(t *testing.T) {
	list := "admin:utils system reverse-proxy allowed-hosts list\nThe following source(s) are configured:\n1. 192.0.2.1\n"
	for change, known := range map[string]bool{
		"admin:utils system reverse-proxy allowed-hosts add bad\nOperation failed, please enter valid source(s). Source bad is invalid\nadmin:":                                      true,
		"admin:utils system reverse-proxy allowed-hosts add\nNo valid command entered\nadmin:":                                                                                       true,
		"admin:utils system reverse-proxy allowed-hosts add good,bad\nSource good successfully added\nOperation failed, please enter valid source(s). Source bad is invalid\nadmin:": false,
		"admin:utils system reverse-proxy allowed-hosts delete\nDelete operation successful\nadmin:":                                                                                 false,
		"admin:utils system reverse-proxy allowed-hosts delete\nadmin:":                                                                                                              false,
		"admin:utils system reverse-proxy allowed-ho\nsts add 192.0.2.9\nadmin:":                                                                                                     false,
	} {
		if got, err := items(t, list+change, vos.AllowedHosts()); (err == nil) != known {
			t.Errorf("%q gives %v, %v", change, got, err)
		}
	}
}

func TestWhatATerminalBrokeIsJoinedOnlyWhereCertain(t *testing.T) {
	long := strings.Repeat("a", 60) + ".b.agents.example" // the line of the item is 80 wide after 3 + 77
	if len("1. "+long) != 80 {
		t.Fatal(len("1. " + long))
	}
	const head = "The following source(s) are configured:\n"
	for _, c := range []struct {
		name, answer string
		want         []string
	}{
		{"an item that fills the line and goes on", head + "1. " + long + "\n.test\n2. 192.0.2.1", []string{long + ".test", "192.0.2.1"}},
		{"an item that just fills the line", head + "1. " + long + "\n2. 192.0.2.1", []string{long, "192.0.2.1"}},
		{"an item that is broken early", head + "1. " + long[:40] + "\n" + long[40:] + "\n2. 192.0.2.1", nil},
		{"an address that goes on with an address", head + "1. " + long + "\n2.2.2.2\n2. 192.0.2.1", nil},
		{"a sentence over two lines", "The following source(s) are\nconfigured:\n1. 192.0.2.1", []string{"192.0.2.1"}},
		{"a sentence broken in a word", "The following source(s) are confi\ngured:\n1. 192.0.2.1", []string{"192.0.2.1"}},
		{"a note over two lines", head + "1. 192.0.2.1\nRestart Cisco Web Proxy Service for the changes to take effect: utils service re\nstart Cisco Web Proxy Service", []string{"192.0.2.1"}},
		{"a note broken at a blank", head + "1. 192.0.2.1\nRestart Cisco Web Proxy Service for the changes to take effect: utils service\nrestart Cisco Web Proxy Service", []string{"192.0.2.1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := items(t, "admin:utils system reverse-proxy allowed-hosts list\n"+c.answer+"\nadmin:", vos.AllowedHosts())
			if (err != nil) != (c.want == nil) {
				t.Fatal(got, err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	sentence := "SSL certificate verification for connections established from reverse proxy hosts is disabled"
	for at := 1; at < len(sentence); at++ {
		got, err := ask(vos.ClientAuth().Commands[0], sentence[:at]+"\n"+sentence[at:]).ReadStatus(vos.ClientAuth())
		if err != nil || got.Text != "disabled" {
			t.Errorf("broken after %d characters: %v, %v", at, got, err)
		}
	}
	for at := len("utils "); at < len(hosts); at++ {
		got, err := items(t, "admin:"+hosts[:at]+"\n"+hosts[at:]+"\n"+head+"1. 192.0.2.1\nadmin:", vos.AllowedHosts())
		if err != nil || len(got) != 1 {
			t.Errorf("command broken after %d characters: %v, %v", at, got, err)
		}
	}
}
