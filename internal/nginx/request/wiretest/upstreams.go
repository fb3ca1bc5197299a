// SPDX-License-Identifier: Apache-2.0

package wiretest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// protocols are those of the upstreams of a bench, in their order.
var protocols = []string{"http", "http", "http", "http", "fastcgi", "scgi", "uwsgi", "grpc"}

// guardUpstream is the one whose status depends on the path.
const guardUpstream = 3

// parameters give the protocols that send variables the path that nginx works with.
const parameters = `fastcgi_param P_PATH $uri$is_args$args; scgi_param P_PATH $uri$is_args$args; uwsgi_param P_PATH $uri$is_args$args;
`

func (b *Bench) upstreamBlocks() string {
	text := parameters
	for i, l := range b.upstreams {
		keep := ""
		if protocols[i] == "http" {
			keep = " keepalive 8;"
		}
		text += fmt.Sprintf("upstream u%d { server %s;%s }\n", i, l.Addr(), keep)
	}
	// A variable is known in every server once any of them sets it.
	return text + "server { listen 127.0.0.1:" + strconv.Itoa(b.spare) + "; set $v 0; set $w 0; if ($uri ~ (?<n>x)(?<who>y)) { } }\n"
}

// serve is the i-th upstream: its answer says what reached it.
func (b *Bench) serve(l net.Listener, i int) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			in := bufio.NewReaderSize(c, 64<<10)
			switch protocols[i] {
			case "http":
				for b.echo(in, c, i) {
				}
			case "grpc":
				echoStream(in, c, i)
			default:
				echoParameters(protocols[i], in, c, i)
			}
		}()
	}
}

// echo takes one request from a connection that nginx keeps open.
func (b *Bench) echo(in *bufio.Reader, out io.Writer, i int) bool {
	const end = " HTTP/1.1\r\n"
	line := ""
	for !strings.HasSuffix(line, end) { // the path may hold any byte
		part, err := in.ReadString('\n')
		if err != nil {
			return false
		}
		line += part
	}
	method, target, _ := strings.Cut(strings.TrimSuffix(line, end), " ")
	connection := "keep-alive"
	for {
		h, err := in.ReadString('\n')
		if err != nil {
			return false
		}
		if h = strings.TrimSpace(h); h == "" {
			break
		}
		if name, _, _ := strings.Cut(h, ":"); strings.EqualFold(name, "Content-Length") {
			connection = "close"
		}
	}
	status := 200
	if i == guardUpstream {
		status = b.answers.Load().(func(string) int)(target)
	}
	text := stampOf(i, method, target)
	if _, to, ok := strings.Cut(target, "accel="); ok {
		text += "X-Accel-Redirect: " + to + "\r\n"
	}
	body := text
	if strings.HasPrefix(line, "HEAD ") {
		body = ""
	}
	_, err := fmt.Fprintf(out, "HTTP/1.1 %d %s\r\n%sContent-Length: %d\r\nConnection: %s\r\n\r\n%s", status, http.StatusText(status), text, len(text), connection, body)
	if connection == "close" {
		// The guard's request announces a body that never comes.
		io.Copy(io.Discard, in)
		return false
	}
	return err == nil
}

// stampOf is a header, and a body too, that says what reached an upstream.
func stampOf(i int, method, path string) string {
	return fmt.Sprintf("X-Stamp: %d %s %s\r\n", i, hex.EncodeToString([]byte(path)), method)
}

// echoParameters answers one request of a protocol that sends variables.
func echoParameters(protocol string, in *bufio.Reader, out io.Writer, i int) {
	var sent []byte
	switch protocol {
	case "fastcgi":
		sent = recordsOf(in)
	case "scgi":
		size, _ := in.ReadString(':')
		n, _ := strconv.Atoi(strings.TrimSuffix(size, ":"))
		sent = make([]byte, n)
		io.ReadFull(in, sent)
	case "uwsgi":
		head := make([]byte, 4)
		io.ReadFull(in, head)
		sent = make([]byte, binary.LittleEndian.Uint16(head[1:]))
		io.ReadFull(in, sent)
	}
	text := stampOf(i, "", parameter(protocol, sent))
	text = "Status: 200 OK\r\n" + text + "\r\n" + text
	if protocol == "fastcgi" {
		for rest := text; rest != ""; {
			part := rest[:min(len(rest), 0xfff0)]
			rest = rest[len(part):]
			out.Write(append([]byte{1, 6, 0, 1, byte(len(part) >> 8), byte(len(part)), 0, 0}, part...))
		}
		out.Write([]byte{1, 6, 0, 1, 0, 0, 0, 0, 1, 3, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
		return
	}
	io.WriteString(out, text)
}

// recordsOf are the parameters of a FastCGI request, which come in several records.
func recordsOf(in io.Reader) (sent []byte) {
	head := make([]byte, 8)
	for {
		if _, err := io.ReadFull(in, head); err != nil {
			return nil
		}
		n := int(binary.BigEndian.Uint16(head[4:]))
		body := make([]byte, n+int(head[6]))
		if _, err := io.ReadFull(in, body); err != nil {
			return nil
		}
		switch {
		case head[1] == 4 && n == 0:
			return sent
		case head[1] == 4:
			sent = append(sent, body[:n]...)
		}
	}
}

// parameter is the value of P_PATH.
func parameter(protocol string, sent []byte) string {
	const name = "P_PATH"
	i := bytes.Index(sent, []byte(name))
	if i < 0 {
		return ""
	}
	value := sent[i+len(name):]
	n := 0
	switch protocol {
	case "fastcgi": // the two lengths precede the name
		n = int(sent[i-1])
		if i >= 4 && sent[i-4]&0x80 != 0 && i >= 5 && int(sent[i-5]) == len(name) {
			n = int(binary.BigEndian.Uint32(sent[i-4:]) &^ (1 << 31))
		}
	case "scgi":
		value = value[1:]
		n = max(0, bytes.IndexByte(value, 0))
	case "uwsgi":
		n = int(binary.LittleEndian.Uint16(value))
		value = value[2:]
	}
	return string(value[:min(n, len(value))])
}

// echoStream answers one request of HTTP/2.
func echoStream(in io.Reader, out io.Writer, i int) {
	preface := make([]byte, len(http2.ClientPreface))
	if _, err := io.ReadFull(in, preface); err != nil {
		return
	}
	fr := http2.NewFramer(out, in)
	fr.WriteSettings()
	path := ""
	decoder := hpack.NewDecoder(4096, func(f hpack.HeaderField) {
		if f.Name == ":path" {
			path = f.Value
		}
	})
	for {
		f, err := fr.ReadFrame()
		if err != nil {
			return
		}
		ended := false
		switch f := f.(type) {
		case *http2.HeadersFrame:
			decoder.Write(f.HeaderBlockFragment())
			ended = f.HeadersEnded()
		case *http2.ContinuationFrame:
			decoder.Write(f.HeaderBlockFragment())
			ended = f.HeadersEnded()
		case *http2.SettingsFrame:
			if !f.IsAck() {
				fr.WriteSettingsAck()
			}
		}
		if !ended {
			continue
		}
		var block bytes.Buffer
		e := hpack.NewEncoder(&block)
		e.WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
		_, value, _ := strings.Cut(strings.TrimSpace(stampOf(i, "", path)), ": ")
		e.WriteField(hpack.HeaderField{Name: "x-stamp", Value: value})
		rest := block.Bytes()
		part := rest[:min(len(rest), 16<<10)]
		fr.WriteHeaders(http2.HeadersFrameParam{StreamID: f.Header().StreamID, BlockFragment: part, EndHeaders: len(part) == len(rest)})
		for rest = rest[len(part):]; len(rest) > 0; rest = rest[len(part):] {
			part = rest[:min(len(rest), 16<<10)]
			fr.WriteContinuation(f.Header().StreamID, len(part) == len(rest), part)
		}
		fr.WriteData(f.Header().StreamID, true, []byte(stampOf(i, "", path)))
	}
}
