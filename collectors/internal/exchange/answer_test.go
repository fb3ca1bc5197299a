// SPDX-License-Identifier: Apache-2.0

package exchange_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/postern-audit/postern/collectors/internal/exchange"
	"github.com/postern-audit/postern/internal/evidence"
)

func TestABodyIsWholeOnlyWhenAllOfItIsInHand(t *testing.T) {
	long := strings.Repeat("b", exchange.MaxBody+1)
	for _, c := range []struct{ name, text, want string }{
		{"a length", ok, ""},
		{"nothing", "HTTP/1.1 204 No Content\r\n\r\n", ""},
		{"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", ""},
		{"until the connection ends", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhi", ""},
		{"identity", "HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 2\r\n\r\nhi", ""},
		{"the largest", fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", exchange.MaxBody, long[1:]), ""},
		{"a length that does not come", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 20\r\n\r\nhi", "broke off"},
		{"a length that hangs", "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhi", "broke off"},
		{"no last chunk", "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n", "broke off"},
		{"a body without end", "HTTP/1.1 200 OK\r\n\r\nhi", "broke off"},
		{"two lengths", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi", "ends where nobody can be sure"},
		{"gzip", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nhi", "is encoded although that was not asked for"},
		{"one byte too long", fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(long), long), "is longer than 262144 bytes"},
		{"too long in chunks", fmt.Sprintf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(long), long), "is longer than 262144 bytes"},
		{"too long until the end", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + long, "is longer than 262144 bytes"},
		{"far too long until the end", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + long + long, "is longer than 262144 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := client(t, serveTLS(t, c.text)).Ask(bounded(t), overTLS, get("/"))
			if a.Outcome != evidence.HTTPAnswered || a.BodyFault != c.want {
				t.Errorf("%s, %d bytes, %q, want %q", a.Outcome, len(a.Body), a.BodyFault, c.want)
			}
		})
	}
}

func TestALineThatIsNoFieldMakesAHeadOdd(t *testing.T) {
	for text, want := range map[string]bool{
		ok: false,
		"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin : x\r\nContent-Length: 2\r\n\r\nhi": true,
		"HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 2\r\n\r\nhi":                      true,
	} {
		if a := client(t, serveTLS(t, text)).Ask(bounded(t), overTLS, get("/")); a.OddHead != want {
			t.Errorf("%q: %v", text, a.OddHead)
		}
	}
}
