// SPDX-License-Identifier: Apache-2.0

package evidence_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/postern-audit/postern/internal/evidence"
)

// canary stands for every secret of the tests below.
const canary = "Hunter2-Canary-Secret"

// randomKey is 32 random bytes in base64, as a JWT secret is.
const randomKey = "q7Jm0b9xYv3Tn2Rk8LwZc5Hd1Fg6Ss4Pa0Qe7Uu9Wo8="

func TestRedactTakesEverySecretAway(t *testing.T) {
	for _, c := range []struct{ name, text string }{
		{"a private key", "-----BEGIN PRIVATE KEY-----\nSHVudGVyMi1DYW5hcnktU2VjcmV0" + canary + "\nabcd\n-----END PRIVATE KEY-----\n"},
		{"an RSA key that never ends", "-----BEGIN RSA PRIVATE KEY-----\n" + canary + "\n" + canary},
		{"a key on one line", "x -----BEGIN EC PRIVATE KEY-----" + canary + "-----END EC PRIVATE KEY----- y"},
		{"a key inside Lua code", "local k = [[-----BEGIN PRIVATE KEY-----\n" + canary + "\n-----END PRIVATE KEY-----]]"},
		{"basic credentials", "curl -H 'Authorization: Basic " + canary + "' https://x"},
		{"a bearer token", "proxy_set_header Authorization \"Bearer " + canary + "\";"},
		{"a header of one's own", "proxy_set_header X-Api-Key \"" + canary + "\";"},
		{"a variable", "set $db_password '" + canary + "';"},
		{"a map to a secret", "map $host $jwt_secret {\n  default \"" + canary + "\";\n  other " + canary + ";\n}\n"},
		{"a map on one line", "map $host $api_token { default " + canary + "; b \"" + canary + "\"; }"},
		{"an environment file", "NGX_JWT_SECRET=" + canary + "\nexport DB_PASSWORD=\"" + canary + "\""},
		{"Lua", "local secret = \"" + canary + "\"\nconf['password'] = '" + canary + "'"},
		{"a query", "https://x.example/?a=1&token=" + canary + "&b=2"},
		{"a URL", "https://agent:" + canary + "@fin-a.corp.example/"},
		{"JSON", `{"client_secret": "` + canary + `", "a": 1}`},
		{"a cookie", "Cookie: JSESSIONID=" + canary + "; a=b"},
		{"a set-cookie", "Set-Cookie: x=" + canary + "; Path=/"},
		{"a shadow line", "root:$6$abcdefgh$" + canary + ":19000:0:99999:7:::"},
		{"an htpasswd line", "agent:$apr1$abcdefgh$" + canary},
		{"YAML", "passphrase: " + canary},
		{"CRLF", "password=" + canary + "\r\nb=c\r\n"},
		{"a broken line", "{{{ \"\" ' secret = " + canary + " ]]"},
		{"key=", "shared key=" + canary},
		{"a JWT", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ" + strings.ReplaceAll(canary, "-", "_") + "In0.c2lnbmF0dXJl"},
	} {
		t.Run(c.name, func(t *testing.T) {
			clean, marks := evidence.Redact([]byte(c.text))
			for _, form := range []string{canary, strings.ReplaceAll(canary, "-", "_")} {
				if bytes.Contains(clean, []byte(form)) {
					t.Errorf("the secret is still there: %q", clean)
				}
			}
			if len(marks) == 0 {
				t.Error("no mark was left")
			}
			if a, b := strings.Count(c.text, "\n"), bytes.Count(clean, []byte("\n")); a != b {
				t.Errorf("%d lines became %d", a, b)
			}
			again, _ := evidence.Redact(clean)
			if !bytes.Equal(again, clean) {
				t.Errorf("redacting twice changed\n%q to\n%q", clean, again)
			}
		})
	}
}

func TestRedactLeavesTheRestAlone(t *testing.T) {
	for _, text := range []string{
		"server_tokens off;\nlimit_req_zone $binary_remote_addr zone=one:10m rate=5r/s;\n",
		"ssl_password_file /etc/nginx/pass;\nproxy_cache_key $scheme$host;\nproxy_cache_path /x keys_zone=rest:10m;\n",
		"token.corp.example:8445=desk-a.agents.example:8445\nsecret:8445=desk:8445\n",
		"map $host $jwt_secret {\n  default $other;\n}\n",
		"-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ3V2c2VsZjEwHhcNMjYwMTAxMDAwMDAwWhcNMjcwMTAx\nMDAwMDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcq\nq7Jm0b9xYv3Tn2Rk8LwZc5Hd1Fg6Ss4Pa0Qe7Uu9Wo8=\n-----END CERTIFICATE-----\n",
		"set $x $http_authorization;\nproxy_set_header Authorization $http_authorization;\n",
		"",
	} {
		if clean, marks := evidence.Redact([]byte(text)); string(clean) != text || len(marks) != 0 {
			t.Errorf("%q became %q", text, clean)
		}
	}
}

func TestARandomKeyKeepsItsDigestAndAPasswordDoesNot(t *testing.T) {
	sum := sha256.Sum256([]byte(randomKey))
	clean, marks := evidence.Redact([]byte("a\n  default \"" + randomKey + "\";\n"))
	want := evidence.SecretMark{Kind: evidence.RandomKey, Length: len(randomKey), SHA256: hex.EncodeToString(sum[:])}
	if len(marks) != 1 || marks[0].Kind != want.Kind || marks[0].Length != want.Length || marks[0].SHA256 != want.SHA256 || marks[0].Source.Line != 2 || marks[0].Source.Column != 12 {
		t.Errorf("%q left %+v", clean, marks)
	}
	for _, password := range []string{"password123456", "CorrectHorseBatteryStaple", "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh", strings.Repeat("ab", 22)} {
		_, marks := evidence.Redact([]byte("password=" + password))
		if len(marks) != 1 || marks[0].SHA256 != "" {
			t.Errorf("%s: %+v", password, marks)
		}
	}
}

func TestAnArtifactTellsItsOriginalDigestOnlyWhenItGivesNothingAway(t *testing.T) {
	var a evidence.Archive
	for _, c := range []struct {
		text string
		told bool
	}{{"plain", true}, {"k \"" + randomKey + "\"", true}, {"password=" + canary, false}} {
		sum := sha256.Sum256([]byte(c.text))
		want := ""
		if c.told {
			want = hex.EncodeToString(sum[:])
		}
		if got := a.Add(fmt.Sprint(c.text[:3]), []byte(c.text)); got.OriginalSHA256 != want {
			t.Errorf("%q: original digest %q, want %q", c.text, got.OriginalSHA256, want)
		}
	}
}

// Targets add to one archive at the same time, and some the same file.
func TestWhatIsAddedAtOnceUnderOnePathIsOneArtifact(t *testing.T) {
	var a evidence.Archive
	got := make([]evidence.Artifact, 16)
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() { got[i] = a.Add("x", fmt.Appendf(nil, "password=%s\nnumber %d\n", canary, i)) })
	}
	all.Wait()
	kept, ok := a.Get("x")
	if !ok || len(a.All()) != 1 || len(kept.Secrets) != 1 || bytes.Contains(kept.Text, []byte(canary)) {
		t.Fatalf("%+v", kept)
	}
	for i, art := range got {
		if !bytes.Equal(art.Text, kept.Text) || art.SHA256 != kept.SHA256 {
			t.Errorf("%d: %q instead of %q", i, art.Text, kept.Text)
		}
	}
	if later := a.Add("x", []byte("other")); !bytes.Equal(later.Text, kept.Text) {
		t.Errorf("a later text took its place: %q", later.Text)
	}
}

func FuzzRedact(f *testing.F) {
	f.Add([]byte("password=abc\n-----BEGIN PRIVATE KEY-----\nx"))
	f.Add([]byte("map $a $secret { default \"b\"; }"))
	f.Fuzz(func(t *testing.T, text []byte) {
		clean, _ := evidence.Redact(text)
		// UTF-16 has other bytes, and content that is no text has no lines.
		asText := !bytes.Contains(text, []byte{0}) && !bytes.HasPrefix(text, []byte{0xff, 0xfe}) && !bytes.HasPrefix(text, []byte{0xfe, 0xff}) &&
			!bytes.HasPrefix(clean, []byte("[redacted:binary:"))
		if asText && bytes.Count(text, []byte("\n")) != bytes.Count(clean, []byte("\n")) {
			t.Error("the number of lines changed")
		}
		if again, _ := evidence.Redact(clean); !bytes.Equal(again, clean) {
			t.Errorf("redacting twice changed %q to %q", clean, again)
		}
	})
}
