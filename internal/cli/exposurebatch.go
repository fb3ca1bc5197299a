// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"

	"github.com/postern-audit/postern/internal/nginx/request"
)

// Bounds on what a batch keeps in memory.
const (
	maxRequestLine = 1 << 20 // bytes of one line with its line feed
	maxChunkLines  = 512
)

// askedLine is one line of a batch.
type askedLine struct {
	number  int
	text    []byte
	tooLong bool
}

// batch answers each line of requests with one line of JSON, in the same order.
// A line that is no request is answered, too, with outcome unknown; the batch
// then ends in the first such error. Blank lines are passed over.
//
// Answers go out as soon as the input pauses, so that a program at the other end
// of two pipes may ask one by one.
func batch(ctx context.Context, name string, in io.Reader, out io.Writer, handle func(request.Request) request.Outcome) error {
	chunks := make(chan []askedLine, 1)
	var readErr error // set before chunks is closed
	go func() {
		defer close(chunks)
		readErr = readChunks(in, func(c []askedLine) bool {
			select {
			case chunks <- c:
				return true
			case <-ctx.Done():
				return false
			}
		})
	}()
	w := bufio.NewWriterSize(out, 64<<10)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	var first error
	bad, done := 0, 0
	for {
		var chunk []askedLine
		var more bool
		select {
		case chunk, more = <-chunks:
		case <-ctx.Done():
			return fmt.Errorf("%s: interrupted after %d answers", name, done)
		}
		if !more {
			break
		}
		answers, errs := decide(chunk, handle)
		for i := range answers {
			if errs[i] != nil {
				if bad++; first == nil {
					first = fmt.Errorf("%s:%d: %w", name, chunk[i].number, errs[i])
				}
			}
			if err := enc.Encode(&answers[i]); err != nil {
				return fmt.Errorf("write the answers: %w", err)
			}
		}
		done += len(chunk)
		if err := w.Flush(); err != nil {
			return fmt.Errorf("write the answers: %w", err)
		}
	}
	switch {
	case readErr != nil:
		return fmt.Errorf("%s: %w", name, pathCause(readErr))
	case bad > 1:
		return fmt.Errorf("%w (and %d more lines like it: their answers give the reasons)", first, bad-1)
	}
	return first
}

// readChunks gives lines to use, as many at once as lie ready, until it returns
// false.
func readChunks(in io.Reader, use func([]askedLine) bool) error {
	r := bufio.NewReaderSize(in, maxRequestLine)
	var chunk []askedLine
	size := 0
	for number := 1; ; number++ {
		text, err := r.ReadSlice('\n')
		line := askedLine{number: number, tooLong: errors.Is(err, bufio.ErrBufferFull)}
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = r.ReadSlice('\n')
		}
		if !line.tooLong {
			line.text = bytes.Clone(bytes.TrimSpace(text))
		}
		if line.tooLong || len(line.text) > 0 {
			chunk = append(chunk, line)
			size += len(line.text)
		}
		// Another whole line that is here already belongs to the same chunk.
		ready, _ := r.Peek(r.Buffered())
		full := len(chunk) == maxChunkLines || size >= maxRequestLine || bytes.IndexByte(ready, '\n') < 0
		if len(chunk) > 0 && (full || err != nil) {
			if !use(chunk) {
				return nil
			}
			chunk, size = nil, 0
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// decide answers the lines of a chunk, on all processors.
func decide(chunk []askedLine, handle func(request.Request) request.Outcome) ([]answer, []error) {
	answers, errs := make([]answer, len(chunk)), make([]error, len(chunk))
	workers := min(runtime.GOMAXPROCS(0), len(chunk))
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := w; i < len(chunk); i += workers {
				answers[i], errs[i] = decideLine(chunk[i], handle)
			}
		})
	}
	wait.Wait()
	return answers, errs
}

// decideLine answers one line. An error in Postern itself costs this line and not
// the batch.
func decideLine(line askedLine, handle func(request.Request) request.Outcome) (a answer, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("an error in Postern: %v", p)
		}
		if err != nil {
			a = newAnswer(request.Outcome{Kind: request.Unknown, Reason: fmt.Sprintf("line %d: %v", line.number, err)})
		}
	}()
	if line.tooLong {
		return a, withHint(fmt.Errorf("longer than %d bytes", maxRequestLine), "one request a line")
	}
	q, err := readRequest(line.text)
	if err != nil {
		return a, err
	}
	return newAnswer(handle(q)), nil
}
