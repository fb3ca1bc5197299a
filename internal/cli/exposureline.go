// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/postern-audit/postern/internal/nginx/request"
)

// askedRequest is one request as JSON. A string stands for bytes: the code point
// U+00E9 is the byte E9, and there is none above U+00FF. Host null, or left out,
// sends no Host header.
type askedRequest struct {
	Address string      `json:"address"`
	Port    *int        `json:"port"`
	TLS     bool        `json:"tls"`
	SNI     string      `json:"sni"`
	Version string      `json:"version"`
	Client  string      `json:"client"`
	Host    *string     `json:"host"`
	Method  *string     `json:"method"`
	Target  *string     `json:"target"`
	Headers [][]*string `json:"headers"`
}

const requestKeys = "address, port, tls, sni, version, client, host, method, target, headers"

// answer says as JSON what became of a request. Its strings stand for bytes, too.
type answer struct {
	Outcome  string `json:"outcome"`
	Status   int    `json:"status"`
	Server   string `json:"server"`
	Location string `json:"location"`
	Upstream string `json:"upstream"`
	Path     string `json:"path"`
	Reason   string `json:"reason"`
}

func newAnswer(o request.Outcome) answer {
	return answer{
		Outcome: string(o.Kind), Status: o.Status, Server: textOf(o.Server), Location: textOf(o.Location),
		Upstream: textOf(o.Upstream), Path: textOf(o.Path), Reason: textOf(o.Reason),
	}
}

// readRequest reads a request from one line of JSON. Keys that do not exist are
// refused: a misspelt one would ask something else than was meant.
func readRequest(line []byte) (request.Request, error) {
	var in askedRequest
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		return request.Request{}, jsonError(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return request.Request{}, withHint(errors.New("more than one value"), "one request a line")
	}
	return in.request()
}

func (in *askedRequest) request() (q request.Request, err error) {
	for _, k := range []struct {
		name    string
		missing bool
	}{{"port", in.Port == nil}, {"method", in.Method == nil}, {"target", in.Target == nil}} {
		if k.missing {
			return q, withHint(fmt.Errorf("%s is missing", k.name), `for example {"port": 443, "method": "GET", "target": "/"}`)
		}
	}
	unix := strings.HasPrefix(in.Address, "unix:")
	if *in.Port < 0 || *in.Port > 65535 || *in.Port == 0 && !unix {
		return q, withHint(fmt.Errorf("port %d does not exist", *in.Port), "1 to 65535; 0 only with an address such as unix:/run/gate.sock")
	}
	read := func(name, text string) string {
		b, ok := bytesOf(text)
		if !ok && err == nil {
			err = withHint(fmt.Errorf("%s holds a character above U+00FF", name), "a string stands for bytes, U+0000 to U+00FF")
		}
		return b
	}
	q = request.Request{
		Address: read("address", in.Address), Port: *in.Port, TLS: in.TLS, SNI: read("sni", in.SNI), Version: read("version", in.Version),
		Client: read("client", in.Client), Method: read("method", *in.Method), Target: read("target", *in.Target),
	}
	if in.Host != nil {
		host := read("host", *in.Host)
		q.Host = &host
	}
	for _, h := range in.Headers {
		if len(h) != 2 || h[0] == nil || h[1] == nil {
			return q, withHint(errors.New("a header is no pair of strings"), `headers are [["Name", "value"], ...]`)
		}
		q.Headers = append(q.Headers, [2]string{read("headers", *h[0]), read("headers", *h[1])})
	}
	return q, err
}

// ask is the request as it would stand in a line.
func ask(q request.Request) askedRequest {
	text := func(s string) *string { s = textOf(s); return &s }
	in := askedRequest{
		Address: textOf(q.Address), Port: &q.Port, TLS: q.TLS, SNI: textOf(q.SNI), Version: textOf(q.Version), Client: textOf(q.Client),
		Method: text(q.Method), Target: text(q.Target), Headers: [][]*string{},
	}
	if q.Host != nil {
		in.Host = text(*q.Host)
	}
	for _, h := range q.Headers {
		in.Headers = append(in.Headers, []*string{text(h[0]), text(h[1])})
	}
	return in
}

// jsonError says what is wrong with a line in words of the line.
func jsonError(err error) error {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &kind):
		name := kind.Field
		if name == "" {
			return withHint(fmt.Errorf("%s, not an object", article(kind.Value)), "a request is an object with the keys "+requestKeys)
		}
		want := kind.Type.String()
		switch want {
		case "int":
			want = "a whole number"
		case "bool":
			want = "true or false"
		case "string":
			want = "a string"
		default:
			want = "a list of pairs"
		}
		return withHint(fmt.Errorf("%s is %s, not %s", name, article(kind.Value), want), "a request is an object with the keys "+requestKeys)
	case errors.As(err, &syntax):
		return withHint(fmt.Errorf("no JSON at byte %d: %w", syntax.Offset, err), "one JSON object a line")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return withHint(errors.New("the JSON object has no end"), "one JSON object a line")
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return withHint(fmt.Errorf("unknown key %s", name), "keys are "+requestKeys)
	}
	return err
}

// article names a kind of JSON value in a sentence.
func article(kind string) string {
	switch kind {
	case "array", "object":
		return "an " + kind
	}
	return "a " + kind
}

// bytesOf turns code points up to U+00FF into the bytes that they stand for.
func bytesOf(text string) (string, bool) {
	if isASCII(text) {
		return text, true
	}
	b := make([]byte, 0, len(text))
	for _, r := range text {
		if r > 0xff {
			return "", false
		}
		b = append(b, byte(r))
	}
	return string(b), true
}

// textOf turns bytes into the code points that stand for them.
func textOf(b string) string {
	if isASCII(b) {
		return b
	}
	var text strings.Builder
	for i := range len(b) {
		text.WriteRune(rune(b[i]))
	}
	return text.String()
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
