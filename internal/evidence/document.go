// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"sort"
	"strings"
)

// SchemaVersion names the layout of Document.
const SchemaVersion = "postern.evidence/v1"

// Limits of one document; what exceeds them becomes a gap that names the count.
const (
	MaxSectionFacts  = 20_000
	MaxDocumentBytes = 64 << 20
)

// Header describes the collection that a document came from.
type Header struct {
	Schema string `json:"schema"`
	// SiteDigest is the SHA-256 of the site file as read, in hex.
	SiteDigest string `json:"site_digest"`
	// At is the end of collection, RFC 3339 in UTC. Rules take it as "now".
	At      string  `json:"at"`
	Vantage Vantage `json:"vantage"`
	Tool    string  `json:"tool"`
}

// Sections holds what the collectors gathered. Each field is one section, its
// JSON key the collector's name; each element is one record of one target.
type Sections struct {
	ProxyMap    []ProxyMap        `json:"proxymap"`
	NginxRules  []NginxRules      `json:"nginxrules"`
	TLSPosture  []TLSPosture      `json:"tlsposture"`
	CertChain   []CertChain       `json:"certchain"`
	CORS        []CORS            `json:"cors"`
	Framing     []Framing         `json:"framing"`
	IPTables    []RuleSet         `json:"iptables"`
	Netfilter   []FilterBackend   `json:"netfilter"`
	IPSets      []IPSetList       `json:"ipsets"`
	VOS         []VOSNode         `json:"vos"`
	Host        []Host            `json:"host"`
	Env         []EnvFiles        `json:"env"`
	HTTP        []HTTPListener    `json:"http"`
	CORSLive    []CORSListener    `json:"corslive"`
	FramingLive []FramingListener `json:"framinglive"`
	SAML        []SAML            `json:"saml"`
	Layout      []Layout          `json:"layout"`
	CTI         []CTI             `json:"cti"`
	DNS         []DNSView         `json:"dns"`
}

// Document is the frozen evidence of one collection.
type Document struct {
	Header Header `json:"header"`
	// Site is the inventory as the site file declares it.
	Site Site `json:"site"`
	Sections
	// Attested are the files that the site's attestations name as evidence.
	Attested []AttestedFile `json:"attested"`
	Gaps     []Gap          `json:"gaps"`
}

// Derived holds what every audit works out of the evidence, as further sections that
// rules read. It is never collected and stands in no bundle.
type Derived struct {
	Exposure []Exposure `json:"exposure"`
}

// Input is what rules read: the evidence, what was derived from it, and the profile
// that it is judged by.
type Input struct {
	Document
	Derived
	Profile Profile `json:"profile"`
}

// Records returns the number of records in a section, collected or derived.
func (in *Input) Records(section string) int {
	return records(reflect.ValueOf(in.Sections), section) + records(reflect.ValueOf(in.Derived), section)
}

// Only empties the sections that are not named, collected or derived.
func (in *Input) Only(names []string) {
	in.Sections = only(in.Sections, names)
	in.Derived = only(in.Derived, names)
}

// SectionNames lists the sections of a document in its order.
func SectionNames() []string { return fieldNames(reflect.TypeFor[Sections]()) }

// InputSections lists the sections that rules read: those of a document and the
// derived ones.
func InputSections() []string {
	return append(SectionNames(), fieldNames(reflect.TypeFor[Derived]())...)
}

func fieldNames(t reflect.Type) []string {
	names := make([]string, t.NumField())
	for i := range names {
		names[i] = t.Field(i).Tag.Get("json")
	}
	return names
}

// Parts lists the fields of a section's record by their JSON names, and nothing
// for a section that does not exist.
func Parts(section string) []string {
	t := reflect.TypeFor[Sections]()
	for i := range t.NumField() {
		if t.Field(i).Tag.Get("json") != section {
			continue
		}
		var names []string
		record := t.Field(i).Type.Elem()
		for j := range record.NumField() {
			names = append(names, record.Field(j).Tag.Get("json"))
		}
		return names
	}
	return nil
}

// Count returns the number of facts (records and their nested elements) in a
// section, and false when there is no section of that name.
func (s *Sections) Count(section string) (int, bool) {
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("json") == section {
			return countElements(v.Field(i)), true
		}
	}
	return 0, false
}

// Records returns the number of records in a section.
func (s *Sections) Records(section string) int { return records(reflect.ValueOf(*s), section) }

func records(v reflect.Value, section string) int {
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("json") == section {
			return v.Field(i).Len()
		}
	}
	return 0
}

// countElements counts the structs held in slices: a record and each record
// inside it are facts, a list of strings is part of its fact.
func countElements(v reflect.Value) int {
	n := 0
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			if v.Index(i).Kind() == reflect.Struct {
				n += 1 + countElements(v.Index(i))
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			n += countElements(v.Field(i))
		}
	}
	return n
}

// only returns the named sections; the others are empty.
func only[T Sections | Derived](s T, names []string) T {
	var out T
	from, to := reflect.ValueOf(s), reflect.ValueOf(&out).Elem()
	for i := range from.NumField() {
		if slices.Contains(names, from.Type().Field(i).Tag.Get("json")) {
			to.Field(i).Set(from.Field(i))
		}
	}
	return out
}

// Append adds another collector's sections.
func (s *Sections) Append(other Sections) {
	dst, src := reflect.ValueOf(s).Elem(), reflect.ValueOf(other)
	for i := range dst.NumField() {
		dst.Field(i).Set(reflect.AppendSlice(dst.Field(i), src.Field(i)))
	}
}

// Freeze brings the document into its canonical form: sections sorted by
// target, gaps sorted and without repetition, oversized sections replaced by a
// gap. Encoding a frozen document always gives the same bytes.
func (d *Document) Freeze() {
	v := reflect.ValueOf(&d.Sections).Elem()
	for i := range v.NumField() {
		name := v.Type().Field(i).Tag.Get("json")
		if n := countElements(v.Field(i)); n > MaxSectionFacts {
			v.Field(i).Set(reflect.MakeSlice(v.Field(i).Type(), 0, 0))
			d.Gaps = append(d.Gaps, Gap{
				Section: name, Subject: "site",
				Reason: fmt.Sprintf("%d facts exceed the limit of %d for one section; the section was left out", n, MaxSectionFacts),
			})
			continue
		}
		sortByTarget(v.Field(i))
	}
	sort.SliceStable(d.Gaps, func(i, j int) bool { return gapKey(d.Gaps[i]) < gapKey(d.Gaps[j]) })
	unique := d.Gaps[:0]
	for i, g := range d.Gaps {
		if i == 0 || g != d.Gaps[i-1] {
			unique = append(unique, g)
		}
	}
	d.Gaps = unique
	fillSlices(reflect.ValueOf(d).Elem())
}

func gapKey(g Gap) string {
	return fmt.Sprintf("%s\x00%s\x00%s\x00%s\x00%s\x00%09d", g.Section, g.Subject, g.Part, g.Reason, g.Source.Artifact, g.Source.Line)
}

// sortByTarget orders the records of a section by target, then by subject or
// artifact where the record has one, and keeps the collector's order otherwise.
func sortByTarget(section reflect.Value) {
	key := func(i int) string {
		var b strings.Builder
		for _, name := range [...]string{"Target", "Subject", "Artifact", "Component"} {
			if f := section.Index(i).FieldByName(name); f.IsValid() && f.Kind() == reflect.String {
				b.WriteString(f.String())
			}
			b.WriteByte(0)
		}
		return b.String()
	}
	sort.Stable(byKey{section.Len(), key, reflect.Swapper(section.Interface())})
}

type byKey struct {
	n    int
	key  func(int) string
	swap func(i, j int)
}

func (b byKey) Len() int           { return b.n }
func (b byKey) Less(i, j int) bool { return b.key(i) < b.key(j) }
func (b byKey) Swap(i, j int)      { b.swap(i, j) }

// fillSlices turns nil slices into empty ones, since the contract knows no null.
func fillSlices(v reflect.Value) {
	switch v.Kind() {
	case reflect.Slice:
		if v.IsNil() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		if k := v.Type().Elem().Kind(); k == reflect.Struct || k == reflect.Slice {
			for i := range v.Len() {
				fillSlices(v.Index(i))
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fillSlices(v.Field(i))
		}
	}
}

// Encode returns the canonical JSON of v, a Document, Input or any other
// struct of this package: fields in declared order, two spaces of indent, no
// HTML escapes, no null, a final newline.
func Encode[T any](v T) ([]byte, error) {
	fillSlices(reflect.ValueOf(&v).Elem())
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode evidence: %w", err)
	}
	return buf.Bytes(), nil
}

// Decode reads a document that Encode wrote. Unknown fields, another schema
// version and oversized input are errors.
func Decode(data []byte) (*Document, error) {
	if len(data) > MaxDocumentBytes {
		return nil, fmt.Errorf("evidence.json: %d bytes exceed the limit of %d", len(data), MaxDocumentBytes)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var d Document
	if err := dec.Decode(&d); err != nil {
		return nil, fmt.Errorf("evidence.json: %w", err)
	}
	if d.Header.Schema != SchemaVersion {
		return nil, fmt.Errorf("evidence.json: schema %q, this version reads %q", d.Header.Schema, SchemaVersion)
	}
	return &d, nil
}
