// SPDX-License-Identifier: Apache-2.0

// Package transcript turns answers of a node's command line into evidence, for
// the collectors that read one: an answer that cannot be read becomes a gap of
// the collector that asked for it.
package transcript

import (
	"errors"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/vos"
)

const maxBytes = 16 << 20

// Reader asks one transcript and gathers the gaps.
type Reader struct {
	Secrets []evidence.SecretMark

	section    string
	target     evidence.Target
	artifact   string
	transcript vos.Transcript
	gaps       []evidence.Gap
}

// Open reads the transcript that a node declares. When there is none, or it
// cannot be read, the reader is nil and the gap says why.
func Open(section string, t evidence.Target) (*Reader, []evidence.Gap) {
	if t.Node.Transcript == "" {
		return nil, []evidence.Gap{t.Gap(section, "the node declares no transcript of its command line", t.Node.Source)}
	}
	art, err := t.Files.Read(t.Node.Transcript, maxBytes)
	if err != nil {
		return nil, []evidence.Gap{t.Gap(section, err.Error(), t.Node.Source)}
	}
	r := &Reader{section: section, target: t, artifact: art.Path, transcript: vos.Parse(art.Text), Secrets: art.Secrets}
	if len(r.transcript.Exchanges) == 0 {
		return nil, []evidence.Gap{t.Gap(section, "the transcript holds no \"admin:\" prompt, so no command can be told from its answer", r.At(1))}
	}
	if r.transcript.Truncated {
		r.gaps = append(r.gaps, t.Gap(section, "the transcript exceeds the limits; its end was not read", r.At(1)))
	}
	return r, nil
}

// At is a line of the transcript.
func (r *Reader) At(line int) evidence.Source {
	return evidence.Source{Artifact: r.artifact, Line: line, Column: 1, Origin: evidence.Origin{Kind: evidence.Explicit}}
}

// Gaps lists what could not be read so far.
func (r *Reader) Gaps() []evidence.Gap { return r.gaps }

// Has reports whether the transcript holds a command.
func (r *Reader) Has(command string) bool {
	_, ok := r.transcript.Last(command)
	return ok
}

// Commands lists the commands of the transcript.
func (r *Reader) Commands() []evidence.CLICommand {
	var out []evidence.CLICommand
	for _, e := range r.transcript.Exchanges {
		out = append(out, evidence.CLICommand{Command: e.Command, Read: e.Complete, Source: r.At(e.Line)})
	}
	return out
}

// List reads a list; what cannot be read is a gap.
func (r *Reader) List(c vos.ListCommand) evidence.CLIList {
	got, err := r.transcript.ReadList(c)
	if err != nil {
		r.miss(err)
		return evidence.CLIList{Format: evidence.FormatNone}
	}
	out := evidence.CLIList{Known: true, Format: evidence.Format(got.Format), Source: r.At(got.Line)}
	for _, item := range got.Items {
		out.Items = append(out.Items, evidence.CLIItem{Value: item.Value, Source: r.At(item.Line)})
	}
	return out
}

// Status reads a value; what cannot be read is a gap.
func (r *Reader) Status(c vos.StatusCommand) evidence.CLIValue {
	v, err := r.transcript.ReadStatus(c)
	if err != nil {
		r.miss(err)
		return evidence.CLIValue{Format: evidence.FormatNone}
	}
	return evidence.CLIValue{Known: true, Format: evidence.Format(v.Format), Value: v.Text, Source: r.At(v.Line)}
}

// OptionalStatus is Status for a command that not every release has: its
// absence from the transcript is no gap.
func (r *Reader) OptionalStatus(c vos.StatusCommand) evidence.CLIValue {
	if !r.Has(c.Commands[0]) {
		return evidence.CLIValue{Format: evidence.FormatNone}
	}
	return r.Status(c)
}

// OptionalList is List for a command that not every audit needs.
func (r *Reader) OptionalList(c vos.ListCommand) evidence.CLIList {
	if !r.Has(c.Commands[0]) {
		return evidence.CLIList{Format: evidence.FormatNone}
	}
	return r.List(c)
}

func (r *Reader) miss(err error) {
	line := 1
	var unreadable *vos.UnreadableError
	if errors.As(err, &unreadable) && unreadable.Line > 0 {
		line = unreadable.Line
	}
	r.gaps = append(r.gaps, r.target.Gap(r.section, err.Error(), r.At(line)))
}
