// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"context"
	"fmt"
	"path"
	"time"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/remote"
	"github.com/postern-audit/postern/internal/vos"
)

// terminalColumns is wide enough that the shell of a node wraps no line.
const terminalColumns = 512

const transcriptName = "cli.txt"

// Node is a node whose command line was read: Declared names the transcript by
// a path that Files opens.
type Node struct {
	Declared evidence.Node
	Files    evidence.Files
	// Gaps name the commands without a full answer.
	Gaps []evidence.Gap
}

// ReadNode runs the read-only commands of a node's role and makes a transcript
// of them, as an administrator would have saved it. settle is how long a prompt
// must stand as the last text to be believed; 0 is the default of vos.Limits. A
// node of a role without this command line is not spoken to.
func ReadNode(ctx context.Context, client *remote.Client, node evidence.Node, settle time.Duration, base evidence.Files, archive *evidence.Archive) *Node {
	options := vos.Options{IDSSecret: node.ReadIDSSecret}
	commands := vos.ReadOnly(string(node.Role), options)
	if len(commands) == 0 {
		return FailedNode(node, base, fmt.Errorf("a node of role %s has no VOS command line", node.Role))
	}
	terminal, err := client.Terminal(terminalColumns)
	if err != nil {
		return FailedNode(node, base, err)
	}
	got := vos.Session{Terminal: terminal, Options: options, Limits: vos.Limits{Settle: settle}}.Run(ctx, commands)
	closed := terminal.Close()
	out := declared(node, &captured{base: base, archive: archive, results: map[string]result{transcriptName: {text: got.Transcript}}})
	for i, f := range got.Failures {
		reason := "over SSH: " + f.Reason
		if f.Command != "" {
			reason = fmt.Sprintf("over SSH: %q: %s", f.Command, f.Reason)
		}
		gap := evidence.Gap{Section: "vos", Subject: node.Subject, Reason: reason, Source: node.Source}
		if i > 0 && !node.Role.TrustsProxies() {
			// The first one leaves every fact of such a node unknown already.
			gap.Part = "commands"
		}
		out.Gaps = append(out.Gaps, gap)
	}
	if closed != nil {
		out.Gaps = append(out.Gaps, evidence.Gap{Section: "vos", Subject: node.Subject, Reason: "over SSH: close: " + closed.Error(), Source: node.Source})
	}
	out.Gaps = evidence.GapsOfNode(node.Role, out.Gaps)
	return out
}

// FailedNode is a node that could not be reached: its transcript answers with
// the reason when a collector opens it.
func FailedNode(node evidence.Node, base evidence.Files, reason error) *Node {
	return declared(node, &captured{base: base, failed: reason})
}

func declared(node evidence.Node, files *captured) *Node {
	files.prefix = Prefix(node.Name)
	node.Transcript = path.Join(files.prefix, transcriptName)
	return &Node{Declared: node, Files: files}
}
