// SPDX-License-Identifier: Apache-2.0

package rewriter

// Reason names why a request was refused, in one word that stays the same across
// releases. The empty reason means that nothing was refused.
type Reason string

// Refusals of the connection and the request head (RFC 9112).
const (
	PlainHTTP       Reason = "plain_http"          // clear text on a TLS port
	HeadTooLarge    Reason = "head_too_large"      // more bytes or fields than allowed
	BareLF          Reason = "bare_lf"             // line ends without CR
	BareCR          Reason = "bare_cr"             // CR inside a line
	RequestLine     Reason = "request_line"        // not method SP target SP version
	Version         Reason = "version"             // not HTTP/1.0, HTTP/1.1 or HTTP/2.0
	ObsFold         Reason = "obs_fold"            // header continued on the next line
	FieldName       Reason = "field_name"          // bytes other than letters, digits, hyphen
	FieldUnderscore Reason = "field_underscore"    // underscore in a header name
	FieldSpace      Reason = "field_space"         // blank before the colon
	FieldValue      Reason = "field_value"         // control byte in a header value
	HeadMismatch    Reason = "head_mismatch"       // two readers disagree about the head
	LengthInvalid   Reason = "content_length"      // not one plain decimal number
	LengthRepeated  Reason = "content_length_dup"  // more than one Content-Length
	LengthAndChunks Reason = "content_length_te"   // Content-Length with Transfer-Encoding
	Coding          Reason = "transfer_encoding"   // other than a single `chunked`
	CodingVersion   Reason = "transfer_version"    // Transfer-Encoding outside HTTP/1.1
	BodyUnexpected  Reason = "body_unexpected"     // body on a method that has none
	BodySyntax      Reason = "body_syntax"         // chunk framing outside the strict grammar
	BodyTooLarge    Reason = "body_too_large"      // above Limits.BodyBytes
	TrailerField    Reason = "trailer"             // announces trailers
	Expectation     Reason = "expect"              // other than 100-continue
	ConnectionField Reason = "connection"          // names a field of ours as hop-by-hop
	UpgradeRefused  Reason = "upgrade"             // no WebSocket offered here, or malformed
	OriginMissing   Reason = "origin_missing"      // WebSocket without exactly one Origin
	OriginForeign   Reason = "origin_foreign"      // WebSocket from an unknown origin
	TooManyRequests Reason = "rate"                // above Limits.RequestsPerSecond
	TooManyStreams  Reason = "websockets_per_peer" // above Limits.WebSocketsPerPeer
)

// Refusals of the host and the server name.
const (
	HostMissing     Reason = "host_missing"
	HostRepeated    Reason = "host_repeated"
	HostSyntax      Reason = "host_syntax"       // no DNS name with optional port
	HostUserinfo    Reason = "host_userinfo"     // user@host
	HostAddress     Reason = "host_address"      // IP literal
	HostTrailingDot Reason = "host_trailing_dot" // host.
	HostPort        Reason = "host_port"         // not the port of the listener
	HostUnknown     Reason = "host_unknown"      // no such external endpoint here
	ServerName      Reason = "server_name"       // SNI absent or not the host
)

// Refusals of the request target.
const (
	TargetForm       Reason = "target_form"        // absolute, authority or asterisk form
	TargetLength     Reason = "target_length"      // above Limits.TargetBytes
	TargetControl    Reason = "target_control"     // control byte or blank
	TargetNonASCII   Reason = "target_non_ascii"   // byte above 0x7f
	TargetFragment   Reason = "target_fragment"    // '#'
	TargetBackslash  Reason = "target_backslash"   // '\'
	TargetSemicolon  Reason = "target_semicolon"   // path parameter, raw or encoded
	TargetByte       Reason = "target_byte"        // other byte outside RFC 3986
	TargetPercent    Reason = "target_percent"     // '%' without two hex digits
	TargetEncSlash   Reason = "target_enc_slash"   // %2f
	TargetEncBack    Reason = "target_enc_back"    // %5c
	TargetEncPercent Reason = "target_enc_percent" // %25
	TargetEncControl Reason = "target_enc_control" // %00-%1f, %7f
	TargetEncPlain   Reason = "target_enc_plain"   // encoded byte that needs no encoding
	TargetEncDelim   Reason = "target_enc_delim"   // %3f, %23
	TargetEncHigh    Reason = "target_enc_high"    // %80-%ff
	TargetEmptyPart  Reason = "target_empty_part"  // '//'
	TargetDotPart    Reason = "target_dot_part"    // '.' or '..'
	TargetDotEnd     Reason = "target_dot_end"     // segment ends in '.'
	TargetSpaceEdge  Reason = "target_space_edge"  // segment begins or ends in %20
)

// Refusals by the surface.
const (
	MethodForbidden Reason = "method_forbidden" // CONNECT, TRACE, or no method token
	MethodUnlisted  Reason = "method_unlisted"  // path is open, for other methods
	PathClosed      Reason = "path_closed"      // on the closed list
	PathUnlisted    Reason = "path_unlisted"    // on no list
)

// Failures of the upstream, told apart from refusals.
const (
	UpstreamFailed   Reason = "upstream_failed"   // no usable answer
	UpstreamEncoded  Reason = "upstream_encoded"  // text compressed despite our request
	UpstreamCharset  Reason = "upstream_charset"  // text in an encoding we cannot read
	UpstreamUpgraded Reason = "upstream_upgraded" // 101 that nobody asked for
)

// Status gives the HTTP status with which the reason is answered. 444 is no status
// on the wire: the connection is closed without an answer. 421 says, as the vendor's
// proxy does, that this host or URL is not served here.
func (r Reason) Status() int {
	switch r {
	case "":
		return 200
	case PlainHTTP:
		return 444
	case HeadTooLarge:
		return 431
	case Version:
		return 505
	case TargetLength:
		return 414
	case BodyTooLarge:
		return 413
	case MethodForbidden, MethodUnlisted:
		return 405
	case PathClosed, OriginMissing, OriginForeign:
		return 403
	case PathUnlisted, HostUnknown, HostPort, ServerName:
		return 421
	case TooManyRequests:
		return 429
	case TooManyStreams:
		return 503
	case UpstreamFailed, UpstreamEncoded, UpstreamCharset, UpstreamUpgraded:
		return 502
	}
	return 400
}
