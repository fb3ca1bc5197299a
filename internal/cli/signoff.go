// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/postern-audit/postern/internal/audit"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/report"
	"github.com/postern-audit/postern/internal/signoff"
)

func newSignoff(s Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "signoff",
		Short: "Prepare, sign and verify a go-live",
		Long: `Turns an audit into a go-live that people sign with their SSH keys:

  postern signoff prepare bundle.zip result.json -o golive.json
  postern signoff sign golive.json --key ~/.ssh/id_ed25519 -o golive.anna.sig
  postern signoff verify golive.json --allowed-signers signers --signature golive.anna.sig --signature golive.ben.sig

The same signatures verify with: ssh-keygen -Y verify -n ` + signoff.Namespace + ` -f signers -I NAME -s golive.anna.sig < golive.json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newPrepare(s), newSign(s), newVerify(s))
	return cmd
}

func newPrepare(s Streams) *cobra.Command {
	var output string
	var validity time.Duration
	var j judgeFlags
	cmd := &cobra.Command{
		Use:   "prepare BUNDLE RESULT -o DOCUMENT",
		Short: "Write the document that is signed, unless something blocks it",
		Long: `Judges the bundle again, under the same rules and waivers, and refuses a result
that differs from what comes out: what is signed is then what anybody can
recompute. Give --policies, --waivers and --profile as they were given to audit.`,
		Args: exactly("BUNDLE", "RESULT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if output == "" {
				return withHint(errors.New("no output is named"), "add -o golive.json")
			}
			j.at = ""
			options, severity, err := j.options()
			if err != nil {
				return err
			}
			bundle, err := readBundle(args[0])
			if err != nil {
				return err
			}
			rawBundle, err := readLimited(args[0], evidence.MaxBundleBytes)
			if err != nil {
				return err
			}
			rawResult, err := readLimited(args[1], maxResultBytes)
			if err != nil {
				return err
			}
			result, err := report.Decode(rawResult)
			if err != nil {
				return fmt.Errorf("%s: %w", args[1], err)
			}
			if result.Evidence.Digest != bundle.Digest {
				return withHint(fmt.Errorf("%s was not made from %s", args[1], args[0]), "audit the bundle: postern audit "+args[0]+" --format json -o "+args[1])
			}
			if err := recompute(cmd.Context(), &j, options, bundle, args, result, rawResult); err != nil {
				return err
			}
			document, err := signoff.Prepare(signoff.Input{
				Site: result.Site.Name, Profile: strings.Join(append([]string{result.Profile.Name}, result.Profile.Overlays...), "+"),
				EvidenceDigest: bundle.Digest, PolicyDigest: result.Policy.Digest, Tool: result.Tool.Version, JudgedAt: result.At,
				Verdicts: result.Verdicts, OutOfScope: outOfScope(result), RawBundle: rawBundle, RawResult: rawResult,
				FailOn: severity, Validity: validity,
			})
			if err != nil {
				return err
			}
			if err := writeFile(output, func(w io.Writer) error { _, err := w.Write(document); return err }); err != nil {
				return err
			}
			fmt.Fprintf(s.Err, "%s is ready to be signed\n", output)
			return nil
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "the document to write")
	j.register(cmd)
	cmd.Flags().DurationVar(&validity, "valid", 90*24*time.Hour, "how long the sign-off lasts after the audit")
	return cmd
}

// recompute judges the bundle again, as of the result's instant, and wants the
// same bytes.
func recompute(ctx context.Context, j *judgeFlags, o audit.JudgeOptions, bundle *evidence.Bundle, args []string, result *report.Result, raw []byte) error {
	rules, err := j.loadPolicies()
	if err != nil {
		return err
	}
	if o.At, err = time.Parse(time.RFC3339, result.At); err != nil {
		return fmt.Errorf("%s: at %q is no instant", args[1], result.At)
	}
	if o.Waivers, err = readWaivers(j.waivers, args[0], bundle); err != nil {
		return err
	}
	again, err := audit.Judge(ctx, bundle, rules, o)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := report.Write(&text, again, "json", report.Options{}); err != nil {
		return err
	}
	if !bytes.Equal(text.Bytes(), raw) {
		return withHint(fmt.Errorf("%s is not what %s gives under these rules", args[1], args[0]),
			"audit the bundle with this version: postern audit "+args[0]+" --format json -o "+args[1]+"; and give the same --policies, --waivers and --profile here")
	}
	return nil
}

func outOfScope(r *report.Result) []signoff.Entry {
	entries := []signoff.Entry{}
	for _, e := range r.OutOfScope {
		entries = append(entries, signoff.Entry{Rule: e.Section, Subject: e.Target, Outcome: "out-of-scope", Note: e.Reason})
	}
	return entries
}

func newSign(s Streams) *cobra.Command {
	var key, passphrase, output string
	cmd := &cobra.Command{
		Use:   "sign DOCUMENT --key FILE -o SIGNATURE",
		Short: "Sign a prepared document with an SSH key",
		Args:  exactly("DOCUMENT"),
		RunE: func(_ *cobra.Command, args []string) error {
			if key == "" || output == "" {
				return withHint(errors.New("--key and --output are both required"), "one signature file a signer, such as golive.anna.sig")
			}
			document, err := readLimited(args[0], signoff.MaxBytes)
			if err != nil {
				return err
			}
			private, err := readLimited(key, 1<<20)
			if err != nil {
				return err
			}
			var secret []byte
			if passphrase != "" {
				if secret, err = readLimited(passphrase, 4096); err != nil {
					return err
				}
				secret = []byte(strings.TrimRight(string(secret), "\r\n"))
			}
			sig, err := signoff.Sign(document, private, secret)
			if err != nil {
				return fmt.Errorf("%s: %w", filepath.Base(key), err)
			}
			if err := writeFile(output, func(w io.Writer) error { _, err := w.Write(sig); return err }); err != nil {
				return err
			}
			fmt.Fprintf(s.Err, "%s written\n", output)
			return nil
		},
	}
	cmd.Flags().StringVar(&key, "key", "", "the SSH private key to sign with")
	cmd.Flags().StringVar(&passphrase, "passphrase-file", "", "a file with the key's passphrase")
	cmd.Flags().StringVarP(&output, "output", "o", "", "the signature to write")
	return cmd
}

func newVerify(s Streams) *cobra.Command {
	var allowed, bundle, result, at string
	var signatures []string
	var required int
	cmd := &cobra.Command{
		Use:   "verify DOCUMENT --allowed-signers FILE --signature FILE...",
		Short: "Verify a signed go-live, offline",
		Long:  "Exit status 0 when the sign-off holds, 1 when it does not, 2 when it cannot be verified.",
		Args:  exactly("DOCUMENT"),
		RunE: func(_ *cobra.Command, args []string) error {
			if allowed == "" || len(signatures) == 0 {
				return withHint(errors.New("--allowed-signers and --signature are both required"), "the file is the one that ssh-keygen -Y verify takes")
			}
			o := signoff.VerifyOptions{Required: required, At: time.Now()}
			var err error
			if at != "" {
				if o.At, err = time.Parse(time.RFC3339, at); err != nil {
					return withHint(fmt.Errorf("--at %q is no instant", at), "for example 2026-01-31T12:00:00Z")
				}
			}
			document, err := readLimited(args[0], signoff.MaxBytes)
			if err != nil {
				return err
			}
			text, err := readLimited(allowed, 1<<20)
			if err != nil {
				return err
			}
			signers, err := signoff.ParseAllowedSigners(text)
			if err != nil {
				return fmt.Errorf("%s: %w", allowed, err)
			}
			var armored [][]byte
			for _, name := range signatures {
				sig, err := readLimited(name, 1<<20)
				if err != nil {
					return err
				}
				armored = append(armored, sig)
			}
			if bundle != "" {
				if o.Bundle, err = readLimited(bundle, evidence.MaxBundleBytes); err != nil {
					return err
				}
			}
			if result != "" {
				if o.Result, err = readLimited(result, maxResultBytes); err != nil {
					return err
				}
			}
			d, who, err := signoff.Verify(document, armored, signers, o)
			var invalid *signoff.InvalidError
			if errors.As(err, &invalid) {
				fmt.Fprintln(s.Out, invalid.Error())
				return statusError(exitFinding)
			}
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(s.Out, "sign-off of %s is valid until %s, signed by %s\n", d.Site, d.ValidUntil, strings.Join(who, ", "))
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&allowed, "allowed-signers", "", "who may sign, in the form of ssh-keygen(1)")
	f.StringArrayVar(&signatures, "signature", nil, "a signature file (repeatable)")
	f.IntVar(&required, "required", 2, "how many distinct people must have signed, at least 2")
	f.StringVar(&bundle, "bundle", "", "also hold this bundle to the signed digest")
	f.StringVar(&result, "result", "", "also hold this result to the signed digest")
	f.StringVar(&at, "at", "", "verify as of this instant, RFC 3339 (default: now)")
	return cmd
}

const maxResultBytes = 256 << 20

// openRegular opens a regular file, and nothing that could block or never end.
func openRegular(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, pathCause(err))
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("is no regular file")
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, pathCause(err)), f.Close())
	}
	return f, nil
}

func readLimited(path string, limit int64) ([]byte, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, pathCause(err))
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%s: longer than %d bytes", path, limit)
	}
	return data, nil
}
