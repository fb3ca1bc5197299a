// SPDX-License-Identifier: Apache-2.0

package tlsposture

import (
	"bytes"
	"crypto/tls"
	"net"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func FuzzAnAnswerOfAnyBytesIsJudged(f *testing.F) {
	f.Add(serverHelloRecord(tls12, 0xc02f))
	f.Add([]byte{recordAlert, 3, 3, 0, 2, 2, 70})
	f.Add([]byte{recordAlert, 3, 3, 0, 2, 1, 112, recordHandshake, 3, 3, 0, 4, typeServerHello, 0, 0, 0})
	f.Add([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
	f.Add([]byte{recordHandshake, 3, 3, 0x40, 0, typeServerHello, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, answer []byte) {
		r := readFlight(bytes.NewReader(answer), true)
		r.namedCurve()
		if bits := r.primeBits(); bits < 0 || bits > 8*0xffff {
			t.Errorf("a prime of %d bits", bits)
		}
		if r.outcome == served && (r.hello.version < ssl30 || len(r.hello.random) != 32) {
			t.Errorf("a hello of version %04x with a random of %d bytes", r.hello.version, len(r.hello.random))
		}
		if (r.outcome == alerted || r.outcome == foreign) && r.reason == "" {
			t.Error("a refusal without a reason")
		}
		// Reading less must not turn an answer into another one.
		if hello := readFlight(bytes.NewReader(answer), false); hello.outcome != r.outcome {
			t.Errorf("outcome %d from the hello alone, %d from the flight", hello.outcome, r.outcome)
		}
	})
}

func FuzzAConversationOfAnyBytesEnds(f *testing.F) {
	f.Add([]byte{recordChangeCipherSpec, 3, 3, 0, 1, 1, recordHandshake, 3, 3, 0, 1, 9})
	f.Fuzz(func(t *testing.T, stream []byte) {
		if record, rest, ok := afterChange(stream); ok && len(record)+len(rest) > len(stream) {
			t.Error("more was found than there is")
		}
	})
}

func TestAServerReadsOurHelloAsItIsMeant(t *testing.T) {
	for _, p := range protocols[1:] {
		t.Run(p.name, func(t *testing.T) {
			ours, theirs := net.Pipe()
			defer ours.Close()
			defer theirs.Close()
			_ = ours.SetDeadline(time.Now().Add(5 * time.Second))
			_ = theirs.SetDeadline(time.Now().Add(5 * time.Second))
			l := &listener{}
			l.endpoint.Host = deskName
			h := l.helloOf(p.id, offered(p.id))
			h.alpn, h.staple, h.deflate = []string{"h2"}, true, p.id != tls13
			go func() { _, _ = ours.Write(h.record()) }()
			var got *tls.ClientHelloInfo
			server := tls.Server(theirs, &tls.Config{MinVersion: tls.VersionTLS10, GetConfigForClient: func(info *tls.ClientHelloInfo) (*tls.Config, error) {
				got = info
				return nil, net.ErrClosed
			}})
			go func() { _, _ = ours.Read(make([]byte, 64)) }()
			if err := server.Handshake(); got == nil {
				t.Fatal(err)
			}
			if got.ServerName != deskName || !slices.Equal(got.SupportedProtos, []string{"h2"}) || !slices.Equal(got.CipherSuites, h.suites) ||
				slices.Max(got.SupportedVersions) != p.id || len(got.SupportedCurves) != len(h.groups) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestTheSuiteTableAgreesWithOpenSSL(t *testing.T) {
	out, err := exec.Command(program(t, "openssl"), "ciphers", "-V", "-stdname", "ALL:COMPLEMENTOFALL:!PSK:!SRP:@SECLEVEL=0").Output()
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`0x(\w\w),0x(\w\w) - (\S+)\s.*Kx=(\S+)\s+Au=(\S+)\s+Enc=(\S+)\s+Mac=(\S+)`)
	found := 0
	for _, m := range line.FindAllStringSubmatch(string(out), -1) {
		id, err := strconv.ParseUint(m[1]+m[2], 16, 16)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(m[3], "PSK") {
			continue
		}
		found++
		s := suiteOf(uint16(id))
		if s.name != m[3] {
			t.Errorf("0x%04X is %s, openssl says %s", id, s.name, m[3])
		}
		if want := m[7] == "AEAD"; s.aead() != want {
			t.Errorf("%s: AEAD is %v", s.name, s.aead())
		}
		if want := m[4] != "RSA"; s.forwardSecret() != want {
			t.Errorf("%s: forward secret is %v with %s", s.name, s.forwardSecret(), m[4])
		}
		if want := m[6] == "None" || m[5] == "None" || strings.Contains(s.name, "MD5") || strings.HasPrefix(m[6], "3DES"); (s.broken() != "") != want {
			t.Errorf("%s: broken is %q, want %v", s.name, s.broken(), want)
		}
		if want := m[7] != "AEAD" && m[6] != "None"; s.cbc() != want {
			t.Errorf("%s: CBC is %v", s.name, s.cbc())
		}
	}
	if found < 80 {
		t.Errorf("only %d suites were compared", found)
	}
	for _, retired := range []string{"TLS_RSA_EXPORT_WITH_RC4_40_MD5", "TLS_RSA_WITH_RC4_128_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_DH_anon_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_NULL_SHA", "TLS_SHA256_SHA256"} {
		if (suite{name: retired}).broken() == "" {
			t.Errorf("%s is not broken", retired)
		}
	}
}
