// SPDX-License-Identifier: Apache-2.0

package tlsposture

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	jarm "github.com/hdm/jarm-go"
	"github.com/zmap/zcrypto/encoding/asn1"

	"github.com/postern-audit/postern/internal/evidence"
)

func TestNoAddressInACertificateIsContacted(t *testing.T) {
	var hits atomic.Int32
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		hits.Add(1)
		w.WriteHeader(http.StatusNotFound)
	}))
	defer web.Close()
	id := newIdentity(t, rsaKey(), web.URL)
	for _, version := range []uint16{tls12, tls13} {
		address := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{id.tls}, MinVersion: version, MaxVersion: version})
		p := posture(t, brisk, target(t, address))
		if len(p.Chain) != 1 || p.Chain[0].SHA256 != digest(id.der) {
			t.Errorf("chain %v, want the certificate", p.Chain)
		}
	}
	if n := hits.Load(); n > 0 {
		t.Errorf("%d requests to addresses in the certificate", n)
	}
}

// What tlsx does to the ASN.1 reader of the whole process is a decision of this
// package; a change of it would change the findings about certificates.
func TestCertificatesAreReadPermissively(t *testing.T) {
	quietTLSX()
	if !asn1.AllowPermissiveParsing {
		t.Error("zcrypto reads certificates strictly")
	}
}

func TestAOneShotConnectionIsHandedOutOnce(t *testing.T) {
	shot := &oneShot{}
	shot.conn.Store(&wire{})
	if _, err := shot.Dial("tcp", "192.0.2.1:443"); err != nil {
		t.Fatal(err)
	}
	if _, err := shot.Dial("tcp", "192.0.2.1:443"); err == nil || !strings.Contains(err.Error(), "no further connection") {
		t.Errorf("second connection: %v", err)
	}
}

func TestTheFingerprintIsJARM(t *testing.T) {
	address := startNginx(t, newRSA(t), usual)
	p := posture(t, Collector{}, target(t, address))
	var parts []string
	for _, probe := range jarm.GetProbes(deskName, deskPort) {
		conn, err := net.DialTimeout("tcp", address, time.Second)
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
		_, _ = conn.Write(jarm.BuildProbe(probe))
		buffer := make([]byte, jarmWindow)
		n, _ := conn.Read(buffer)
		_ = conn.Close()
		part, err := jarm.ParseServerHello(buffer[:n], probe)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, part)
	}
	if want := jarm.RawHashToFuzzyHash(strings.Join(parts, ",")); p.JARM != evidence.Known(want, evidence.Observed) {
		t.Errorf("JARM %+v, want %s", p.JARM, want)
	}
}
