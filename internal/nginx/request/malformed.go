// SPDX-License-Identifier: Apache-2.0

package request

import "strings"

// supposeHead supposes errors of the head for which the server has a page: requests
// that are not well formed are not followed one by one.
func (r *run) supposeHead() (status int) {
	if r.trace == nil {
		return 0
	}
	statuses := []int{400, 405, 494, 501}
	nameless := r.host.S == "" // as where the line is not well formed
	if nameless {
		statuses = append(statuses, 414, 505)
	}
	status = r.suppose(r.server.Pos, "the head of the request ends", "as usual", statuses...)
	r.head.status = status
	unread := status == 414 || status == 505
	if status == 400 && nameless {
		unread = r.choose(r.server.Pos, "what is not well formed is", "a header", "the request line") != "a header"
	}
	if unread {
		r.uri, r.args, r.unparsed = Text{}, Text{}, Text{}
		r.head.method = ""
	}
	return status
}

// headless reports whether a variable is one of the headers of a request whose line was
// not read, which has none.
func (r *run) headless(variable string) bool {
	return r.head.status != 0 && r.head.method == "" && (strings.HasPrefix(variable, "http_") || strings.HasPrefix(variable, "cookie_"))
}
