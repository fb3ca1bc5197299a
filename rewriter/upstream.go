// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"sync"
)

// exchange is what the proxy knows of one allowed request, from decision to log.
type exchange struct {
	decision Decision
	link     *link
	body     *limitedBody

	mu       sync.Mutex
	failure  Reason
	residual int
}

type exchangeKey struct{}

func exchangeOf(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	return x
}

func (x *exchange) left(n int) {
	x.mu.Lock()
	x.residual += n
	x.mu.Unlock()
}

// upstreamError is a failure of the upstream with its reason.
type upstreamError struct{ reason Reason }

func (e upstreamError) Error() string { return "upstream: " + string(e.reason) }

// newReverse builds the forwarding half: the standard reverse proxy under our own
// request and response rules.
func (p *Proxy) newReverse() *httputil.ReverseProxy {
	limits := p.limits
	config := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: p.config.Roots}
	if p.config.ClientCertificate != nil {
		config.Certificates = []tls.Certificate{*p.config.ClientCertificate}
	}
	var protocols http.Protocols
	protocols.SetHTTP1(true) // a downgrade from HTTP/2 would be one more reader of the same bytes
	p.transport = &http.Transport{
		Proxy: nil,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			ctx, cancel := context.WithTimeout(ctx, limits.Connect)
			defer cancel()
			return p.config.Dial(ctx, network, address)
		},
		TLSClientConfig:        config,
		TLSHandshakeTimeout:    limits.Connect,
		Protocols:              &protocols,
		DisableCompression:     true,
		ResponseHeaderTimeout:  limits.Answer,
		MaxResponseHeaderBytes: 256 << 10,
		MaxIdleConnsPerHost:    16,
		IdleConnTimeout:        limits.Idle,
	}
	return &httputil.ReverseProxy{
		Rewrite:        p.rewriteRequest,
		ModifyResponse: p.rewriteResponse,
		ErrorHandler:   p.failed,
		Transport:      finalAnswers{p.transport},
		ErrorLog:       p.errorLog,
	}
}

// rewriteRequest addresses the request to the upstream. Path and query go out as
// they were judged, byte for byte: URL.Opaque keeps net/url from spelling them anew.
func (p *Proxy) rewriteRequest(r *httputil.ProxyRequest) {
	x := exchangeOf(r.In.Context())
	d := x.decision
	_, _, asked := cutTarget(r.In.RequestURI)
	r.Out.URL = &url.URL{
		Scheme: "https", Host: d.Upstream.String(), Opaque: d.Path,
		RawQuery: d.Query, ForceQuery: asked && d.Query == "",
	}
	r.Out.Host = d.External.String()
	requestHeaders(r.Out.Header, r.In.Header, x.link.peer, strconv.Itoa(d.External.Port))
}

func cutTarget(target string) (path, query string, asked bool) {
	for i := 0; i < len(target); i++ {
		if target[i] == '?' {
			return target[:i], target[i+1:], true
		}
	}
	return target, "", false
}

// rewriteResponse makes an answer fit for the outside, or refuses it.
func (p *Proxy) rewriteResponse(res *http.Response) error {
	x := exchangeOf(res.Request.Context())
	x.left(p.names.responseHeaders(res.Header))
	if res.StatusCode == http.StatusSwitchingProtocols {
		if !x.decision.WebSocket {
			return upstreamError{UpstreamUpgraded}
		}
		return nil
	}
	if x.decision.WebSocket {
		// What the client sent behind its handshake is not HTTP.
		res.Header.Set("Connection", "close")
	}
	if res.Header["Content-Type"] == nil {
		// Without this net/http guesses a type for the upstream.
		res.Header["Content-Type"] = nil
	}
	kind := kindOf(res.Header.Get("Content-Type"))
	if res.StatusCode == http.StatusPartialContent || kind == bodyOpaque || kind == bodySigned {
		return nil
	}
	textHeaders(res.Header)
	if res.Body == nil || res.Body == http.NoBody || res.Request.Method == http.MethodHead ||
		res.StatusCode == http.StatusNoContent || res.StatusCode == http.StatusNotModified {
		return nil
	}
	// Bytes that cannot be read cannot be rewritten: fail closed.
	for _, coding := range res.Header["Content-Encoding"] {
		if coding != "" && !asciiEqualFold(coding, "identity") {
			return upstreamError{UpstreamEncoded}
		}
	}
	if kind == bodyUnread {
		return upstreamError{UpstreamCharset}
	}
	res.Header.Del("Content-Encoding")
	res.ContentLength = -1
	res.Body = newBodyReader(res.Body, p.names.Transformer(), x.left)
	return nil
}

// failed answers for an upstream that did not, or for a request body that broke off.
func (p *Proxy) failed(w http.ResponseWriter, r *http.Request, err error) {
	x := exchangeOf(r.Context())
	why := UpstreamFailed
	var own upstreamError
	switch {
	case x.body != nil && x.body.exceeded():
		why = BodyTooLarge
	case errors.Is(err, errBodySyntax), x.link.guard != nil && x.link.guard.broken():
		why = BodySyntax
	case errors.As(err, &own):
		why = own.reason
	}
	x.mu.Lock()
	x.failure = why
	x.mu.Unlock()
	p.logger.Warn("forwarding ended", "upstream", x.decision.Upstream.String(), "reason", string(why), "error", err.Error())
	writeRefusal(w, r, refuse(why))
}

// finalAnswers is a transport that hands on final answers only. An interim answer
// (103 with Link, RFC 8297) would pass by the header rules, and so would trailers.
type finalAnswers struct{ next http.RoundTripper }

func (f finalAnswers) RoundTrip(r *http.Request) (*http.Response, error) {
	own := exchangeOf(r.Context())
	r = r.WithContext(untraced{r.Context(), own})
	res, err := f.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	// The transport fills the trailers of its own Response at the end of the body;
	// this copy never sees them.
	answer := *res
	answer.Trailer = nil
	answer.Header.Del("Trailer")
	answer.Request = r
	return &answer, nil
}

// untraced hides every value of a context but the exchange, above all the client
// trace through which the reverse proxy would pass interim answers on.
type untraced struct {
	context.Context
	own *exchange
}

func (c untraced) Value(key any) any {
	if _, ours := key.(exchangeKey); ours {
		return c.own
	}
	return nil
}

// limitedBody bounds a request body whose length was not declared.
type limitedBody struct {
	io.ReadCloser
	mu   sync.Mutex
	left int64
	over bool
}

var errBodyTooLarge = errors.New("rewriter: request body above the limit")

func (b *limitedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left -= int64(n); b.left < 0 {
		b.over = true
		return 0, errBodyTooLarge
	}
	return n, err
}

func (b *limitedBody) exceeded() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.over
}
