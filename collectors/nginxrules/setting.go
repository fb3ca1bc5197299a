// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/nginx"
)

var origins = map[nginx.Origin]evidence.OriginKind{
	nginx.Explicit: evidence.Explicit, nginx.Inherited: evidence.Inherited,
	nginx.Default: evidence.Default, nginx.Unresolved: evidence.Unresolved,
}

func (r *reader) settings(all []nginx.Setting) []evidence.Setting {
	out := make([]evidence.Setting, 0, len(all))
	for _, s := range all {
		out = append(out, r.setting(s))
	}
	return out
}

func (r *reader) setting(s nginx.Setting) evidence.Setting {
	out := evidence.Setting{Name: s.Name, Args: s.Args, HasVariables: s.HasVariables, Unit: evidence.UnitNone}
	out.Source = r.at(s.From, origins[s.Origin])
	out.Source.Origin.Version = s.Version
	if s.From.IsZero() {
		// Nothing is written: what a reader can open is the configuration itself.
		out.Source.Artifact, out.Source.Line, out.Source.Column = r.record.Source.Artifact, 0, 0
	}
	read, ok := amounts[s.Name]
	if !ok {
		return out
	}
	out.Unit = read.unit
	if len(s.Args) > read.arg && !s.HasVariables {
		if n, err := read.parse(s.Args[read.arg]); err == nil {
			out.Amount = evidence.Optional[int64]{Known: true, Value: n, Origin: out.Source.Origin}
		}
	}
	return out
}

// amount says which argument of a directive is a quantity and how it is read.
type amount struct {
	arg   int
	unit  evidence.SettingUnit
	parse func(string) (int64, error)
}

var (
	timeout = amount{0, evidence.UnitMilliseconds, func(s string) (int64, error) { return milliseconds(nginx.ParseTime(s)) }}
	seconds = amount{0, evidence.UnitMilliseconds, func(s string) (int64, error) { return milliseconds(nginx.ParseSeconds(s)) }}
	size    = amount{0, evidence.UnitBytes, nginx.ParseSize}
	offset  = amount{0, evidence.UnitBytes, nginx.ParseOffset}
	count   = amount{0, evidence.UnitCount, func(s string) (int64, error) { return strconv.ParseInt(s, 10, 64) }}
	second  = amount{1, evidence.UnitCount, count.parse}
)

// amounts lists the directives whose quantity rules compare with a bound.
var amounts = map[string]amount{
	"client_header_timeout": timeout, "client_body_timeout": timeout, "send_timeout": timeout, "keepalive_timeout": timeout,
	"keepalive_time": timeout, "lingering_timeout": timeout, "lingering_time": timeout,
	"proxy_connect_timeout": timeout, "proxy_read_timeout": timeout, "proxy_send_timeout": timeout,
	"resolver_timeout": timeout, "ssl_session_timeout": seconds,
	"client_max_body_size": offset, "client_header_buffer_size": size, "client_body_buffer_size": size,
	"keepalive_requests": count, "http2_max_concurrent_streams": count, "worker_connections": count,
	"worker_rlimit_nofile": count, "proxy_ssl_verify_depth": count, "ssl_verify_depth": count,
	"limit_req_status": count, "limit_conn_status": count, "limit_conn": second,
}

func milliseconds(d time.Duration, err error) (int64, error) { return d.Milliseconds(), err }

// defaultPorts are those of the schemes that requests are passed on with.
var defaultPorts = map[string]int{"http": 80, "https": 443, "grpc": 80, "grpcs": 443}

// forwards resolves the target of a *_pass directive to addresses.
func forwards(s nginx.Setting, source evidence.Source, config *nginx.Config) []evidence.Forward {
	f := evidence.Forward{Directive: s.Name, Source: source}
	target := s.Args[0]
	if scheme, rest, ok := strings.Cut(target, "://"); ok {
		f.Scheme, target = scheme, rest
	}
	if s.HasVariables {
		f.Computed = true
		f.Host = target
		return []evidence.Forward{f}
	}
	if strings.HasPrefix(target, "unix:") {
		f.Host = target
		return []evidence.Forward{f}
	}
	authority := target
	if i := strings.IndexAny(target, "/?"); i >= 0 {
		authority, f.Path = target[:i], target[i:]
	}
	port := defaultPorts[f.Scheme]
	for _, u := range config.Upstreams {
		if !strings.EqualFold(u.Name, authority) || u.Stream {
			continue
		}
		var all []evidence.Forward
		for _, server := range u.Servers {
			one := f
			one.Upstream = u.Name
			one.Host, one.Port = splitAddress(server.Address, 80)
			all = append(all, one)
		}
		return all
	}
	f.Host, f.Port = splitAddress(authority, port)
	return []evidence.Forward{f}
}

// splitAddress cuts "host:port"; without a port the given one holds.
func splitAddress(address string, port int) (string, int) {
	if strings.HasPrefix(address, "unix:") {
		return address, 0
	}
	if host, digits, err := net.SplitHostPort(address); err == nil {
		if n, err := strconv.Atoi(digits); err == nil {
			return host, n
		}
	}
	return address, port
}
