// SPDX-License-Identifier: Apache-2.0

// Package transcript turns answers of a node's command line into evidence, for
// the collectors that read one: an answer that cannot be read becomes a gap of
// the collector that asked for it, about the fields of its record that the answer
// fills and no other. Where the transcript itself ends inside an answer, anything
// may be missing, and the gap is about the whole record.
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
		return nil, []evidence.Gap{t.Gap(section, "the node declares neither a transcript of its command line nor ssh access to it", t.Node.Source)}
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
		out = append(out, evidence.CLICommand{
			Command: e.Command, Kind: evidence.CommandKind(e.Kind()), Read: e.Complete, Refused: e.Refused(), Source: r.At(e.Line),
		})
	}
	return out
}

// Transcript is what the reader reads, for answers of a form of their own.
func (r *Reader) Transcript() vos.Transcript { return r.transcript }

// Answered returns the first of the commands that the server ran.
func (r *Reader) Answered(commands ...string) (string, bool) {
	return r.transcript.Answered(commands...)
}

// List reads a list; what cannot be read is a gap of the fields, named as in JSON.
func (r *Reader) List(c vos.ListCommand, field string, more ...string) evidence.CLIList {
	return r.list(c, r.miss, append([]string{field}, more...))
}

// Status reads a value; what cannot be read is a gap of the fields.
func (r *Reader) Status(c vos.StatusCommand, field string, more ...string) evidence.CLIValue {
	return r.status(c, r.miss, append([]string{field}, more...))
}

// OptionalList is List for a command that not every audit needs, or that not
// every release has.
func (r *Reader) OptionalList(c vos.ListCommand, field string, more ...string) evidence.CLIList {
	return r.list(c, r.Miss, append([]string{field}, more...))
}

// OptionalStatus is Status for a command that not every release has: neither
// its absence from the transcript nor its refusal by the server is a gap.
func (r *Reader) OptionalStatus(c vos.StatusCommand, field string, more ...string) evidence.CLIValue {
	return r.status(c, r.Miss, append([]string{field}, more...))
}

func (r *Reader) list(c vos.ListCommand, miss func(error, ...string), fields []string) evidence.CLIList {
	got, err := r.transcript.ReadList(c)
	if err != nil {
		miss(err, fields...)
		return evidence.CLIList{Format: evidence.FormatNone}
	}
	return evidence.CLIList{Known: true, Format: evidence.Format(got.Format), Items: r.Items(got.Items), Source: r.At(got.Line)}
}

func (r *Reader) status(c vos.StatusCommand, miss func(error, ...string), fields []string) evidence.CLIValue {
	got, err := r.transcript.ReadStatus(c)
	if err != nil {
		miss(err, fields...)
		return evidence.CLIValue{Format: evidence.FormatNone}
	}
	return r.Value(got)
}

// Value is a value as evidence.
func (r *Reader) Value(v vos.Value) evidence.CLIValue {
	return evidence.CLIValue{Known: true, Format: evidence.Format(v.Format), Value: v.Text, Source: r.At(v.Line)}
}

// Items are items as evidence.
func (r *Reader) Items(items []vos.Item) []evidence.CLIItem {
	var out []evidence.CLIItem
	for _, i := range items {
		out = append(out, evidence.CLIItem{Value: i.Value, Source: r.At(i.Line)})
	}
	return out
}

// Miss makes gaps of an optional answer that cannot be read: one for each of the
// fields that stay unknown, or one for the whole record without any. A command
// that is not in the transcript, or that the server does not know, leaves no gap:
// the fact is not known, and the list of commands shows why.
func (r *Reader) Miss(err error, fields ...string) {
	var unreadable *vos.UnreadableError
	if errors.As(err, &unreadable) && (unreadable.Absent || unreadable.Refused) {
		return
	}
	r.miss(err, fields...)
}

func (r *Reader) miss(err error, fields ...string) {
	line := 1
	var unreadable *vos.UnreadableError
	if errors.As(err, &unreadable) && unreadable.Line > 0 {
		line = unreadable.Line
	}
	if len(fields) == 0 || unreadable != nil && r.cut(unreadable.Command) {
		fields = []string{""}
	}
	for _, field := range fields {
		r.gaps = append(r.gaps, r.target.PartGap(r.section, field, err.Error(), r.At(line)))
	}
}

// cut reports whether the transcript ends inside the answer of a command.
func (r *Reader) cut(command string) bool {
	last := r.transcript.Exchanges[len(r.transcript.Exchanges)-1]
	return !last.Complete && last.Command == command
}
