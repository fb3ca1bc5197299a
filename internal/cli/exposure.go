// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/postern-audit/postern/internal/derive/exposure"
	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/report"
)

// exposureFlags are what may be asked of a configuration.
type exposureFlags struct {
	conf     string
	requests string
	format   string
	output   string
	all      bool
	ask      askFlags
	gate     gateFlags
}

func newExposure(s Streams) *cobra.Command {
	var f exposureFlags
	cmd := &cobra.Command{
		Use:   "exposure NGINX",
		Short: "Prove which requests reach an upstream through a configuration",
		Long: `Proves that nothing reaches an upstream through a configuration of nginx but what
the allowed surface lists, or shows the requests that do. All requests are meant,
from the bytes of the request line on; nothing is run and nothing is sent. NGINX is
a folder (a captured tree, or nginx's own folder), a configuration file, or the
output of nginx -T.

  postern exposure rp-a/tree --site site.yaml
  postern exposure rp-a --site site.yaml          the edge as the site declares it

What may get through is the surface of the site, of --profile, or a file of your
own with --surface. What stands behind an upstream is known by the nodes of the
site, by --map, or else by its port; the names of the gate by the map, or else by
the configuration. The status is 0 if it is proved, 1 for a counter-example, 3 if a
part is undecided.

One request, step by step, with the line that decides:

  postern exposure rp-a/tree --explain "GET /finesse..%2fcfadmin HTTP/1.1" --host desk-a.agents.example --port 8445

In the request, in --host, --sni and --header, the bytes that a shell cannot hold
are written \r \n \t \xHH, a backslash \\. What is not said (port, TLS, host, SNI)
is taken from the configuration if that leaves no choice. The status is 3 if the
outcome is unknown.

Many requests, a line of JSON each, answered in the same order:

  {"port": 443, "tls": true, "sni": "desk.example", "host": "desk.example", "method": "GET", "target": "/"}
  {"outcome": "forwarded", "status": 0, "server": "/nginx.conf:12", "location": "/nginx.conf:20", "upstream": "http://desk", "path": "/", "reason": ""}

Keys of a request are ` + requestKeys + `;
port, method and target are required. Left out are any address, no TLS, no SNI,
HTTP/1.1, a client that is not known, and no Host, as with host null. Strings stand
for bytes, U+0000 to U+00FF. The outcome is forwarded (an upstream gets it), refused
(a status from 400 up, or closed), answered (any other answer of nginx itself) or
unknown. A line that is no request is answered with unknown and its reason, and
the status is then 2 at the end.`,
		Args: exactly("NGINX"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.validate(cmd); err != nil {
				return err
			}
			switch {
			case f.requests != "":
				return f.batch(cmd, s, args[0])
			case f.ask.given("explain"):
				return f.explain(s, args[0])
			}
			return f.prove(cmd.Context(), s, args[0])
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.conf, "conf", "", "the configuration inside the folder NGINX (default: a known place)")
	flags.StringVar(&f.requests, "requests", "", "answer the requests of this file, one JSON object a line; - is standard input")
	f.ask.register(cmd)
	f.gate.register(cmd)
	flags.StringVar(&f.format, "format", "table", "table or json")
	flags.StringVarP(&f.output, "output", "o", "", "write the proof to this file instead of standard output")
	flags.BoolVar(&f.all, "all", false, "list everything in the table, and what is allowed as well")
	return cmd
}

// ofExplain are the flags that describe the one request.
var ofExplain = []string{"host", "no-host", "address", "port", "tls", "sni", "header", "client"}

// ofProof are the flags that say what a proof is about and how it is shown.
var ofProof = append([]string{"output", "all"}, ofGate...)

func (f *exposureFlags) validate(cmd *cobra.Command) error {
	explains := f.ask.given("explain")
	if explains && f.ask.given("requests") {
		return withHint(errors.New("--explain and --requests stand side by side"), "--explain follows one request, --requests answers many")
	}
	if f.ask.given("requests") && f.requests == "" {
		return withHint(errors.New("--requests names no file"), "- is standard input")
	}
	for _, name := range ofExplain {
		if f.ask.given(name) && !explains {
			return withHint(fmt.Errorf("--%s belongs to --explain", name), "usage: "+cmd.CommandPath()+` NGINX --explain "GET / HTTP/1.1" --`+name+" ...")
		}
	}
	for _, name := range ofProof {
		switch {
		case f.ask.given(name) && explains:
			return withHint(fmt.Errorf("--%s belongs to the proof, and --explain follows one request", name), "leave one out")
		case f.ask.given(name) && f.requests != "":
			return withHint(fmt.Errorf("--%s belongs to the proof, and --requests answers requests", name), "leave one out")
		}
	}
	if f.ask.given("format") && f.requests != "" {
		return withHint(errors.New("--format stands beside --requests"), "answers are a line of JSON each")
	}
	if err := errors.Join(f.gate.validate(), reachable(f.output)); err != nil {
		return err
	}
	if err := knownFormat(f.format, "table", "json"); err != nil {
		return err
	}
	if f.ask.given("port") && (f.ask.port < 1 || f.ask.port > 65535) {
		return withHint(fmt.Errorf("--port %d does not exist", f.ask.port), "1 to 65535")
	}
	return nil
}

// open reads the configuration of an argument.
func (f *exposureFlags) open(s Streams, name string) (*nginxArg, *request.Model, error) {
	arg, err := openNginx(name, f.conf)
	if err == nil {
		err = arg.whole(s, name)
	}
	if err != nil {
		return nil, nil, err
	}
	options := request.Options{Prefix: arg.Prefix}
	if arg.Files != nil {
		options.Files = newCapturedFiles(arg)
	}
	return arg, request.New(arg.Config, options), nil
}

// whole demands that the configuration could be read completely: what is missing could
// decide any request. It notes what is odd.
func (a *nginxArg) whole(s Streams, name string) error {
	if errs := a.Tree.Errors; len(errs) > 0 {
		text := make([]string, 0, len(errs))
		for _, e := range errs[:min(len(errs), 5)] {
			text = append(text, e.Error())
		}
		if n := len(errs) - len(text); n > 0 {
			text = append(text, fmt.Sprintf("and %d more", n))
		}
		hint := errs[0].Hint
		switch conf, err := filepath.Abs(a.Artifacts[0]); {
		case hint == "":
			hint = "nginx -t on the host says whether nginx reads it"
		case strings.HasPrefix(errs[0].Message, "include") && a.Files != nil && err == nil:
			hint += "; on the host itself name its root: postern exposure / --conf " + filepath.ToSlash(conf)
		}
		return withHint(fmt.Errorf("%s cannot be read completely: %s", name, report.Printable(strings.Join(text, "; "))), hint)
	}
	for i, n := range a.Config.Notes {
		if i == 5 {
			fmt.Fprintf(s.Err, "note: and %d more\n", len(a.Config.Notes)-i)
			break
		}
		fmt.Fprintf(s.Err, "note: %s\n", report.Printable(n.String()))
	}
	return nil
}

// batch answers the requests of a file.
func (f *exposureFlags) batch(cmd *cobra.Command, s Streams, name string) (err error) {
	_, model, err := f.open(s, name)
	if err != nil {
		return err
	}
	if f.requests == "-" {
		return batch(cmd.Context(), "standard input", cmd.InOrStdin(), s.Out, model.Handle)
	}
	in, err := openRegular(f.requests)
	if err != nil {
		return withHint(err, "name a file with one request a line, or - for standard input")
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	return batch(cmd.Context(), f.requests, in, s.Out, model.Handle)
}

// explain follows one request.
func (f *exposureFlags) explain(s Streams, name string) error {
	arg, model, err := f.open(s, name)
	if err != nil {
		return err
	}
	q, assumed, err := f.ask.request(arg.Config)
	if err != nil {
		return err
	}
	outcome := model.Handle(q)
	if f.format == "json" {
		err = writeIndented(s.Out, newTrace(q, assumed, outcome))
	} else {
		err = writeTrace(s.Out, q, assumed, outcome)
	}
	if err == nil && outcome.Kind == request.Unknown {
		return statusError(exitUnknown)
	}
	return err
}

func writeIndented(w io.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	// JSON may hold what a terminal obeys.
	var safe strings.Builder
	for _, r := range b.String() {
		if r != '\n' && report.Printable(string(r)) != string(r) {
			fmt.Fprintf(&safe, `\u%04x`, r)
		} else {
			safe.WriteRune(r)
		}
	}
	_, err := io.WriteString(w, safe.String())
	return err
}

// prove is about all requests.
func (f *exposureFlags) prove(ctx context.Context, s Streams, name string) error {
	gate, err := f.gate.read(ctx, s)
	if err != nil {
		return err
	}
	arg, err := gate.open(name, f.conf)
	if err == nil {
		err = arg.whole(s, name)
	}
	if err != nil {
		return err
	}
	proof, err := uninterruptible(ctx, func() *exposure.Proof { return exposure.Prove(gate.input(arg)) })
	if err != nil {
		return err
	}
	r := newProofReport(name, gate, proof)
	err = writeResult(s, f.output, func(w io.Writer) error {
		if f.format == "json" {
			return writeIndented(w, r)
		}
		return writeProofTable(w, r, f.all)
	})
	if err != nil {
		return err
	}
	return r.Verdict.status()
}
