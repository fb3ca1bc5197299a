// SPDX-License-Identifier: Apache-2.0

package tlsposture

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cloudflare/cfssl/revoke"
	"github.com/projectdiscovery/fastdialer/fastdialer"
	"github.com/projectdiscovery/gologger"
	"github.com/projectdiscovery/gologger/levels"
	"github.com/projectdiscovery/tlsx/pkg/tlsx/clients"
	ctls "github.com/projectdiscovery/tlsx/pkg/tlsx/tls"
	"github.com/projectdiscovery/tlsx/pkg/tlsx/ztls"
	"github.com/zmap/zcrypto/encoding/asn1"
	"golang.org/x/net/proxy"

	"github.com/postern-audit/postern/internal/evidence"
)

// handshake is what tlsx made of one attempt: the answer as it stood on the
// wire, and the chain as PEM where it got that far.
type handshake struct {
	reply *reply
	chain []string
}

// shakeHands tries one version through tlsx, which is kept on a short lead: a
// connection that we opened and that ends when the context does, and no way to
// open another. Each attempt has a client of its own, since the clients write
// to what they share.
func (l *listener) shakeHands(ctx context.Context, p protocol) handshake {
	var chain []string
	say := func(_ context.Context, w *wire) { chain = throughTLSX(w, l.endpoint, p, l.timeout) }
	_, r := l.exchange(ctx, say)
	return handshake{r, chain}
}

// meet is shakeHands for the first contact, which is not repeated by itself.
func (l *listener) meet(ctx context.Context, p protocol) handshake {
	var chain []string
	say := func(_ context.Context, w *wire) { chain = throughTLSX(w, l.endpoint, p, l.timeout) }
	_, r := l.once(ctx, say)
	return handshake{r, chain}
}

// quietTLSX switches off what tlsx does besides handshakes, once a process:
// fetching the CRL, OCSP and issuer addresses of every certificate that it
// sees, which are the audited side's to choose, and writing to stderr.
//
// Importing tlsx makes the ASN.1 reader of zcrypto permissive in the whole
// process. That is kept, and said here: a certificate that breaks DER must
// still be read to be judged. It is not written again where it holds, since
// others may be reading it.
var quietTLSX = sync.OnceFunc(func() {
	revoke.HTTPClient = &http.Client{Transport: noTransport{}}
	gologger.DefaultLogger.SetMaxLevel(levels.LevelSilent)
	if !asn1.AllowPermissiveParsing {
		asn1.AllowPermissiveParsing = true
	}
})

type noTransport struct{}

func (noTransport) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("revocation is not looked up")
}

// oneShot hands out its connection once. Its error is a deadline, because
// fastdialer answers any other one by dialling by itself.
type oneShot struct{ conn atomic.Pointer[wire] }

func (o *oneShot) Dial(string, string) (net.Conn, error) {
	if w := o.conn.Swap(nil); w != nil {
		return w, nil
	}
	return nil, fmt.Errorf("no further connection: %w", os.ErrDeadlineExceeded)
}

// throughTLSX runs one handshake and returns the served chain, nil if it did
// not get that far. What tlsx thinks of the certificates is not used: it
// compares with the dialled address and takes expired for revoked.
func throughTLSX(w *wire, e evidence.Endpoint, p protocol, timeout time.Duration) (chain []string) {
	quietTLSX()
	// tlsx dereferences handshake logs that an early end leaves empty.
	defer func() {
		if recover() != nil {
			chain = nil
		}
	}()
	shot := &oneShot{}
	shot.conn.Store(w)
	var via proxy.Dialer = shot
	dialer, err := fastdialer.NewDialer(fastdialer.Options{
		BaseResolvers: []string{"127.0.0.1:1"}, MaxRetries: 1, DialerTimeout: timeout, ProxyDialer: &via,
	})
	if err != nil {
		return nil
	}
	defer dialer.Close()
	options := &clients.Options{
		Timeout: max(1, int(timeout/time.Second)), Retries: 1, TLSChain: true, Cert: true,
		MinVersion: p.tlsx, MaxVersion: p.tlsx, Fastdialer: dialer,
	}
	ip := "127.0.0.1"
	if peer, err := netip.ParseAddrPort(w.RemoteAddr().String()); err == nil {
		ip = peer.Addr().Unmap().WithZone("").String()
	}
	with := clients.ConnectOptions{SNI: e.Host}
	port := strconv.Itoa(e.Port)
	var answer *clients.Response
	if p.id == tls13 {
		client, err := ctls.New(options)
		if err != nil {
			return nil
		}
		answer, err = client.ConnectWithOptions(ip, ip, port, with)
		if err != nil {
			return nil
		}
	} else {
		client, err := ztls.New(options)
		if err != nil {
			return nil
		}
		answer, err = client.ConnectWithOptions(ip, ip, port, with)
		if err != nil {
			return nil
		}
	}
	if answer.CertificateResponse == nil {
		return nil
	}
	chain = append(chain, answer.Certificate)
	for _, c := range answer.Chain {
		chain = append(chain, c.Certificate)
	}
	return chain
}
