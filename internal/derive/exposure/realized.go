// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"fmt"

	"github.com/postern-audit/postern/internal/nginx/request"
)

// realized are the values that fields were found to have in the request that was followed.
// Not all fields are independent: a cookie is a part of a header, and nginx makes the path
// of the target. So a request may turn out to have other values than those that it was
// built for, and then it says nothing about the requests that were meant.
type realized map[request.Field]string

// unlike says why a decision of the request that was followed is none of the requests
// that were meant, and is empty where it is one.
func (r realized) unlike(d request.Decision, e *explorer, t task) string {
	if why := r.text(d.Of, e, t); why != "" {
		return why
	}
	return r.text(d.Other, e, t)
}

// text looks at all fields that a text is made of.
func (r realized) text(x request.Text, e *explorer, t task) string {
	for _, p := range x.Pieces {
		switch o := p.From; {
		case o == nil:
		case o.Field != "":
			if why := r.field(o.Field, p.S, e, t); why != "" {
				return why
			}
		case o.Of != nil:
			if why := r.text(*o.Of, e, t); why != "" {
				return why
			}
		}
	}
	return ""
}

func (r realized) field(f request.Field, value string, e *explorer, t task) string {
	if known, seen := r[f]; seen && known == value {
		return ""
	}
	r[f] = value
	if want, known := t.sample[f]; known && want != value {
		return fmt.Sprintf("no request was found whose %s is %q", f, want)
	}
	if _, made := t.same[f]; made {
		return ""
	}
	if in, err := e.Contains(e.of(t.region, f), []byte(value)); err != nil || !in {
		return fmt.Sprintf("no request was found whose %s is another one than %q", f, value)
	}
	return ""
}
