// SPDX-License-Identifier: Apache-2.0

package tlsposture

import (
	"context"
	"strings"
	"sync"

	jarm "github.com/hdm/jarm-go"

	"github.com/postern-audit/postern/internal/evidence"
)

// jarmWindow is how much of an answer the fingerprint is defined over.
const jarmWindow = 1484

// jarm takes the JARM fingerprint: ten hellos of an odd shape each, whose
// answers tell implementations apart. It is not known unless all ten had an
// answer, since a lost one gives a fingerprint that nobody else has.
func (l *listener) jarm(ctx context.Context) evidence.Optional[string] {
	probes := jarm.GetProbes(l.endpoint.Host, l.endpoint.Port)
	parts := make([]string, len(probes))
	var all sync.WaitGroup
	for i, probe := range probes {
		all.Go(func() {
			w, r := l.exchange(ctx, sendRecord(jarm.BuildProbe(probe), true))
			switch r.outcome {
			case served:
				in, _ := w.capture()
				parts[i] = rawJARM(in[:min(len(in), jarmWindow)], probe)
			case alerted, hungUp:
				parts[i] = "|||"
			}
		})
	}
	all.Wait()
	for _, part := range parts {
		if part == "" {
			return evidence.Optional[string]{}
		}
	}
	return evidence.Known(jarm.RawHashToFuzzyHash(strings.Join(parts, ",")), evidence.Observed)
}

// rawJARM keeps a hostile answer that the library trips over out of the way.
func rawJARM(answer []byte, probe jarm.JarmProbeOptions) (part string) {
	defer func() {
		if recover() != nil {
			part = ""
		}
	}()
	part, err := jarm.ParseServerHello(answer, probe)
	if err != nil {
		return ""
	}
	return part
}
