// SPDX-License-Identifier: Apache-2.0

package tlsposture

import (
	"encoding/xml"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/evidence"
)

func TestVersionsAndSuitesAreTheConfiguredOnes(t *testing.T) {
	const everything = "ALL:COMPLEMENTOFALL:!PSK:!SRP:!kRSAPSK:@SECLEVEL=0"
	rsa := newRSA(t)
	ecdsa := newECDSA(t)
	tests := []struct {
		name     string
		id       identity
		args     []string
		list     string
		versions map[string]string
		without  string
	}{
		{"every version with every suite of an RSA key", rsa, nil, everything, map[string]string{"TLSv1.0": "-tls1", "TLSv1.1": "-tls1_1", "TLSv1.2": "-tls1_2"}, "ECDSA|DSS"},
		{"every suite of an ECDSA key", ecdsa, nil, everything, map[string]string{"TLSv1.0": "-tls1", "TLSv1.1": "-tls1_1", "TLSv1.2": "-tls1_2"}, "RSA|DSS"},
		{"TLS 1.2 with two suites", rsa, []string{"-no_tls1", "-no_tls1_1", "-no_tls1_3"}, "ECDHE-RSA-AES128-GCM-SHA256:AES256-SHA", map[string]string{"TLSv1.2": "-tls1_2"}, "DSS"},
		{"TLS 1.2 with suites that tlsx does not know", rsa, []string{"-no_tls1", "-no_tls1_1", "-no_tls1_3"}, "DHE-RSA-ARIA256-GCM-SHA384:ECDHE-ARIA128-GCM-SHA256:AES128-CCM8", map[string]string{"TLSv1.2": "-tls1_2"}, "DSS"},
		{"TLS 1.0 alone with NULL and anonymous suites", rsa, []string{"-no_tls1_2", "-no_tls1_1", "-no_tls1_3"}, "NULL:aNULL:@SECLEVEL=0", map[string]string{"TLSv1.0": "-tls1"}, "ECDSA|DSS"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			args := append([]string{"-cipher", test.list, "-serverpref"}, test.args...)
			p := posture(t, lab, target(t, startOpenSSL(t, test.id, args...)))
			for _, v := range []string{"TLSv1.0", "TLSv1.1", "TLSv1.2"} {
				flag, spoken := test.versions[v]
				if !spoken {
					if versions(p)[v] != evidence.Refused {
						t.Errorf("%s: %s, want refused", v, versions(p)[v])
					}
					continue
				}
				want := slices.DeleteFunc(configured(t, flag, test.list), func(name string) bool {
					return strings.HasPrefix(name, "TLS_AES") || strings.HasPrefix(name, "TLS_CHACHA") || !spokenWith(name, test.without)
				})
				got := suitesOf(p, v)
				if versions(p)[v] != evidence.Accepted {
					t.Errorf("%s: %s, want accepted", v, versions(p)[v])
				}
				slices.Sort(want)
				slices.Sort(got)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", v, diff)
				}
			}
			if versions(p)["SSLv3"] != evidence.Refused {
				t.Errorf("SSLv3: %s, want refused", versions(p)["SSLv3"])
			}
		})
	}
}

// spokenWith reports whether a server can speak a suite when it lacks keys of
// some kinds.
func spokenWith(name, without string) bool {
	kx, _, _ := strings.Cut(strings.TrimPrefix(name, "TLS_"), "_WITH_")
	for kind := range strings.SplitSeq(without, "|") {
		for part := range strings.SplitSeq(kx, "_") {
			if part == kind {
				return false
			}
		}
	}
	return true
}

func TestTheServersOrderIsKept(t *testing.T) {
	const list = "AES256-SHA:ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA:ECDHE-RSA-AES256-GCM-SHA384"
	want := []string{
		"TLS_RSA_WITH_AES_256_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
		"TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
	}
	id := newRSA(t)
	own := posture(t, lab, target(t, startOpenSSL(t, id, "-tls1_2", "-cipher", list, "-serverpref")))
	if diff := cmp.Diff(want, suitesOf(own, "TLSv1.2")); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	if !own.ServerPreference.Known || !own.ServerPreference.Value {
		t.Errorf("server preference: %+v, want true", own.ServerPreference)
	}
	for i, s := range own.Suites {
		if s.Position != i+1 {
			t.Errorf("%s: position %d, want %d", s.Name, s.Position, i+1)
		}
	}
	clients := posture(t, lab, target(t, startOpenSSL(t, id, "-tls1_2", "-cipher", list)))
	if !clients.ServerPreference.Known || clients.ServerPreference.Value {
		t.Errorf("server preference: %+v, want false", clients.ServerPreference)
	}
	for _, s := range clients.Suites {
		if s.Position != 0 {
			t.Errorf("%s: position %d where the client decides", s.Name, s.Position)
		}
	}
}

func TestFactsOfOpenSSLOptions(t *testing.T) {
	id := newRSA(t)
	tests := []struct {
		name string
		args []string
		has  func(evidence.TLSPosture) (got, want any)
	}{
		{"client renegotiation that is allowed is seen", []string{"-tls1_2", "-client_renegotiation"}, func(p evidence.TLSPosture) (any, any) {
			return p.ClientRenegotiation, evidence.Known(true, evidence.Observed)
		}},
		{"client renegotiation that is refused is seen", []string{"-tls1_2"}, func(p evidence.TLSPosture) (any, any) {
			return p.ClientRenegotiation, evidence.Known(false, evidence.Observed)
		}},
		{"renegotiation does not exist in TLS 1.3", []string{"-tls1_3"}, func(p evidence.TLSPosture) (any, any) {
			return p.ClientRenegotiation, evidence.Known(false, evidence.Observed)
		}},
		{"a client certificate is asked for in TLS 1.2", []string{"-tls1_2", "-verify", "1"}, func(p evidence.TLSPosture) (any, any) {
			return p.ClientCertificate, evidence.Known(true, evidence.Observed)
		}},
		{"a client certificate is asked for in TLS 1.3", []string{"-tls1_3", "-verify", "1"}, func(p evidence.TLSPosture) (any, any) {
			return p.ClientCertificate, evidence.Known(true, evidence.Observed)
		}},
		{"tickets are issued in TLS 1.2", []string{"-tls1_2"}, func(p evidence.TLSPosture) (any, any) {
			return p.Tickets, evidence.Known(true, evidence.Observed)
		}},
		{"tickets are issued in TLS 1.3", []string{"-tls1_3"}, func(p evidence.TLSPosture) (any, any) {
			return p.Tickets, evidence.Known(true, evidence.Observed)
		}},
		{"no ticket is issued", []string{"-no_ticket"}, func(p evidence.TLSPosture) (any, any) {
			return p.Tickets, evidence.Known(false, evidence.Observed)
		}},
		{"sessions are resumed by their number", []string{"-tls1_2", "-no_ticket"}, func(p evidence.TLSPosture) (any, any) {
			return p.Resumption, evidence.Known(true, evidence.Observed)
		}},
		{"sessions are not resumed", []string{"-tls1_2", "-no_ticket", "-no_cache"}, func(p evidence.TLSPosture) (any, any) {
			return p.Resumption, evidence.Known(false, evidence.Observed)
		}},
		{"the prime of a DHE exchange is measured", []string{"-tls1_2", "-cipher", "DHE-RSA-AES128-SHA:@SECLEVEL=0"}, func(p evidence.TLSPosture) (any, any) {
			return p.DHBits, evidence.Known(2048, evidence.Observed)
		}},
		{"no prime is known where no DHE suite is accepted", []string{"-tls1_2", "-cipher", "AES128-SHA"}, func(p evidence.TLSPosture) (any, any) {
			return p.DHBits, evidence.Optional[int]{}
		}},
		{"both application protocols are accepted", []string{"-alpn", "h2,http/1.1"}, func(p evidence.TLSPosture) (any, any) {
			return p.ALPN, []evidence.TLSALPN{{Protocol: "h2", Answer: evidence.Accepted}, {Protocol: "http/1.1", Answer: evidence.Accepted}}
		}},
		{"an application protocol is refused by an alert", []string{"-tls1_3", "-alpn", "http/1.1"}, func(p evidence.TLSPosture) (any, any) {
			return p.ALPN, []evidence.TLSALPN{{Protocol: "h2", Answer: evidence.Refused}, {Protocol: "http/1.1", Answer: evidence.Accepted}}
		}},
		{"a foreign name and a missing one get the certificate", []string{"-tls1_3"}, func(p evidence.TLSPosture) (any, any) {
			leaf := evidence.SNIAnswer{Answer: evidence.Accepted, Certificate: digest(id.der)}
			return []evidence.SNIAnswer{p.UnknownName, p.NoName}, []evidence.SNIAnswer{leaf, leaf}
		}},
		{"a clear request is hung up on", nil, func(p evidence.TLSPosture) (any, any) {
			return p.PlainHTTP, evidence.Known(0, evidence.Observed)
		}},
		{"the groups of TLS 1.3 are the configured ones", []string{"-tls1_3", "-groups", "P-384:X25519:ffdhe3072"}, func(p evidence.TLSPosture) (any, any) {
			var names []string
			for _, g := range p.Groups {
				names = append(names, g.Name)
			}
			slices.Sort(names)
			return names, []string{"ffdhe3072", "secp384r1", "x25519"}
		}},
		{"the groups of TLS 1.2 are the configured ones", []string{"-tls1_2", "-groups", "P-384:X25519"}, func(p evidence.TLSPosture) (any, any) {
			var names []string
			for _, g := range p.Groups {
				names = append(names, g.Name)
			}
			slices.Sort(names)
			return names, []string{"secp384r1", "x25519"}
		}},
		{"the suites of TLS 1.3 are the configured ones", []string{"-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_SHA256:TLS_CHACHA20_POLY1305_SHA256", "-serverpref"}, func(p evidence.TLSPosture) (any, any) {
			return suitesOf(p, "TLSv1.3"), []string{"TLS_AES_128_CCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"}
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, want := test.has(posture(t, lab, target(t, startOpenSSL(t, id, test.args...))))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// sslscanReport is the part of sslscan's XML that is compared.
type sslscanReport struct {
	Protocols []struct {
		Type    string `xml:"type,attr"`
		Version string `xml:"version,attr"`
		Enabled int    `xml:"enabled,attr"`
	} `xml:"ssltest>protocol"`
	Ciphers []struct {
		Version string `xml:"sslversion,attr"`
		Cipher  string `xml:"cipher,attr"`
		ID      string `xml:"id,attr"`
	} `xml:"ssltest>cipher"`
	Groups []struct {
		Version string `xml:"sslversion,attr"`
		Name    string `xml:"name,attr"`
		ID      string `xml:"id,attr"`
	} `xml:"ssltest>group"`
}

func TestNothingThatSslscanReportsIsMissing(t *testing.T) {
	sslscan := program(t, "sslscan")
	id := newRSA(t)
	tests := []struct {
		name    string
		address func(t *testing.T) string
	}{
		{"an nginx with the ciphers of its default", func(t *testing.T) string { return startNginx(t, id, usual) }},
		{"an openssl with every suite", func(t *testing.T) string {
			return startOpenSSL(t, id, "-cipher", "ALL:COMPLEMENTOFALL:!PSK:!SRP:@SECLEVEL=0", "-serverpref")
		}},
		{"an openssl that follows the client", func(t *testing.T) string { return startOpenSSL(t, id, "-cipher", "DEFAULT:@SECLEVEL=0") }},
		{"an ECDSA key", func(t *testing.T) string { return startOpenSSL(t, newECDSA(t)) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			address := test.address(t)
			p := posture(t, lab, target(t, address))
			out, err := exec.Command(sslscan, "--xml=-", "--no-colour", "--sni-name="+deskName, address).Output()
			if err != nil {
				t.Fatal(err)
			}
			var report sslscanReport
			if err := xml.Unmarshal(out, &report); err != nil {
				t.Fatal(err)
			}
			if len(report.Ciphers) == 0 {
				t.Fatal("sslscan found no suite")
			}
			for _, c := range report.Ciphers {
				if !slices.ContainsFunc(p.Suites, func(s evidence.TLSSuite) bool { return s.Version == c.Version && sameID(c.ID, s.ID) }) {
					t.Errorf("sslscan also found %s %s (%s)", c.Version, c.Cipher, c.ID)
				}
			}
			for _, g := range report.Groups {
				if g.Version == "TLSv1.3" && !slices.ContainsFunc(p.Groups, func(o evidence.TLSGroup) bool { return o.Version == g.Version && sameID(g.ID, o.ID) }) {
					t.Errorf("sslscan also found group %s %s", g.Version, g.Name)
				}
			}
			names := map[string]string{"tls1.0": "TLSv1.0", "tls1.1": "TLSv1.1", "tls1.2": "TLSv1.2", "tls1.3": "TLSv1.3", "ssl3": "SSLv3"}
			for _, v := range report.Protocols {
				name, ok := names[v.Type+v.Version]
				if got := versions(p)[name] == evidence.Accepted; ok && got != (v.Enabled == 1) {
					t.Errorf("%s: accepted is %v, sslscan says %v", name, got, v.Enabled == 1)
				}
			}
		})
	}
}

// sameID compares sslscan's hexadecimal number with ours.
func sameID(text string, id int) bool {
	n, err := strconv.ParseInt(strings.TrimPrefix(text, "0x"), 16, 32)
	return err == nil && int(n) == id
}
