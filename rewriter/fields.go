// SPDX-License-Identifier: Apache-2.0

package rewriter

import "strings"

// fields are the header facts on which a decision rests.
type fields struct {
	host              string
	length            int64 // declared body length, -1 when none is declared
	chunked           bool
	upgrade           string
	connectionUpgrade bool
	socketVersion     string
	socketKey         string
	origin            string
	origins           int
}

// readFields reads the header lines of a request and refuses every shape that two
// HTTP implementations could frame or attribute differently (RFC 9112 sections 6
// and 11.2).
//
// A name with an underscore is refused rather than dropped: gateways that follow
// CGI naming fold X_Client_IP into X-Client-IP, the vendor's rules switch such names
// on, and a silent drop would hide the attempt from the log.
func readFields(r *Request, limits Limits) (fields, Reason) {
	f := fields{length: -1}
	switch r.Proto {
	case "HTTP/1.0", "HTTP/1.1", "HTTP/2.0":
	default:
		return f, Version
	}
	if len(r.Fields) > limits.Fields {
		return f, HeadTooLarge
	}
	hosts, lengths, codings := 0, 0, 0
	var coding string
	for i := range r.Fields {
		name, value := r.Fields[i].Name, r.Fields[i].Value
		if refused := scanField(name, value); refused != "" {
			return f, refused
		}
		switch {
		case asciiEqualFold(name, "Host"):
			f.host = value
			hosts++
		case asciiEqualFold(name, "Content-Length"):
			var ok bool
			if f.length, ok = parseLength(value); !ok {
				return f, LengthInvalid
			}
			lengths++
		case asciiEqualFold(name, "Transfer-Encoding"):
			coding = value
			codings++
		case asciiEqualFold(name, "Trailer"):
			return f, TrailerField
		case asciiEqualFold(name, "Expect"):
			if !asciiEqualFold(value, "100-continue") {
				return f, Expectation
			}
		case asciiEqualFold(name, "Connection"), asciiEqualFold(name, "Proxy-Connection"):
			if refused := f.readConnection(value); refused != "" {
				return f, refused
			}
		case asciiEqualFold(name, "Upgrade"):
			if f.upgrade != "" || value == "" {
				return f, UpgradeRefused
			}
			f.upgrade = value
		case asciiEqualFold(name, "Sec-WebSocket-Version"):
			f.socketVersion += value
		case asciiEqualFold(name, "Sec-WebSocket-Key"):
			f.socketKey += value
		case asciiEqualFold(name, "Origin"):
			f.origin = value
			f.origins++
		}
	}
	switch {
	case lengths > 0 && codings > 0:
		return f, LengthAndChunks
	case lengths > 1:
		return f, LengthRepeated
	case codings > 0 && r.Proto != "HTTP/1.1":
		return f, CodingVersion
	case codings > 1 || (codings == 1 && !asciiEqualFold(coding, "chunked")):
		return f, Coding
	}
	f.chunked = codings == 1
	if f.chunked || f.length > 0 {
		switch r.Method {
		case "GET", "HEAD", "OPTIONS", "TRACE", "CONNECT":
			return f, BodyUnexpected
		}
	}
	if f.length > limits.BodyBytes {
		return f, BodyTooLarge
	}
	switch {
	case hosts == 0:
		return f, HostMissing
	case hosts > 1:
		return f, HostRepeated
	}
	return f, ""
}

func scanField(name, value string) Reason {
	if name == "" {
		return FieldName
	}
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case byteClass[c]&classToken != 0:
		case c == '_':
			return FieldUnderscore
		case (c == ' ' || c == '\t') && i > 0:
			return FieldSpace
		default:
			return FieldName
		}
	}
	for i := 0; i < len(value); i++ {
		if c := value[i]; (c < ' ' && c != '\t') || c == 0x7f {
			return FieldValue
		}
	}
	return ""
}

// readConnection accepts the options a browser sends. Any other name would ask the
// proxy to remove a header before the upstream sees it, perhaps one that it relies on.
func (f *fields) readConnection(value string) Reason {
	for rest, more := value, true; more; {
		var option string
		option, rest, more = strings.Cut(rest, ",")
		option = strings.Trim(option, " \t")
		switch {
		case asciiEqualFold(option, "upgrade"):
			f.connectionUpgrade = true
		case option == "", asciiEqualFold(option, "close"), asciiEqualFold(option, "keep-alive"), asciiEqualFold(option, "te"):
		default:
			return ConnectionField
		}
	}
	return ""
}

// parseLength accepts plain decimals only: no sign, no list, no blank.
func parseLength(s string) (int64, bool) {
	if s == "" || len(s) > 18 {
		return 0, false
	}
	var n int64
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int64(s[i]-'0')
	}
	return n, true
}

// parseHost splits a Host value into name and port (0 when absent). The name keeps
// its case; only DNS names pass.
func parseHost(host string) (name string, port int, refused Reason) {
	if host == "" {
		return "", 0, HostMissing
	}
	if strings.IndexByte(host, '@') >= 0 {
		return "", 0, HostUserinfo
	}
	if host[0] == '[' {
		return "", 0, HostAddress
	}
	name, digits, hasPort := strings.Cut(host, ":")
	if hasPort {
		var err error
		if port, err = parsePort(digits); err != nil {
			return "", 0, HostSyntax
		}
	}
	if strings.HasSuffix(name, ".") {
		return "", 0, HostTrailingDot
	}
	for i := 0; i < len(name); i++ {
		if c := name[i]; byteClass[c]&classToken == 0 && c != '.' {
			return "", 0, HostSyntax
		}
	}
	if name == "" {
		return "", 0, HostSyntax
	}
	if allDigits(name[strings.LastIndexByte(name, '.')+1:]) {
		return "", 0, HostAddress
	}
	return name, port, ""
}

// isToken accepts methods in upper-case letters only, as every registered one is.
func isToken(method string) bool {
	for i := 0; i < len(method); i++ {
		if method[i] < 'A' || method[i] > 'Z' {
			return false
		}
	}
	return method != "" && len(method) <= 20
}
