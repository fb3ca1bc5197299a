// SPDX-License-Identifier: Apache-2.0

// Package rewriter is the reference rewriting reverse proxy: the gate as the guide
// wants it, small enough to read, against which a live gate can be compared.
//
// # Promise
//
// Nothing reaches an upstream but requests of the declared surface, spelled in the
// one way that no server reads differently; and no text that comes back names an
// internal host:port of the proxy map. What cannot be judged is refused, what cannot
// be rewritten is not delivered, and each refusal has a Reason.
//
// The package shares no code with the auditor, on purpose: one misreading in common
// would make proof and reference agree about something false. Both read the same
// data files.
//
// # Parts
//
//	ParseMap      internal-host:port = external-host:port, strict, unambiguous
//	ReadSurface   per component: path templates, methods, class; and the closed list
//	ParseHead     the bytes of an HTTP/1 request head, by the strict grammar
//	Decide        pure: Policy and Request in, Decision out
//	Rewriter      internal names to external ones, in streams and headers
//	New, Run      the proxy: TLS in front, verified TLS to the upstreams
//
// A request line is never normalised. Percent-encoded bytes that need no encoding,
// encoded slashes, dot segments, path parameters and the like are refused each with
// its reason, so that the path matched is the path forwarded, byte for byte.
//
// On HTTP/1 a guard reads each head before net/http does, for net/http forgives more
// than a reference may: see the tests named after what it would let through. On
// HTTP/2 net/http's own reader decides about framing and Decide about the rest.
// Upstreams are always spoken to in HTTP/1.1.
//
// # Configuration
//
// LoadConfig reads this YAML; names of files are relative to the given file system:
//
//	listeners:
//	  - address: 0.0.0.0:8445                      # to bind
//	    names: [desk-a.agents.example:8445]        # external endpoints, one port
//	    certificate: desk-a.pem
//	    key: desk-a.key
//	map: proxymap.txt
//	surface: finesse-12.6.1.yaml                   # what it extends lies beside it
//	components:                                    # where the internal port does not tell
//	  - {internal: "cc-a.corp.example:8445", component: cloudconnect}
//	roots: [corp-root.pem]                         # trusted for upstreams, nothing else is
//	client_certificate: {certificate: proxy.pem, key: proxy.key}
//	connect:                                       # dial elsewhere, keep the name
//	  - {from: "fin-a.corp.example:8445", to: "127.0.0.1:41234"}
//	origins: ["https://crm.example"]               # may open a WebSocket besides the map's own
//	limits: {body_bytes: 15728640, header: 10s}    # see Limits
//
// # Limits of what it does
//
//   - It does not authenticate agents, nor filter User-Agent or Referer: the class of
//     a path is reported in the Decision and the upstream decides.
//   - It caches nothing.
//   - Paths with bytes outside ASCII, and identifiers that need percent-encoding
//     where a template has {name}, are refused although a lenient server takes them.
//   - WebSocket payloads and bodies that are not text pass unread; so do answers with
//     status 206, which nobody asked for since Range is removed.
//   - A host written with escapes inside its name ("fin%2Da") or without its port
//     where the map gives the host several external names is left as it is. The
//     second is counted (see Config.Residual), the first is not seen.
//   - XML signatures other than SAML parameters are not recognised: a signed document
//     sent as text/xml is rewritten and its signature breaks, and so does that of a
//     redirect whose RelayState names an internal host.
//   - Interim answers (1xx) and trailers of an upstream are dropped, and request
//     trailers refused.
package rewriter
