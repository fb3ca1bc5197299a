// SPDX-License-Identifier: Apache-2.0

package tlsposture

import (
	"crypto/x509"
	"encoding/pem"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// maxChain bounds how many certificates of a chain are described.
const maxChain = 50

// chain takes the chain of the highest version in which tlsx got one, writes
// it into the record and returns it as PEM. A listener that accepts a version
// and shows no chain leaves that open.
func (s *scan) chain() string {
	var out strings.Builder
	spoken := false
	for i := len(s.versions) - 1; i >= 0 && out.Len() == 0; i-- {
		v := s.versions[i]
		spoken = spoken || v.fact.Answer == evidence.Accepted
		if v.fact.Answer != evidence.Accepted {
			continue
		}
		for _, der := range v.certificates() {
			s.posture.Chain = append(s.posture.Chain, describe(der))
			out.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
		}
	}
	if spoken && out.Len() == 0 {
		s.stays("the served chain", "no handshake came as far as a certificate that can be read")
	}
	return out.String()
}

// certificates is what tlsx was shown, or, in a version that only a hello of our
// own could open, what stood in the clear flight.
func (v *tried) certificates() [][]byte {
	var out [][]byte
	for _, text := range v.shake.chain {
		if block, _ := pem.Decode([]byte(text)); block != nil {
			out = append(out, block.Bytes)
		}
	}
	if v.fact.By == byHello && v.suites.first != nil {
		out = v.suites.first.certificates
	}
	return out[:min(len(out), maxChain)]
}

func describe(der []byte) evidence.ServedCertificate {
	served := evidence.ServedCertificate{SHA256: digest(der)}
	if c, err := x509.ParseCertificate(der); err == nil {
		served.Subject, served.Issuer = c.Subject.String(), c.Issuer.String()
	}
	return served
}
