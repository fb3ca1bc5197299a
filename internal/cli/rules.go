// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/postern-audit/postern/internal/policy"
	"github.com/postern-audit/postern/policies"
)

func newRules(s Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List, explain and add rules",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	var j judgeFlags
	list := &cobra.Command{
		Use:   "list",
		Short: "List all rules",
		Args:  exactly(),
		RunE: func(*cobra.Command, []string) error {
			p, err := j.loadPolicies()
			if err != nil {
				return err
			}
			for _, r := range p.Set.Rules() {
				if _, err := fmt.Fprintf(s.Out, "%-8s  %-36s  %s  [%s]\n", r.Severity, r.ID, r.Title, strings.Join(r.Controls, " ")); err != nil {
					return err
				}
			}
			return nil
		},
	}
	explain := newRulesExplain(s, &j)
	coverage := newCoverage(s, &j)
	for _, c := range []*cobra.Command{list, explain, coverage} {
		c.Flags().StringVar(&j.policies, "policies", "", "a folder with rules of your own")
	}
	profiles := &cobra.Command{
		Use:   "profiles",
		Short: "List the profiles that a site can be judged by",
		Args:  exactly(),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(s.Out, strings.Join(policy.ProfileNames(policies.FS), "\n"))
			return err
		},
	}
	cmd.AddCommand(list, explain, coverage, profiles, newRule(s))
	return cmd
}

var ruleID = regexp.MustCompile(`^[a-z][a-z0-9_]*/[a-z][a-z0-9_]*$`)

func newRule(s Streams) *cobra.Command {
	dir := "."
	cmd := &cobra.Command{
		Use:   "new DOMAIN/RULE",
		Short: "Write a rule of your own with its test, ready to be filled in",
		Long: `Writes DOMAIN/RULE.rego and its test below --policies. It compiles and passes as
it is; use it with: postern audit site.yaml --policies DIR`,
		Args: exactly("DOMAIN/RULE"),
		RunE: func(_ *cobra.Command, args []string) error {
			if !ruleID.MatchString(args[0]) {
				return withHint(fmt.Errorf("%q is no rule id", args[0]), "lower-case letters, digits and underscores: tls/weak_thing")
			}
			domain, name, _ := strings.Cut(args[0], "/")
			folder := filepath.Join(dir, domain)
			root := "custom"
			if builtin, err := isBuiltin(dir); err != nil {
				return err
			} else if builtin {
				root = "policies"
			}
			for suffix, text := range map[string]string{".rego": ruleTemplate, "_test.rego": ruleTestTemplate} {
				file := filepath.Join(folder, name+suffix)
				if _, err := os.Lstat(file); err == nil {
					return fmt.Errorf("%s exists already", file)
				}
				if err := os.MkdirAll(folder, 0o755); err != nil {
					return fmt.Errorf("%s: %w", folder, pathCause(err))
				}
				text = strings.NewReplacer("ROOT", root, "DOMAIN", domain, "NAME", name).Replace(text)
				if err := writeFile(file, func(w io.Writer) error { _, err := io.WriteString(w, text); return err }); err != nil {
					return err
				}
				fmt.Fprintln(s.Err, file)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&dir, "policies", dir, "the folder of your rules")
	return cmd
}

// isBuiltin recognises the source folder of the built-in rules, whose packages
// start differently.
func isBuiltin(dir string) (bool, error) {
	_, err := os.Stat(filepath.Join(dir, "embed.go"))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

const ruleTemplate = `# METADATA
# title: Say what is wrong, as a noun phrase
# description: Say in two sentences why it matters.
# custom:
#   severity: medium
#   fix: Say what to change.
#   controls: [TLS-01]
package ROOT.DOMAIN.NAME

subjects contains listener.subject if some listener in input.tlsposture

findings contains {
	"subject": listener.subject,
	"key": "example",
	"message": sprintf("%s:%d is an example", [listener.host, listener.port]),
	"sources": [listener.source],
} if {
	some listener in input.tlsposture
	listener.host == "replace.me.example"
}
`

const ruleTestTemplate = `package ROOT.DOMAIN.NAME_test

import data.ROOT.DOMAIN.NAME as rule

listener(host) := {"tlsposture": [{"subject": "edge/a/listener/x:1", "host": host, "port": 1, "source": {"host": host, "port": 1}}]}

test_fires_on_the_example if count(rule.findings) == 1 with input as listener("replace.me.example")

test_silent_otherwise if count(rule.findings) == 0 with input as listener("desk.example")
`
