// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"bytes"
	"io"
	"testing"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// frame sends one HTTP/2 request made of exactly these fields, and gives the status
// that came back: 0 when the stream or the connection was ended instead.
func (s *scene) frame(fields [][2]string, body string) string {
	s.tb.Helper()
	c, err := s.dial(desk, "desk-a.agents.example", "h2")
	if err != nil {
		s.tb.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, http2.ClientPreface)
	framer := http2.NewFramer(c, c)
	framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	framer.WriteSettings()
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	for _, f := range fields {
		encoder.WriteField(hpack.HeaderField{Name: f[0], Value: f[1]})
	}
	framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: block.Bytes(), EndStream: body == "", EndHeaders: true})
	if body != "" {
		framer.WriteData(1, true, []byte(body))
	}
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return "0"
		}
		switch frame := frame.(type) {
		case *http2.MetaHeadersFrame:
			return frame.PseudoValue("status")
		case *http2.RSTStreamFrame, *http2.GoAwayFrame:
			return "0"
		}
	}
}

func TestHTTP2FieldsCannotSmuggle(t *testing.T) {
	s := newScene(t, nil)
	base := func(path string, more ...[2]string) [][2]string {
		return append([][2]string{{":method", "GET"}, {":scheme", "https"}, {":authority", desk}, {":path", path}}, more...)
	}
	post := func(more ...[2]string) [][2]string {
		f := base("/finesse/api/ClientLog/1", more...)
		f[0][1] = "POST"
		return f
	}
	if got := s.frame(base("/desktop/"), ""); got != "200" || len(s.arrivals()) != 1 {
		t.Fatalf("an ordinary request: %s", got)
	}
	for name, test := range map[string]struct {
		fields [][2]string
		body   string
	}{
		"Host besides :authority":       {base("/desktop/", [2]string{"host", "evil.example"}), ""},
		"equal Host besides :authority": {base("/desktop/", [2]string{"host", desk}), ""},
		"transfer-encoding":             {post([2]string{"transfer-encoding", "chunked"}), "0\r\n\r\n"},
		"connection":                    {base("/desktop/", [2]string{"connection", "x-client-ip"}), ""},
		"upgrade":                       {base("/ws", [2]string{"upgrade", "websocket"}), ""},
		"length too short":              {post([2]string{"content-length", "1"}), "GET /cfadmin HTTP/1.1\r\n"},
		"length too long":               {post([2]string{"content-length", "100"}), "x"},
		"two lengths":                   {post([2]string{"content-length", "1"}, [2]string{"content-length", "1"}), "x"},
		"line break in a value":         {base("/desktop/", [2]string{"x-a", "b\r\nx-client-ip: 1"}), ""},
		"line break in a name":          {base("/desktop/", [2]string{"x-a: b\r\nx-b", "c"}), ""},
		"upper-case name":               {base("/desktop/", [2]string{"X-A", "b"}), ""},
		"underscore":                    {base("/desktop/", [2]string{"x_client_ip", "b"}), ""},
		"blank in the path":             {base("/desktop/ HTTP/1.1\r\nHost: x"), ""},
		"line break in the path":        {base("/desktop/\r\nX: y"), ""},
		"no slash in the path":          {base("desktop/"), ""},
		"absolute path":                 {base("https://" + desk + "/desktop/"), ""},
		"asterisk":                      {base("*"), ""},
		"empty path":                    {base(""), ""},
		"second path":                   {base("/desktop/", [2]string{":path", "/cfadmin"}), ""},
		"late pseudo field":             {append(base("/desktop/", [2]string{"x", "y"}), [2]string{":path", "/cfadmin"}), ""},
		"no authority":                  {base("/desktop/")[:2:2], ""},
		"foreign authority":             {[][2]string{{":method", "GET"}, {":scheme", "https"}, {":authority", "evil.example"}, {":path", "/desktop/"}}, ""},
		"userinfo in authority":         {[][2]string{{":method", "GET"}, {":scheme", "https"}, {":authority", "a@" + desk}, {":path", "/desktop/"}}, ""},
		"extended connect":              {[][2]string{{":method", "CONNECT"}, {":protocol", "websocket"}, {":scheme", "https"}, {":authority", desk}, {":path", "/ws"}}, ""},
		"connect":                       {[][2]string{{":method", "CONNECT"}, {":authority", desk}}, ""},
		"odd method":                    {[][2]string{{":method", "GET /cfadmin HTTP/1.1\r\nX:"}, {":scheme", "https"}, {":authority", desk}, {":path", "/desktop/"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			status := s.frame(test.fields, test.body)
			for _, a := range s.arrivals() {
				// net/http counts the body against its length while it is forwarded,
				// so a head may arrive; the false body never does.
				if a.Target != "/finesse/api/ClientLog/1" || len(a.Body) > 1 {
					t.Errorf("arrived: %+v", a)
				}
			}
			if status == "200" {
				t.Errorf("answered %s", status)
			}
		})
	}
}
