// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"path"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// Limits of the files that ssl_dhparam names.
const (
	maxDHFiles = 50
	maxDHBytes = 64 << 10
	maxDHBits  = 32768
)

// dhParameters reads the files that ssl_dhparam names. They hold nothing secret.
func (r *reader) dhParameters() {
	lists := [][]evidence.Setting{r.record.Main, r.record.HTTP}
	for _, s := range r.record.Servers {
		lists = append(lists, s.Settings)
	}
	for _, list := range lists {
		for _, s := range list {
			if s.Name != "ssl_dhparam" || len(s.Args) != 1 || s.Source.Origin.Kind == evidence.Default || s.Source.Origin.Kind == evidence.Unresolved {
				continue
			}
			if slices.ContainsFunc(r.record.DHParameters, func(d evidence.DHParameters) bool { return d.Path == s.Args[0] }) {
				continue
			}
			if len(r.record.DHParameters) == maxDHFiles {
				r.gap("dh_parameters", fmt.Sprintf("more than %d files of ssl_dhparam; the rest was not read", maxDHFiles), s.Source)
				return
			}
			r.record.DHParameters = append(r.record.DHParameters, r.dhFile(s))
		}
	}
}

func (r *reader) dhFile(s evidence.Setting) evidence.DHParameters {
	out := evidence.DHParameters{Path: s.Args[0], Source: s.Source}
	out.Bits.Origin.Kind = evidence.Unresolved
	fail := func(reason string) evidence.DHParameters {
		out.Reason = fmt.Sprintf("ssl_dhparam %s: %s", clip(s.Args[0]), reason)
		r.gap("dh_parameters", out.Reason, out.Source)
		return out
	}
	inside, ok := r.confPath(s.Args[0])
	if !ok {
		return fail("the file is in no dump; declare nginx.root to have it read")
	}
	text, err := evidence.ReadRegular(r.scripts, inside, maxDHBytes)
	if err != nil {
		var p *fs.PathError
		if errors.As(err, &p) {
			err = p.Err
		}
		return fail("the file was not read: " + err.Error())
	}
	line, bits, err := primeBits(text)
	out.Source = evidence.Source{Artifact: r.artifact(inside), Line: line, Column: 1, Origin: evidence.Origin{Kind: evidence.Explicit}}
	if err != nil {
		return fail(err.Error())
	}
	out.Bits = evidence.Known(bits, evidence.Explicit)
	return out
}

// confPath is where a file lies in the tree that a directive of TLS names: such a
// name is relative to the folder of the main file (ngx_conf_full_name).
func (r *reader) confPath(name string) (string, bool) {
	if r.scripts == nil {
		return "", false
	}
	if !path.IsAbs(name) {
		main := r.target.Edge.Nginx.Conf
		if !path.IsAbs(main) {
			main = path.Join("/", r.target.Edge.Nginx.Prefix, main)
		}
		name = path.Join(path.Dir(main), name)
	}
	inside := strings.TrimPrefix(path.Clean(name), "/")
	return inside, fs.ValidPath(inside)
}

// primeBits reads the first parameters of a file (PKCS #3, or X9.42), both of
// which begin with the prime.
func primeBits(text []byte) (line, bits int, err error) {
	rest := text
	for {
		block, next := pem.Decode(rest)
		if block == nil {
			return 1, 0, errors.New("no parameters in the file")
		}
		begin := len(text) - len(rest) + strings.Index(string(rest), "-----BEGIN "+block.Type)
		rest = next
		if block.Type != "DH PARAMETERS" && block.Type != "X9.42 DH PARAMETERS" {
			continue
		}
		line = 1 + strings.Count(string(text[:max(begin, 0)]), "\n")
		var parts []asn1.RawValue
		if _, err := asn1.Unmarshal(block.Bytes, &parts); err != nil || len(parts) == 0 {
			return line, 0, errors.New("the parameters do not parse")
		}
		var prime *big.Int
		if _, err := asn1.Unmarshal(parts[0].FullBytes, &prime); err != nil || prime.Sign() <= 0 || prime.BitLen() > maxDHBits {
			return line, 0, errors.New("the parameters hold no prime")
		}
		return line, prime.BitLen(), nil
	}
}
