// SPDX-License-Identifier: Apache-2.0

package policies_test

import (
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/postern-audit/postern/internal/audit"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/site"
)

// evidencePool is the evidence of several sites, and its parts by their kind.
type evidencePool struct {
	documents [][]byte
	// structs are the elements of lists by type, texts and counts the values of plain
	// fields by type and name.
	structs map[reflect.Type][]reflect.Value
	texts   map[string][]string
	counts  map[string][]int64
}

// fixtureEvidence collects fixtures from their files: all wrong ones, and of the clean
// ones those with the most kinds of evidence.
func fixtureEvidence(t *testing.T) *evidencePool {
	t.Helper()
	pool := &evidencePool{structs: map[reflect.Type][]reflect.Value{}, texts: map[string][]string{}, counts: map[string][]int64{}}
	folders := append(dirs(t, "../fixtures/wrong"), "../fixtures/clean/installer-12.6.2", "../fixtures/clean/two-clusters")
	found := make([]evidence.Document, len(folders))
	pool.documents = make([][]byte, len(folders))
	t.Run("fixtures", func(t *testing.T) {
		for i, folder := range folders {
			t.Run(filepath.Base(folder), func(t *testing.T) {
				t.Parallel()
				file, err := site.Load(folder + "/site.yaml")
				if err != nil {
					t.Fatal(err)
				}
				at := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
				bundle, err := audit.Collect(t.Context(), file, audit.CollectOptions{Offline: true, Now: func() time.Time { return at }})
				if err != nil {
					t.Fatal(err)
				}
				found[i] = bundle.Document
				if pool.documents[i], err = evidence.Encode(bundle.Document); err != nil {
					t.Fatal(err)
				}
			})
		}
	})
	// In the order of the fixtures, so that a seed always means the same.
	for _, document := range found {
		pool.gather(reflect.ValueOf(document), "")
	}
	return pool
}

// gather keeps the parts of a value.
func (p *evidencePool) gather(v reflect.Value, place string) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			p.gather(v.Field(i), v.Type().Name()+"."+v.Type().Field(i).Name)
		}
	case reflect.Slice:
		for i := range v.Len() {
			if e := v.Index(i); e.Kind() == reflect.Struct {
				p.structs[e.Type()] = append(p.structs[e.Type()], e)
			}
			p.gather(v.Index(i), place)
		}
	case reflect.String:
		p.texts[place] = append(p.texts[place], v.String())
	case reflect.Int, reflect.Int64:
		p.counts[place] = append(p.counts[place], v.Int())
	}
}

// recombined is the evidence of one site, some of it lost, turned round, and taken
// from other places and sites.
func (p *evidencePool) recombined(r *rand.Rand) evidence.Document {
	d, err := evidence.Decode(pick(r, p.documents))
	if err != nil {
		panic(err)
	}
	p.shuffle(r, reflect.ValueOf(d).Elem(), "")
	live := filled(r)
	d.HTTP, d.CORSLive, d.FramingLive, d.TLSPosture = live.HTTP, live.CORSLive, live.FramingLive, live.TLSPosture
	return *d
}

// fixed are the fields that name a thing, or that follow from its name.
var fixed = map[string]bool{
	"Subject": true, "Target": true, "SHA256": true, "Holder": true, "Server": true, "Document": true, "Default": true, "Servers": true,
	"Index": true, "BuiltIn": true, "Header": true, "Edges": true, "Nodes": true, "Occurrence": true, "CTI": true, "Source": true,
}

func (p *evidencePool) shuffle(r *rand.Rand, v reflect.Value, place string) {
	rare := r.IntN(16) == 0
	if e, ok := v.Interface().(enumerated); ok && v.Kind() == reflect.String {
		if rare {
			v.SetString(pick(r, e.Values()))
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[evidence.Certificate]() {
			return // one digest stands for one certificate
		}
		for i := range v.NumField() {
			if f := v.Type().Field(i); !fixed[f.Name] {
				p.shuffle(r, v.Field(i), v.Type().Name()+"."+f.Name)
			}
		}
		identify(r, v)
	case reflect.Slice:
		p.shuffleList(r, v, place)
	case reflect.String:
		if list := p.texts[place]; rare && len(list) > 0 && !strings.Contains(place, "Optional") {
			v.SetString(pick(r, list))
		}
	case reflect.Int, reflect.Int64:
		if list := p.counts[place]; rare && len(list) > 0 {
			v.SetInt(pick(r, list))
		}
	case reflect.Bool:
		if rare {
			v.SetBool(!v.Bool())
		}
	}
}

// shuffleList drops elements, takes some from elsewhere and doubles others.
func (p *evidencePool) shuffleList(r *rand.Rand, v reflect.Value, place string) {
	out := reflect.MakeSlice(v.Type(), 0, v.Len())
	for i := range v.Len() {
		e := v.Index(i)
		others := p.structs[e.Type()]
		switch n := r.IntN(24); {
		case n < 2:
			continue
		case n == 2 && e.Kind() == reflect.Struct && len(others) > 0 && movable(e.Type()):
			e = pick(r, others)
		case n == 3:
			out = reflect.Append(out, e)
		}
		out = reflect.Append(out, e)
	}
	v.Set(out)
	for i := range v.Len() {
		p.shuffle(r, v.Index(i), place)
	}
}

// movable says whether an element means the same in another record: what has a
// subject is a part of its own record.
func movable(t reflect.Type) bool {
	_, named := t.FieldByName("Subject")
	_, record := t.FieldByName("Target")
	return !record && (!named || t == reflect.TypeFor[evidence.MapEntry]())
}
