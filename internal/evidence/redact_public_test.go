// SPDX-License-Identifier: Apache-2.0

package evidence_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/postern-audit/postern/internal/evidence"
)

// becomes are texts with a secret, and what is left when MARK stands for it.
var becomes = []struct{ name, text, want string }{
	// Structure around a secret.
	{"the content of an element of XML", "<password>CANARY</password>", "<password>MARK</password>"},
	{"the content of an element with a prefix and attributes", `<w:Password Type="text">CANARY two</w:Password><user>a</user>`, `<w:Password Type="text">MARK</w:Password><user>a</user>`},
	{"a CDATA section", "<secret><![CDATA[CANARY]]></secret>", "<secret><![CDATA[MARK]]></secret>"},
	{"content on the next line", "<password>\n  CANARY\n</password>", "<password>\n  MARK\n</password>"},
	{"an attribute that is the secret", `<a user="x" password="CANARY" b="1"/>`, `<a user="x" password="MARK" b="1"/>`},
	{"a value beside its key", `<config key="password" value="CANARY"/>`, `<config key="password" value="MARK"/>`},
	{"a key beside its value", `<config value="CANARY" key="apiToken"/>`, `<config value="MARK" key="apiToken"/>`},
	{"an entry of properties", `<entry key="password">CANARY</entry>`, `<entry key="password">MARK</entry>`},
	{"JSON", `{"password": "CANARY", "a": 1}`, `{"password": "MARK", "a": 1}`},
	{"YAML", "a: 1\npassword: CANARY\nb: 2", "a: 1\npassword: MARK\nb: 2"},
	{"the end of a directive", "set $dbpass CANARY;", "set $dbpass MARK;"},
	{"the end of a statement", "password=CANARY;x=1", "password=MARK;x=1"},
	{"what follows a cookie", `add_header Set-Cookie "id=CANARY; Path=/; Secure" always;`, `add_header Set-Cookie "id=MARK; Path=/; Secure" always;`},
	// Names and values.
	{"a key that is no word", `<config key="CANARY"/>`, `<config key="MARK"/>`},
	{"a key in base64", `<config key="c2VjcmV0LWNhbmFyeQ=="/>`, `<config key="MARK"/>`},
	{"a word that is no attribute", `key="title"`, `key="MARK"`},
	{"an environment's token", "export NGX_AUTH_TOKEN=CANARY", "export NGX_AUTH_TOKEN=MARK"},
	{"a secret that looks like a path", "NGX_JWT_SECRET=abc/def.key", "NGX_JWT_SECRET=MARK"},
	{"an address with user data", "export NGX_AUTH_URL=https://a:CANARY@idp.corp.example/x", "export NGX_AUTH_URL=MARK"},
	{"an address whose path is a secret", "export NGX_AUTH_URL=https://idp.corp.example/CANARYCANARY0123456789", "export NGX_AUTH_URL=MARK"},
	// The kernel, passwords and packages.
	{"the key of fast open", "net.ipv4.tcp_fastopen_key = 6707b7b7-01234567-89abcdef-01234567", "net.ipv4.tcp_fastopen_key = MARK"},
	{"the secret of stable addresses", "net.ipv6.conf.all.stable_secret = 2001:db8::1", "net.ipv6.conf.all.stable_secret = MARK"},
	{"an old hash in a password file", "agent:rEK1ecacw.7.c:1000:1000::/home/agent:/bin/sh", "agent:MARK:1000:1000::/home/agent:/bin/sh"},
	{"an old hash of a web server", "agent:rEK1ecacw.7.c", "agent:MARK"},
	{"an extended old hash", "agent:_J9..K0AyUubRVAZpMjZ:1:1", "agent:MARK:1:1"},
	{"a hash of a rare kind", "agent:$sha1$40000$jtNX3nZ2$hBNaIXkt4wBI2o5rsi8KejSjNqIq:1::", "agent:MARK:1::"},
	{"a hash of a locked account", "agent:!$y$j9T$abcdefgh$ijklmnopqrstuvwx:1::", "agent:!MARK:1::"},
	{"a hash of Sun's kind", "hash = $md5,rounds=904$saltsalt$$abcdefghijklmnopqrstuv x", "hash = MARK x"},
	{"a password that claims to be no hash", "agent:{PLAIN}CANARY", "agent:MARK"},
	{"a scheme of Dovecot", "agent@corp.example:{SHA512-CRYPT}CANARY::::", "agent@corp.example:MARK::::"},
	{"a scheme of LDAP", "user a {SSHA}CANARY y", "user a MARK y"},
	{"a hash of a user that is a number", "1001:rEK1ecacw.7.c", "1001:MARK"},
	// Digits.
	{"a PIN", "password = 48151", "password = MARK"},
	{"a PIN in JSON", `{"password":48151}`, `{"password":MARK}`},
	{"a secret that begins as a port does", "DB_PASSWORD=7/CANARY", "DB_PASSWORD=MARK"},
	{"a variable that begins as a port does", "set $jwt_secret 9/CANARY;", "set $jwt_secret MARK;"},
	{"a secret that begins as an entry of a map does", `SECRET="4=CANARY"`, `SECRET="MARK"`},
	{"a secret in place of a port", "password:4815=CANARY", "password:MARK"},
	{"a token of digits in a map", "map $http_x_token $ok {\n  481516 1;\n}", "map $http_x_token $ok {\n  MARK 1;\n}"},
	{"a name that ends as port does", "X_PASSPORT_TOKEN=48151", "X_PASSPORT_TOKEN=MARK"},
	// Words of a shell.
	{"a blank that is escaped", `PASSWORD=ab\ cdCANARY B=1`, "PASSWORD=MARK B=1"},
	{"parts in quotes of both kinds", `export DB_PASS='a'"c CANARY" B=1`, "export DB_PASS=MARK B=1"},
	{"a quote in a word", "PASSWORD=pre'CANARY post' B=1", "PASSWORD=MARK B=1"},
	{"a quotation with escapes", `PASSWORD=$'abc \' CANARY' B=1`, "PASSWORD=MARK B=1"},
	{"a default", "PASSWORD=${X:-a}CANARY B=1", "PASSWORD=MARK B=1"},
	{"only a default", "PASSWORD=${X:-CANARY}", "PASSWORD=MARK"},
	{"a quote that stays open", `PASSWORD="CANARY two`, "PASSWORD=MARK"},
	{"an argument in quotes", `docker run -e "DB_PASSWORD=two CANARY" image`, `docker run -e "DB_PASSWORD=MARK" image`},
	{"operators in a file of settings", "DB_PASSWORD=a;b&c(CANARY", "DB_PASSWORD=MARK"},
	{"a comma and a bracket", "x; NGX_JWT_SECRET=ab,c[CANARY] B=1", "x; NGX_JWT_SECRET=MARK B=1"},
	{"the end of a command", "export DB_PASSWORD=CANARY; echo x", "export DB_PASSWORD=MARK; echo x"},
	{"an argument of a call", `f(password="CANARY", b=1)`, `f(password="MARK", b=1)`},
	{"a tag that closes itself", `<a password="CANARY"/>`, `<a password="MARK"/>`},
	// Keys and commands.
	{"a symmetric key", `{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qz","alg":"HS256"}`, `{"kty":"oct","k":"MARK","alg":"HS256"}`},
	{"a member before the type, on its line", "{\n  \"k\": \"AyM1SysPpbyDfgZld3umj1qz\",\n  \"kty\": \"oct\"\n}", "{\n  \"k\": \"MARK\",\n  \"kty\": \"oct\"\n}"},
	{"a private key beside its public part", `{"kty":"EC","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8","d":"jpsQnnGQmL-YBIffH1136cspYG6"}`, `{"kty":"EC","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8","d":"MARK"}`},
	{"a key in a text of a program", `k = "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qz\"}"`, `k = "{\"kty\":\"oct\",\"k\":\"MARK\"}"`},
	{"a directive that nothing ends", "client_secret CANARY", "client_secret MARK"},
	{"an assignment with blanks to a signing key", "JWT_SIGNING_KEY = CANARY", "JWT_SIGNING_KEY = MARK"},
	{"a signing key in YAML", "signingKey: CANARY", "signingKey: MARK"},
	{"an assignment with blanks to a short name", "db_pass = CANARY", "db_pass = MARK"},
	{"a command to Redis", `redis.call("AUTH","CANARY")`, `redis.call("AUTH","MARK")`},
	{"a setting of Redis", "requirepass CANARY", "requirepass MARK"},
	{"a header that opens a gate", `if ($http_x_gate = "CANARY") { set $ok 1; }`, `if ($http_x_gate = "MARK") { set $ok 1; }`},
	{"a map of a header that opens a gate", `map $http_x_gate $ok { "CANARY" 1; }`, `map $http_x_gate $ok { "MARK" 1; }`},
	{"a cookie that names its version", "Cookie: $Version=1; id=CANARY", "Cookie: MARK"},
	{"a password beside the word passwd", "passwd\tCANARY", "passwd\tMARK"},
}

func TestRedactTakesTheValueAndLeavesItsSurroundings(t *testing.T) {
	for _, c := range becomes {
		for _, end := range []string{"", "\n", "\r\n"} {
			text := strings.ReplaceAll(c.text, "CANARY", canary) + end
			clean, marks := evidence.Redact([]byte(text))
			got := anyMark(string(clean))
			if got != c.want+end || len(marks) != 1 {
				t.Errorf("%s: %q became %q", c.name, text, clean)
			}
			if again, _ := evidence.Redact(clean); !bytes.Equal(again, clean) {
				t.Errorf("%s: redacting twice changed %q to %q", c.name, clean, again)
			}
			for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
				wide := order.AppendUint16(nil, 0xfeff)
				for _, unit := range utf16.Encode([]rune(text)) {
					wide = order.AppendUint16(wide, unit)
				}
				if same, _ := evidence.Redact(wide); !bytes.Equal(same, clean) {
					t.Errorf("%s: in UTF-16 it became %q", c.name, same)
				}
			}
		}
	}
}

// anyMark writes MARK for each mark.
func anyMark(text string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "[redacted:")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteString("MARK")
		_, text, _ = strings.Cut(rest, "]")
	}
}

func TestRedactLeavesWhatOnlyLooksLikeASecret(t *testing.T) {
	for _, text := range []string{
		`<config key="title" value="Desk"/>`, `  <config  value="Desk" key="maxRows"/>`, `<entry key="title">My desk</entry>`,
		"<passwordPolicy>strong</passwordPolicy>", "</password> <user>a</user>", "<password/>", "<password></password>",
		"export NGX_AUTH_URL=https://idp.corp.example:8553/ids/v1", "NGX_SSL_KEY=ssl/nginx.key", "NGX_SSL_PRIVATE_KEY=./ssl/nginx.key",
		"export NGX_TOKEN_URL=https://idp.corp.example/token", "NGX_SSL_KEY=${NGX_DIR}/ssl/nginx.key", "export NGX_AUTH_KEY=\"../ssl/a.pem\"",
		"ssl_certificate_key /etc/nginx/tls/edge.key;",
		"net.ipv4.tcp_fastopen = 3", "net.ipv4.tcp_fastopen_blackhole_timeout_sec = 0",
		"agent:x:1000:1000::/home/agent:/bin/sh", "root:*:19000:0:99999:7:::", "level:configuration", "host:192.168.10.11:8445", "at:1700000000000", "a:someFunctions",
		// Digits.
		"proxy_set_header X-Auth-Port 8445;", "set $auth_port 8445;", "export NGX_TOKEN_TTL=300", "export NGX_AUTH_RATE_LIMIT=20r/s", "token_ttl = 300",
		"set $auth_failure_threshold_for_lock   5;", "set $auth_failure_counting_window_secs \"30\";", "set $token_valid 1;", "map $http_x_token $has_token { default 0; \"\" 1; }", "proxy_pass http://auth_token:8080/path;", "server token:8080;",
		"secret:8445=desk:8445", "keys_zone=token:10m", "lua_shared_dict token:10m",
		// Words of a shell.
		"DB_PASSWORD=${DB_PASSWORD}", "DB_PASSWORD=\"${DB_PASSWORD:?it is not set}\"", "DB_PASSWORD=${A:-$B}",
		"DB_PASSWORD=$(cat /run/db)", "password={{ vault }}", "PASSWORD=", "PASSWORD=\"\"", "it's a password='' and 'another'", "A='x' B=\"y z\"",
		// Keys and commands.
		`{"k":"AyM1SysPpbyDfgZld3umj1qz","d":"x"}`, `{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8","alg":"ES256","kid":"a"}`,
		"client_secret changed", "signing_key = /etc/nginx/tls/sign.key", "ngx.var.proxy_pass = upstream", `redis.call("GET","x")`,
		"if ($http_x_gateway = \"a\") { return 403; }", "if ($http_x_gate = \"\") { return 403; }", "map $http_x_gateway $up { a b; }",
		"proxy_set_header X-Gateway \"edge\";", "if ($http_x_gate = $expected) {", "host:{a} {b}", "root:{}",
		`log_format a 'cookie:"$http_cookie" authorization:"$http_authorization"';`, "log_format a 'cookie:$http_cookie auth:$http_authorization';",
		`log_format a escape=json '{"cookie":"$http_cookie","token":"$arg_token"}';`,
		"passwd\t1:4.13", "passwd\t1:4.13+dfsg1-1ubuntu0.22.04\tamd64", "ii  passwd         1:4.8.1-1  amd64  change and administer password data", "passwd\t0.80-10.el8",
	} {
		for _, end := range []string{"", "\n", "\r\n"} {
			if clean, marks := evidence.Redact([]byte(text + end)); string(clean) != text+end || len(marks) != 0 {
				t.Errorf("%q became %q", text+end, clean)
			}
		}
	}
}

func TestTheAnswerWithTheSecretOfTheIdentityServiceKeepsLengthAndDigest(t *testing.T) {
	sum := sha256.Sum256([]byte(randomKey))
	for _, text := range []string{
		"admin:show ids secret\r\n\r\n" + randomKey + "\r\n\r\nadmin:", "admin:show ids secret\n" + randomKey + "\nCommand successful.\n",
		"The secret is: " + randomKey + "\n", "IdS Shared Secret : " + randomKey + "\r\n", randomKey,
	} {
		clean, marks := evidence.Redact([]byte(text))
		if len(marks) != 1 || marks[0].Kind != evidence.RandomKey || marks[0].Length != 44 || marks[0].SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%q became %q with %+v", text, clean, marks)
		}
	}
}

// wrap breaks a text into lines.
func wrap(text string, width int, end string) string {
	var b strings.Builder
	for ; len(text) > width; text = text[width:] {
		b.WriteString(text[:width] + end)
	}
	return b.String() + text
}

func TestACertificateInXMLStaysAndAKeyInItsPlaceGoes(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	// The last line has padding with lengths of 1 and 2 modulo 3.
	for serial := int64(1); serial < 1<<40; serial <<= 8 {
		template := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "idp.corp.example"}, NotAfter: time.Unix(2e9, 0)}
		der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		certificate := base64.StdEncoding.EncodeToString(der)
		for _, end := range []string{"\n", "\r\n", "\n      ", "&#13;\n", ""} {
			for _, tag := range []string{"X509Certificate", "ds:X509Certificate", "dsig:X509Certificate"} {
				text := "<" + tag + ">" + end + wrap(certificate, 64, end) + end + "</" + tag + ">\nsecret: " + canary + "\n"
				clean, marks := evidence.Redact([]byte(text))
				if anyMark(string(clean)) != strings.Replace(text, canary, "MARK", 1) || len(marks) != 1 {
					t.Fatalf("%q became %q", text, clean)
				}
			}
		}
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for len(private)%3 == 0 {
		private = append(private, 0)
	}
	for _, text := range []string{
		"<ds:X509Certificate>" + randomKey + "</ds:X509Certificate>",
		"<ds:X509CRL>\n" + randomKey + "\n</ds:X509CRL>",
		"<X509Certificate>" + randomKey,
		"<X509Certificate>" + base64.StdEncoding.EncodeToString(private) + "</X509Certificate>",
	} {
		if clean, marks := evidence.Redact([]byte(text)); len(marks) != 1 {
			t.Errorf("%q became %q", text, clean)
		}
	}
}

func TestARequestWithAPasswordLosesItsBody(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	request := func(attributes bool) []byte {
		template := &x509.CertificateRequest{Subject: pkix.Name{CommonName: "rp-a.corp.example"}}
		if attributes {
			//lint:ignore SA1019 it is what writes an attribute that is no extension
			template.Attributes = []pkix.AttributeTypeAndValueSET{{
				Type:  asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 7},
				Value: [][]pkix.AttributeTypeAndValue{{{Type: asn1.ObjectIdentifier{1, 2, 3}, Value: canary}}},
			}}
		}
		der, err := x509.CreateCertificateRequest(rand.Reader, template, key)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	encode := func(der []byte, kind string) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	with, without := request(true), request(false)
	for _, kind := range []string{"CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"} {
		plain := encode(without, kind)
		for _, text := range []string{
			plain, strings.ReplaceAll(plain, "\n", "\r\n"), "a\n" + plain + plain + "b\n", plain[:len(plain)/2],
			"-----BEGIN " + kind + "-----\nAAAA\n-----END " + kind + "-----\n",
		} {
			if clean, marks := evidence.Redact([]byte(text)); string(clean) != text || len(marks) != 0 {
				t.Errorf("%q became %q", text, clean)
			}
		}
		secret := encode(with, kind)
		for _, text := range []string{
			secret, strings.ReplaceAll(secret, "\n", "\r\n"), plain + secret + plain, secret[:len(secret)-60], secret[:60] + secret[61:],
			strings.Replace(secret, "\n", "\n* damaged *\n", 3),
			`"csr": "` + strings.ReplaceAll(secret, "\n", `\n`) + `"`, strings.ReplaceAll(secret, "\n", ""), secret + "server_tokens off;\n",
		} {
			clean, marks := evidence.Redact([]byte(text))
			body := base64.StdEncoding.EncodeToString(with)
			for i := 0; i+32 <= len(body); i += 16 {
				if bytes.Contains(clean, []byte(body[i:i+32])) && !strings.Contains(plain, body[i:i+32]) {
					t.Fatalf("%q became %q", text, clean)
				}
			}
			if len(marks) == 0 || strings.Count(text, "\n") != bytes.Count(clean, []byte("\n")) || strings.Count(text, "BEGIN") != bytes.Count(clean, []byte("BEGIN")) || strings.Count(text, "END") != bytes.Count(clean, []byte("END")) {
				t.Errorf("%q became %q", text, clean)
			}
			if strings.HasSuffix(text, "off;\n") && !bytes.HasSuffix(clean, []byte("-----\nserver_tokens off;\n")) {
				t.Errorf("the neighbour is gone: %q", clean)
			}
			if again, _ := evidence.Redact(clean); !bytes.Equal(again, clean) {
				t.Errorf("redacting twice changed %q to %q", clean, again)
			}
		}
	}
}
