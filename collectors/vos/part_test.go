// SPDX-License-Identifier: Apache-2.0

package vos_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/evidence"
)

// parts returns the fields that gaps are about, each once.
func parts(t *testing.T, gaps []evidence.Gap) []string {
	t.Helper()
	var out []string
	for _, g := range gaps {
		if g.Part != "" && !slices.Contains(evidence.Parts(g.Section), g.Part) {
			t.Errorf("%q is no field of section %s", g.Part, g.Section)
		}
		if !slices.Contains(out, g.Part) {
			out = append(out, g.Part)
		}
	}
	slices.Sort(out)
	return out
}

// TestAnAnswerInAnUnknownFormLeavesOnlyItsOwnFieldsUnknown spoils the answers of
// the whole node one by one.
func TestAnAnswerInAnUnknownFormLeavesOnlyItsOwnFieldsUnknown(t *testing.T) {
	properties := []string{"log_call_variables", "notification_connection", "properties", "proxy_custom_reports", "trust_all_certificates", "user_auth_mode"}
	for command, want := range map[string][]string{
		"utils system reverse-proxy allowed-hosts list":                {"allowed_hosts"},
		"utils system reverse-proxy config-uri list":                   {"config_uris"},
		"utils system reverse-proxy show-config-update-frequency":      {"update_minutes"},
		"utils system reverse-proxy show-proxy-config-map":             {"proxy_map"},
		"utils system reverse-proxy client-auth status":                {"client_auth"},
		"utils service restart Cisco Web Proxy Service":                {"service_restarts"},
		"utils service list":                                           {"services"},
		"show myself":                                                  {"host_name"},
		"show network eth0":                                            {"addresses", "dns_servers", "domain"},
		"show version active":                                          {"engineering_special", "installed_options", "version"},
		"show tls server min-version":                                  {"tls_server_minimum"},
		"show tls client min-version":                                  {"tls_client_minimum"},
		"show tls server cert_type":                                    {"tls_certificate_type"},
		"show cert list own":                                           {"own_certificates"},
		"show cert list trust":                                         {"trust_certificates"},
		"show cert own tomcat/tomcat.pem":                              {"certificate_dumps"},
		"utils finesse show_property webservices trustAllCertificates": properties,
		"utils finesse show_property webservices logCallVariables":     properties,
		"show cuic properties":                                         properties,
		"utils finesse gadget_source_check status":                     {"gadget_source_check"},
		"utils finesse gadget_source_check allowed_list list":          {"gadget_sources"},
		"utils finesse show_connected_users summary":                   {"connected_users", "proxy_users"},
		"utils finesse notification external_port_access list":         {"notification_hosts"},
		"utils finesse locked_out_users list":                          {"locked_out_users"},
		"show webproxy access-log-level":                               {"access_log_level"},
		"show webproxy log-severity":                                   {"log_severity"},
		"show ids secret":                                              {"ids_secret"},
	} {
		_, gaps := collect(t, "uccx", spoiled(t, command, "the like of which §§ nobody wrote down\n"))
		if diff := cmp.Diff(want, parts(t, gaps)); diff != "" {
			t.Errorf("%s: %s%v", command, diff, gaps)
		}
	}
}

// spoiled is the whole transcript with another answer to one command.
func spoiled(t *testing.T, command, answer string) string {
	t.Helper()
	before, rest, ok := strings.Cut(whole, "admin:"+command+"\n")
	if !ok {
		t.Fatalf("the whole node has no %q", command)
	}
	return before + "admin:" + command + "\n" + answer + rest[strings.Index(rest, "admin:"):]
}

func TestATranscriptThatEndsInsideAnAnswerLeavesEverythingUnknown(t *testing.T) {
	before, _, _ := strings.Cut(whole, "Cisco DRF Local[STOPPED]")
	if _, gaps := collect(t, "uccx", before); !cmp.Equal(parts(t, gaps), []string{""}) {
		t.Errorf("%v", gaps)
	}
	if _, gaps := collect(t, "uccx", "no prompt at all\n"); !cmp.Equal(parts(t, gaps), []string{""}) {
		t.Errorf("%v", gaps)
	}
}

func TestASettingThatGroupsDisagreeAboutLeavesOnlyItselfUnknown(t *testing.T) {
	text := spoiled(t, "show cuic properties", "trustAllCertificates: false\n")
	if _, gaps := collect(t, "uccx", text); !cmp.Equal(parts(t, gaps), []string{"trust_all_certificates"}) {
		t.Errorf("%v", gaps)
	}
}
