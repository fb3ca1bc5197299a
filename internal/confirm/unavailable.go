// SPDX-License-Identifier: Apache-2.0

package confirm

// Unavailable is returned where nothing can be run safely, so that nothing was run.
type Unavailable struct {
	Reason string
	// Advice says what may help; empty where namespaces are what is missing.
	Advice string
}

func (u *Unavailable) Error() string { return u.Reason }

// Hint says what may help.
func (u *Unavailable) Hint() string {
	if u.Advice != "" {
		return u.Advice
	}
	return "confirm runs nginx only in user, mount and network namespaces of its own, without privileges (Linux 5.12 or later, with user namespaces allowed)"
}
