// SPDX-License-Identifier: Apache-2.0

package evidence

// AttestedFile is a file that an attestation names as its evidence. Its bytes are
// compared before redaction, so what is kept of it is the outcome.
type AttestedFile struct {
	// Path is relative to the site file.
	Path string `json:"path"`
	// SHA256 is the digest that the attestation states, if it does.
	SHA256 string        `json:"sha256"`
	State  AttestedState `json:"state"`
	// Reason says why the file is not there as stated.
	Reason string `json:"reason"`
}

// AttestedState is what became of a file that an attestation names.
type AttestedState string

const (
	AttestedPresent AttestedState = "present"
	// AttestedAbsent is a file that could not be read, or is too long to be kept.
	AttestedAbsent AttestedState = "absent"
	// AttestedOther is a file with another digest than the attestation states.
	AttestedOther AttestedState = "other-digest"
)

// Values lists the members of the enumeration, for the schema.
func (AttestedState) Values() []string {
	return []string{string(AttestedPresent), string(AttestedAbsent), string(AttestedOther)}
}
