// SPDX-License-Identifier: Apache-2.0

package dns

import (
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

func FuzzUnderstand(f *testing.F) {
	q := dnsmessage.Question{Name: dnsmessage.MustNewName("a.b."), Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET}
	m := dnsmessage.Message{Header: dnsmessage.Header{ID: 1, Response: true}, Questions: []dnsmessage.Question{q}}
	m.Answers = []dnsmessage.Resource{{
		Header: dnsmessage.ResourceHeader{Name: q.Name, Type: dnsmessage.TypeCNAME, Class: q.Class}, Body: &dnsmessage.CNAMEResource{CNAME: q.Name},
	}}
	text, err := m.Pack()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, reply []byte) {
		found, _, err := understand(reply, q, 1)
		if err != nil {
			return
		}
		addresses, aliases := found.follow("a.b")
		if len(addresses) > maxRecords || len(aliases) > maxAliases+1 {
			t.Errorf("%d addresses, %d aliases", len(addresses), len(aliases))
		}
	})
}
