// SPDX-License-Identifier: Apache-2.0

package evidence_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"math/big"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/postern-audit/postern/internal/evidence"
)

func TestRedactKnowsTheFormsInWhichSecretsAreWritten(t *testing.T) {
	for _, form := range []string{
		// nginx
		`proxy_set_header X-Auth-Key "CANARY";`, `proxy_set_header X-Internal-Auth CANARY;`, `proxy_set_header Proxy-Auth 'CANARY';`,
		`proxy_set_header Cookie "id=CANARY";`, `add_header Set-Cookie "id=CANARY; Path=/; Secure" always;`, `add_header X-Session "CANARY";`,
		`more_set_headers "X-Auth-Key: CANARY";`, `more_set_input_headers 'X-Credential: CANARY';`, `fastcgi_param AUTH_PASS CANARY;`,
		`uwsgi_param X_SECRET "CANARY";`, `grpc_set_header X-Token CANARY;`, `auth_http_header X-Auth-Key "CANARY";`,
		"proxy_set_header X-Api-Key\n    \"CANARY\";",
		`set $upstream_pw "CANARY";`, `set $dbpass CANARY;`, `set $ldap_pwd 'CANARY';`, `set $jwt_value "CANARY";`, `set $x_auth "CANARY";`, `set $svc_cred "CANARY";`,
		`env DB_PASS=CANARY;`, `env LDAP_PW=CANARY;`, `env SIGNING_KEY=CANARY;`, `env SVC_CRED=CANARY;`, `env PROXY_AUTH=CANARY;`,
		`secure_link_md5 "$secure_link_expires$uri$remote_addr CANARY";`, `secure_link_md5 CANARY$uri;`, `secure_link_secret CANARY;`,
		`if ($http_x_token != "CANARY") { return 403; }`, `if ($http_x_auth_key = CANARY) {`, `if ($cookie_session !~ "^CANARY$") {`, `if ($arg_pw = 'CANARY') {`,
		"map $http_x_token $ok {\n  default 0;\n  \"CANARY\" 1;\n  CANARY 1;\n}", "map $http_authorization $who { \"~^Bearer CANARY$\" x; }",
		"map $host $jwt_secret {\n  default\n    \"CANARY\";\n}", "map $host $jwt_secret\n{\n  default CANARY;\n}",
		// Transcripts and notes
		`password "CANARY"`, `Passphrase  CANARY`, "Passphrase\tCANARY", `Passphrase CANARY`, `passphrase: CANARY`, `Secret key: CANARY`, `Password for agent: CANARY`,
		`Enter password>CANARY`, `Enter password: CANARY`, `# pw CANARY`, `pw: CANARY`,
		// Lua
		`local pw = "CANARY"`, `secret = [[CANARY]]`, "secret = [[CANARY\n]]", `red:auth("CANARY")`, `red:auth("agent", "CANARY")`, `pass = "CANARY"`,
		`ngx.req.set_header("X-Api-Key","CANARY")`, `local h = hmac:new("CANARY", hmac.ALGOS.SHA256)`, `secret["k"] = "CANARY"`, "password =\n  \"CANARY\"",
		`ngx.header["X-Auth"] = "CANARY"`,
		// Command lines
		`mysql -u root -pCANARY db`, `curl -s -u agent:CANARY https://x/`, `curl --user "agent:CANARY" x`, `sshpass -p CANARY ssh x`, `openssl rsa -passin pass:CANARY`,
		`requirepass CANARY`, `CONFIG SET masterauth "CANARY"`, `red.call('auth', 'agent', 'CANARY')`, "PASSWORD=ab\\ CANARY", `PASSWORD='a'"CANARY"`, "PASSWORD=$'a CANARY'", "PASSWORD=${X:-a}CANARY",
		"PASSWORD=7/CANARY", `SECRET="4=CANARY"`, "set $jwt_secret 9/CANARY;", "a:{PLAIN}CANARY", "a:{BLF-CRYPT}CANARY:1", `if ($http_x_gate = "CANARY") {`, "proxy_set_header X-Gate CANARY;",
		"{\n\"kty\": \"RSA\",\n\"dp\": \"CANARY\"\n}", "client_secret CANARY", "JWT_SIGNING_KEY = CANARY",
		`keytool -storepass CANARY`, `tool --token CANARY`,
		`-A INPUT -m comment --comment "pw CANARY" -j DROP`, `ACCEPT tcp -- any any /* pw CANARY */`,
		// Keys
		"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: x\nCANARY\n---- END SSH2 ENCRYPTED PRIVATE KEY ----",
		"-----BEGIN Private Key-----\nCANARY\n-----END Private Key-----", "-----begin private key-----\nCANARY-----end private key-----",
		"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY----- password=CANARY",
		"-----BEGIN PRIVATE KEY-----\n[redacted:private-key:0] CANARY\n-----END PRIVATE KEY-----",
	} {
		text := strings.ReplaceAll(form, "CANARY", canary)
		clean, marks := evidence.Redact([]byte(text))
		if bytes.Contains(clean, []byte(canary)) || len(marks) == 0 {
			t.Errorf("%q became %q", form, clean)
		}
		if strings.Count(text, "\n") != bytes.Count(clean, []byte("\n")) {
			t.Errorf("%q: the number of lines changed: %q", form, clean)
		}
		if again, _ := evidence.Redact(clean); !bytes.Equal(again, clean) {
			t.Errorf("redacting twice changed %q to %q", clean, again)
		}
	}
}

func TestAPuTTYKeyLosesItsPrivatePartOnly(t *testing.T) {
	clean, _ := evidence.Redact([]byte("PuTTY-User-Key-File-3: ssh-ed25519\nPublic-Lines: 1\nAAAAC3Nz\nPrivate-Lines: 2\nSHVudGVy\nMkNhbmFy\nPrivate-MAC: 00112233\nserver_tokens off;\n"))
	want := "PuTTY-User-Key-File-3: ssh-ed25519\nPublic-Lines: 1\nAAAAC3Nz\nPrivate-Lines: 2\n[redacted:private-key:0]\n[redacted:private-key:0]\nPrivate-MAC: [redacted:credential:0]\nserver_tokens off;\n"
	if string(clean) != want {
		t.Errorf("%q", clean)
	}
}

func TestRedactLeavesHarmlessNeighboursOfSecretsAlone(t *testing.T) {
	for _, text := range []string{
		"proxy_set_header X-Forwarded-Port $server_port;\nproxy_set_header Host $host;\n",
		"proxy_set_header Cookie $http_cookie;\nproxy_set_header Authorization \"Bearer $jwt\";\n",
		"proxy_set_header :authority $host;\nadd_header Access-Control-Allow-Credentials true;\n",
		"add_header Set-Cookie \"route=$upstream_addr; Path=/; Secure; HttpOnly\";\n",
		"limit_req zone=auth burst=5;\nlimit_req_zone $http_x_token zone=auth:10m rate=5r/s;\nlimit_conn_zone $cookie_session zone=s:1m;\n",
		"auth_basic \"Restricted\";\nauth_basic_user_file /etc/nginx/htpasswd;\nauth_request /auth;\nauth_request_set $auth_status $upstream_status;\n",
		"proxy_pass https://auth.corp.example:8445;\nserver_name token.corp.example secret.corp.example;\n",
		"ssl_certificate_key /etc/nginx/tls/edge.key;\nssl_session_ticket_key /etc/nginx/ticket.bin;\nssl_session_cache shared:SSL:10m;\n",
		"ssl_password_file /etc/nginx/pass;\npassword_file /etc/x/pass.txt;\npassword_file=/etc/x/pass.txt\n",
		"if ($http_x_token = \"\") { return 401; }\nif ($http_authorization !~ \"^Bearer \") { return 401; }\n",
		"map $http_authorization $has { default 0; \"~^Bearer .+\" 1; }\n",
		"map $http_upgrade $connection_upgrade {\n  default upgrade;\n  '' close;\n}\n",
		"SSL certificate verification for connections established from reverse proxy hosts is enabled\nadmin:show tls server min-version\nThe server tls min-version is set to 1.2\n",
		"admin:utils system reverse-proxy client-auth status\nadmin:set password user security\n",
		"secure_link_md5 \"$secure_link_expires$uri$remote_addr\";\nsecure_link $arg_md5,$arg_expires;\n",
		"log_format main '$remote_addr \"$request\" $http_cookie';\nset $token $http_x_token;\n",
		"-A INPUT -p tcp --dport 8445 -m comment --comment \"agents\" -j ACCEPT\n",
		"# a comment with Grüße\nuser nginx;\n",
		"# \xcf\xf0\xe8\xe2\xe5\xf2 \xec\xe8\xf0 \xcf\xf0\xe8\xe2\xe5\xf2\nuser nginx;\n",
	} {
		if clean, marks := evidence.Redact([]byte(text)); string(clean) != text || len(marks) != 0 {
			t.Errorf("%q became %q", text, clean)
		}
	}
}

func TestSecretsAreFoundInTextWithNULBytesAndInUTF16(t *testing.T) {
	text := "server_tokens off;\r\nset $db_password \"" + canary + "\";\r\n"
	encode := func(order binary.AppendByteOrder, mark bool) []byte {
		var out []byte
		if mark {
			out = order.AppendUint16(out, 0xfeff)
		}
		for _, u := range utf16.Encode([]rune(text)) {
			out = order.AppendUint16(out, u)
		}
		return out
	}
	for name, raw := range map[string][]byte{
		"little endian with a mark": encode(binary.LittleEndian, true), "little endian": encode(binary.LittleEndian, false),
		"big endian with a mark": encode(binary.BigEndian, true), "big endian": encode(binary.BigEndian, false),
		"cut inside a character": append(encode(binary.LittleEndian, true), 'x'),
		"one NUL byte":           []byte("\x00" + text), "UTF-16 after other text": append([]byte("user nginx;\nworker_processes 1;\n"), encode(binary.LittleEndian, false)...),
	} {
		clean, marks := evidence.Redact(raw)
		plain := strings.ReplaceAll(string(clean), "\x00", "")
		if strings.Contains(plain, canary) || len(marks) != 1 || marks[0].Kind == "binary" || !strings.Contains(plain, "server_tokens off;\r\n") {
			t.Errorf("%s: %q", name, clean)
		}
		if again, _ := evidence.Redact(clean); !bytes.Equal(again, clean) {
			t.Errorf("%s: redacting twice changed it", name)
		}
	}
}

func TestNothingIsKeptOfBinaryContentButACertificate(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "a"}, NotAfter: time.Unix(2e9, 0)}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	if clean, marks := evidence.Redact(certificate); !bytes.Equal(clean, certificate) || len(marks) != 0 {
		t.Errorf("a certificate became %q", clean)
	}
	var secret [][]byte
	for range 50 {
		_, edwards, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range []any{edwards, curve} {
			der, err := x509.MarshalPKCS8PrivateKey(k)
			if err != nil {
				t.Fatal(err)
			}
			secret = append(secret, der, append(bytes.Clone(certificate), der...))
		}
		der, err := x509.MarshalECPrivateKey(curve)
		if err != nil {
			t.Fatal(err)
		}
		secret = append(secret, der, der[:len(der)-5], append(der, '\n'))
	}
	for _, raw := range secret {
		clean, marks := evidence.Redact(raw)
		if !bytes.HasPrefix(clean, []byte("[redacted:binary:")) || len(marks) != 1 {
			t.Fatalf("%x became %q", raw, clean)
		}
	}
	var a evidence.Archive
	if got := a.Add("key.der", secret[0]); got.OriginalSHA256 != "" {
		t.Error("the digest of binary content is told")
	}
}
