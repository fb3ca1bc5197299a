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
		for _, text := range v.shake.chain[:min(len(v.shake.chain), maxChain)] {
			block, _ := pem.Decode([]byte(text))
			if block == nil {
				continue
			}
			s.posture.Chain = append(s.posture.Chain, describe(block.Bytes))
			out.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: block.Bytes}))
		}
	}
	if spoken && out.Len() == 0 {
		s.stays("the served chain", "no handshake came as far as a certificate that can be read")
	}
	return out.String()
}

func describe(der []byte) evidence.ServedCertificate {
	served := evidence.ServedCertificate{SHA256: digest(der)}
	if c, err := x509.ParseCertificate(der); err == nil {
		served.Subject, served.Issuer = c.Subject.String(), c.Issuer.String()
	}
	return served
}
