// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"bytes"
	"fmt"
	"reflect"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/postern-audit/postern/internal/evidence"
)

// TestEvidenceIsReadAsItsJSONWouldBe compares both ways on a document in which every
// field holds something.
func TestEvidenceIsReadAsItsJSONWouldBe(t *testing.T) {
	var in evidence.Input
	n := 0
	fillAll(reflect.ValueOf(&in).Elem(), &n)
	raw, err := evidence.Encode(in)
	if err != nil {
		t.Fatal(err)
	}
	want, err := ast.ValueFromReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	c := converter{fields: map[reflect.Type][]field{}}
	got, err := c.term(reflect.ValueOf(in))
	if err != nil {
		t.Fatal(err)
	}
	if got.Value.Compare(want) != 0 {
		t.Errorf("got %.300s\nwant %.300s", got, want)
	}
	if n < 500 {
		t.Errorf("only %d fields were filled", n)
	}
	if _, err := c.term(reflect.ValueOf(1.5)); err == nil {
		t.Error("a type that evidence does not have is taken")
	}
}

// fillAll sets every field below v; lists get two elements and, now and then, none.
func fillAll(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString([]string{"", "text", "€ <&>", "bad \xff byte", "0"}[*n%5] + fmt.Sprint(*n%7))
	case reflect.Bool:
		v.SetBool(*n%2 == 0)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n)*1_000_003 - 5_000_000)
	case reflect.Slice:
		size := 2
		if *n%11 == 0 {
			size = 0
		}
		v.Set(reflect.MakeSlice(v.Type(), size, size))
		for i := range size {
			fillAll(v.Index(i), n)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fillAll(v.Field(i), n)
		}
	}
}
