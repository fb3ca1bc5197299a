// SPDX-License-Identifier: Apache-2.0

package tlsposture

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strconv"

	"github.com/postern-audit/postern/internal/evidence"
)

// maxStatusLine bounds what is read of an answer in clear text.
const maxStatusLine = 4096

var statusLine = regexp.MustCompile(`^HTTP/\d(?:\.\d)? (\d{3})\b`)

// plainHTTP sends a request in clear text. An alert, or a closed connection, is
// 0; silence, and bytes that are neither, stay unknown.
func (l *listener) plainHTTP(ctx context.Context) evidence.Optional[int] {
	w, r := l.exchange(ctx, func(_ context.Context, w *wire) {
		request := fmt.Sprintf("GET / HTTP/1.1\r\nHost: %s:%d\r\nConnection: close\r\n\r\n", l.endpoint.Host, l.endpoint.Port)
		if _, err := w.Write([]byte(request)); err != nil {
			return
		}
		var line []byte
		buffer := make([]byte, 512)
		for len(line) < maxStatusLine && !bytes.ContainsRune(line, '\n') {
			n, err := w.Read(buffer)
			line = append(line, buffer[:n]...)
			if err != nil || len(line) >= 7 && line[0] == recordAlert {
				return
			}
		}
	})
	if r.outcome == alerted || r.outcome == hungUp {
		return evidence.Known(0, evidence.Observed)
	}
	if r.outcome != foreign {
		return evidence.Optional[int]{}
	}
	in, _ := w.capture()
	if m := statusLine.FindSubmatch(in); m != nil {
		if status, err := strconv.Atoi(string(m[1])); err == nil {
			return evidence.Known(status, evidence.Observed)
		}
	}
	return evidence.Optional[int]{}
}
