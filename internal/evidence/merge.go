// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sort"
	"strings"
	"time"
)

// Merge adds the evidence of other bundles of the same site, such as one that
// was gathered on an edge, or from another vantage. Where two of them hold a
// section of one target, the newest collection wins; the returned list names
// what was set aside.
func Merge(base *Bundle, others ...*Bundle) (*Bundle, []string, error) {
	all := append([]*Bundle{base}, others...)
	for _, b := range others {
		if b.Document.Site.Name != base.Document.Site.Name {
			return nil, nil, fmt.Errorf("merge bundles: sites differ: %q and %q", base.Document.Site.Name, b.Document.Site.Name)
		}
	}
	if err := sameTargets(base, others); err != nil {
		return nil, nil, err
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].Document.Header.At < all[j].Document.Header.At })
	merged := base.Document
	merged.Sections, merged.Gaps = Sections{}, nil
	merged.Site.Edges = placed(base.Document.Site.Edges, others)
	merged.Header.At = all[len(all)-1].Document.Header.At
	var aside []string
	var stale []Gap
	archive := &Archive{}
	for i, b := range all {
		for _, art := range b.Archive.All() {
			archive.keep(art)
		}
		kept := b.Document.Sections
		newer := map[string]bool{}
		for _, later := range all[i+1:] {
			for key := range sectionTargets(&later.Document) {
				newer[key] = true
			}
		}
		stale = append(stale, lost(&kept, newer, all[i+1:], b.Document.Header.At)...)
		for _, key := range dropTargets(&kept, newer) {
			aside = append(aside, fmt.Sprintf("%s of %s", key, b.Document.Header.At))
		}
		merged.Sections.Append(kept)
		stale = append(stale, outdated(&kept, b.Document.Header.At, merged.Header.At, merged.Site.MaxAge)...)
		if b.Document.Header.Vantage != merged.Header.Vantage {
			// No single vantage holds for all of it.
			merged.Header.Vantage = VantageUnknown
		}
		for _, g := range b.Document.Gaps {
			if !newer[g.Section+" "+targetOf(g.Subject)] {
				merged.Gaps = append(merged.Gaps, g)
			}
		}
	}
	// A gap is filled when any bundle holds a record of that target.
	have := sectionTargets(&merged)
	open := merged.Gaps[:0]
	for _, g := range merged.Gaps {
		if g.Subject != targetOf(g.Subject) || !have[g.Section+" "+g.Subject] || recordedWithGap(all, g) {
			open = append(open, g)
		}
	}
	merged.Gaps = append(open, stale...)
	sort.Strings(aside)
	out, err := NewBundle(merged, base.SiteFile, archive)
	return out, aside, err
}

// placed are the edges of a site with the places of nginx's files that an edge said of
// itself where the site says nothing.
func placed(edges []Edge, others []*Bundle) []Edge {
	out := slices.Clone(edges)
	for i := range out {
		for _, b := range others {
			for _, e := range b.Document.Site.Edges {
				if e.Subject == out[i].Subject && out[i].Nginx == (NginxLocation{}) {
					out[i].Nginx = e.Nginx
				}
			}
		}
	}
	return out
}

// sameTargets refuses evidence of an edge or node that the base does not know:
// it was gathered under another name, and no rule would look at it.
func sameTargets(base *Bundle, others []*Bundle) error {
	known := map[string]bool{"site": true}
	for key := range sectionTargets(&base.Document) {
		_, target, _ := strings.Cut(key, " ")
		known[target] = true
	}
	for _, e := range base.Document.Site.Edges {
		known[e.Subject] = true
	}
	for _, n := range base.Document.Site.Nodes {
		known[n.Subject] = true
	}
	for _, b := range others {
		for _, key := range slices.Sorted(maps.Keys(sectionTargets(&b.Document))) {
			if section, target, _ := strings.Cut(key, " "); !known[target] {
				return fmt.Errorf("merge bundles: %s of %s was gathered, which the site file does not declare", section, target)
			}
		}
	}
	return nil
}

// lost leaves open what an older bundle holds of a target and a newer one, which
// replaces it, does not name at all, such as one of its listeners.
func lost(kept *Sections, newer map[string]bool, later []*Bundle, at string) []Gap {
	named := map[string]bool{}
	for _, b := range later {
		eachRecord(&b.Document.Sections, func(section string, record reflect.Value) bool {
			named[section+" "+subjectOf(record)] = true
			return true
		})
		for _, g := range b.Document.Gaps {
			named[g.Section+" "+g.Subject] = true
		}
	}
	var gaps []Gap
	eachRecord(kept, func(section string, record reflect.Value) bool {
		target := record.FieldByName("Target").String()
		if subject := subjectOf(record); newer[section+" "+target] && !named[section+" "+subject] && !named[section+" "+target] {
			gaps = append(gaps, Gap{Section: section, Subject: subject, Reason: fmt.Sprintf("evidence of %s holds it, and the newer evidence of %s that replaces it does not", at, target)})
		}
		return true
	})
	return gaps
}

// subjectOf is the subject of a record, or its target where it has none.
func subjectOf(record reflect.Value) string {
	if f := record.FieldByName("Subject"); f.IsValid() && f.Kind() == reflect.String && f.String() != "" {
		return f.String()
	}
	return record.FieldByName("Target").String()
}

// defaultMaxAge is how old merged evidence may be where the site does not say.
const defaultMaxAge = 72 * time.Hour

// outdated leaves open what came from a bundle that is older, at the newest
// bundle's time, than the site allows: merging does not make it fresh.
func outdated(kept *Sections, at, newest, maxAge string) []Gap {
	limit, err := time.ParseDuration(maxAge)
	if err != nil {
		limit = defaultMaxAge
	}
	then, errThen := time.Parse(time.RFC3339, at)
	now, errNow := time.Parse(time.RFC3339, newest)
	if errThen != nil || errNow != nil || now.Sub(then) <= limit {
		return nil
	}
	var gaps []Gap
	eachRecord(kept, func(section string, record reflect.Value) bool {
		gaps = append(gaps, Gap{
			Section: section, Subject: record.FieldByName("Target").String(),
			Reason: fmt.Sprintf("merged evidence of %s is older than max_age %s", at, limit),
		})
		return true
	})
	return gaps
}

// recordedWithGap reports whether the bundle that states a gap also holds a
// record of its target: the record is then incomplete by its own account.
func recordedWithGap(all []*Bundle, gap Gap) bool {
	for _, b := range all {
		for _, g := range b.Document.Gaps {
			if g == gap && sectionTargets(&b.Document)[g.Section+" "+targetOf(g.Subject)] {
				return true
			}
		}
	}
	return false
}

// targetOf cuts a subject down to the target that it lies in.
func targetOf(subject string) string {
	parts := strings.SplitN(subject, "/", 3)
	if len(parts) >= 2 && (parts[0] == "edge" || parts[0] == "node") {
		return parts[0] + "/" + parts[1]
	}
	return "site"
}

// sectionTargets lists "section target" of every record of a document.
func sectionTargets(d *Document) map[string]bool {
	set := map[string]bool{}
	eachRecord(&d.Sections, func(section string, record reflect.Value) bool {
		set[section+" "+record.FieldByName("Target").String()] = true
		return true
	})
	return set
}

// dropTargets removes the records that a set names and returns their names.
func dropTargets(s *Sections, set map[string]bool) []string {
	dropped := map[string]bool{}
	eachRecord(s, func(section string, record reflect.Value) bool {
		key := section + " " + record.FieldByName("Target").String()
		if set[key] {
			dropped[key] = true
		}
		return !set[key]
	})
	names := make([]string, 0, len(dropped))
	for name := range dropped {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// eachRecord calls keep for every record and leaves out those it refuses.
func eachRecord(s *Sections, keep func(section string, record reflect.Value) bool) {
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		field := v.Field(i)
		section := v.Type().Field(i).Tag.Get("json")
		kept := reflect.MakeSlice(field.Type(), 0, field.Len())
		for j := range field.Len() {
			if keep(section, field.Index(j)) {
				kept = reflect.Append(kept, field.Index(j))
			}
		}
		field.Set(kept)
	}
}
