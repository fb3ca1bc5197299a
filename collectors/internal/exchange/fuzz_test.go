// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"bufio"
	"bytes"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzAnAnswerIsReadWithinItsCaps(f *testing.F) {
	for _, seed := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
		"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 404\n\nx",
		"HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\x00: d\r\n\r\n",
		"\x15\x03\x03\x00\x02\x02\x0a", "HTTP/1.1 999 x\r\n\r\n", "<html>", "",
	} {
		f.Add([]byte(seed), false)
		f.Add([]byte(seed), true)
	}
	f.Fuzz(func(t *testing.T, input []byte, bodiless bool) {
		r := bufio.NewReaderSize(bytes.NewReader(input), readBuffer)
		h, err := readHead(r)
		if h.status != 0 && (h.status < 100 || h.status > 599) {
			t.Errorf("status %d", h.status)
		}
		if len(h.fields) > maxFields {
			t.Errorf("%d fields", len(h.fields))
		}
		for _, field := range h.fields {
			if !IsToken(field.Name) || strings.ContainsAny(field.Value, "\r\n\x00") {
				t.Errorf("field %q", field)
			}
		}
		if err != nil {
			return
		}
		if h.status < 200 && h.status != http.StatusSwitchingProtocols {
			t.Errorf("an interim answer %d is the last word", h.status)
		}
		method := "GET"
		if bodiless {
			method = "HEAD"
		}
		b := readBody(r, method, h)
		if len(b.kept) > MaxBody || bodiless && len(b.kept) > 0 {
			t.Errorf("%d bytes of body", len(b.kept))
		}
		if b.ended && h.keepsAlive() && len(h.values("Content-Length")) > 1 && len(b.kept) > 0 {
			t.Error("a body of two lengths is sure to have ended")
		}
	})
}

func FuzzTextIsFitForAFact(f *testing.F) {
	f.Add("nginx/1.25.3")
	f.Add("Basic dXNlcjpwYXNzd29yZA==\x00\xff\n")
	f.Fuzz(func(t *testing.T, value string) {
		text := Text(value)
		if len(text) > maxText || !utf8.ValidString(text) || strings.ContainsAny(text, "\r\n\x00") {
			t.Errorf("%q", text)
		}
	})
}

func TestSecretsInAValueAreRedacted(t *testing.T) {
	for _, value := range []string{"Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJlLXZhbHVl", "x; password=hunter2-very-secret"} {
		if text := Text(value); strings.Contains(text, "eyJzdWIi") || strings.Contains(text, "hunter2") {
			t.Errorf("%q", text)
		}
	}
	if text := Text("max-age=31536000; includeSubDomains"); text != "max-age=31536000; includeSubDomains" {
		t.Errorf("%q", text)
	}
	if text := Text(strings.Repeat("é", 1000)); len(text) != maxText {
		t.Errorf("%d bytes", len(text))
	}
}

func TestAWholeHeadOfTheLargestSizeIsRead(t *testing.T) {
	text := "HTTP/1.1 200 OK\r\n" + strings.Repeat("A: "+strings.Repeat("b", 300)+"\r\n", maxFields) + "\r\n"
	h, err := readHead(bufio.NewReaderSize(strings.NewReader(text), readBuffer))
	if err != nil || len(h.fields) != maxFields {
		t.Errorf("%d fields, %v", len(h.fields), err)
	}
}

func TestSessionsInAnAddressAreCut(t *testing.T) {
	for value, want := range map[string]string{
		"/desktop/;jsessionid=0123CANARY":                        "/desktop/;jsessionid=CUT",
		"/a;JSESSIONID=CANARY/b":                                 "/a;JSESSIONID=CUT",
		"/a%3bjsessionid%3dCANARY":                               "/a%3bjsessionid%3dCUT",
		"report-uri https://r.example/x?sid=CANARY&a=b; img-src": "report-uri https://r.example/x?sid=CUT&a=b; img-src",
		"https://r.example/?a=b&access_token=CANARY#c":           "https://r.example/?a=b&access_token=CUT#c",
		"max-age=31536000; includeSubDomains":                    "max-age=31536000; includeSubDomains",
		"text/html; charset=utf-8":                               "text/html; charset=utf-8",
	} {
		if got := WithoutSessions(value); got != want {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
		if text := Text(value); strings.Contains(text, "CANARY") {
			t.Errorf("%q", text)
		}
	}
}
