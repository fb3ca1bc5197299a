// SPDX-License-Identifier: Apache-2.0

package evidence

// CTI is how Finesse reaches its CTI servers, as Finesse has it and as the site
// file declares it.
type CTI struct {
	// Target is "site".
	Target string `json:"target"`
	// Settings are those of Finesse, one record for each cti element.
	Settings []CTISettings `json:"settings"`
	Declared []CTIDeclared `json:"declared"`
	Source   Source        `json:"source"`
}

// CTISettings is the cti element of Finesse's system configuration.
type CTISettings struct {
	// A is the primary server, B the backup. B is not configured when its host is
	// empty.
	A CTIPeer `json:"a"`
	B CTIPeer `json:"b"`
	// PeripheralID is the identifier of the peripheral.
	PeripheralID Optional[int] `json:"peripheral_id"`
	// Secure is whether the connections are encrypted; not known when the
	// configuration does not say, as that of releases before 12.5 does not.
	Secure Optional[bool] `json:"secure"`
	Source Source         `json:"source"`
}

// CTIPeer is one side of a CTI server pair as Finesse has it.
type CTIPeer struct {
	Host string `json:"host"`
	// Port is not known when it is not written or is no port.
	Port   Optional[int] `json:"port"`
	Source Source        `json:"source"`
}

// CTIMode is how a CTI server accepts connections.
type CTIMode string

const (
	CTISecured    CTIMode = "secured"
	CTIMixed      CTIMode = "mixed"
	CTINonSecured CTIMode = "non-secured"
	// CTIModeUnknown: not declared, or not one of the above.
	CTIModeUnknown CTIMode = "unknown"
)

// Values lists the members of the enumeration, for the schema.
func (CTIMode) Values() []string {
	return []string{string(CTISecured), string(CTIMixed), string(CTINonSecured), string(CTIModeUnknown)}
}

// CTIDeclared is one CTI server of the site file.
type CTIDeclared struct {
	// Subject is "cti/INSTANCE-SIDE".
	Subject  string `json:"subject"`
	Instance string `json:"instance"`
	// InstanceNumber is the number at the end of the instance's name: 3 of CG3.
	InstanceNumber Optional[int] `json:"instance_number"`
	// Side is "a" or "b".
	Side string `json:"side"`
	// Host is the declared name of the peripheral gateway, in lower case; empty
	// when none is declared.
	Host string `json:"host"`
	// Live is whether it is to be contacted. Its listener in the section
	// tlsposture is then Listener: Subject and "/listener/HOST:PORT".
	Live        bool          `json:"live"`
	Listener    string        `json:"listener"`
	SecuredPort Optional[int] `json:"secured_port"`
	Mode        CTIMode       `json:"mode"`
	// Unit is the unit under which the certificates of this server stand in the
	// section certchain; empty when none are declared.
	Unit   string `json:"unit"`
	Source Source `json:"source"`
}
