// SPDX-License-Identifier: Apache-2.0

package evidence

// Layout is the desktop layout of the site.
type Layout struct {
	// Target is "site".
	Target string `json:"target"`
	// Version is what the layout's version element holds.
	Version string `json:"version"`
	// Wrapped is set when the layout was read from an answer of the layout API.
	Wrapped bool `json:"wrapped"`
	// Roles are the roles that have a layout, in their order.
	Roles     []string         `json:"roles"`
	Tabs      []LayoutTab      `json:"tabs"`
	Resources []LayoutResource `json:"resources"`
	// GadgetFiles are the specifications of gadgets that the site file declares.
	// A site that declares no layout has them in a record without resources.
	GadgetFiles []GadgetFile `json:"gadget_files"`
	Source      Source       `json:"source"`
}

// LayoutTab is one tab of a role.
type LayoutTab struct {
	Role    string `json:"role"`
	ID      string `json:"id"`
	Label   string `json:"label"`
	Columns int    `json:"columns"`
	Gadgets int    `json:"gadgets"`
	Source  Source `json:"source"`
}

// LayoutResourceKind is the element that names a resource.
type LayoutResourceKind string

const (
	LayoutGadget    LayoutResourceKind = "gadget"
	LayoutComponent LayoutResourceKind = "component"
)

// Values lists the members of the enumeration, for the schema.
func (LayoutResourceKind) Values() []string {
	return []string{string(LayoutGadget), string(LayoutComponent)}
}

// LayoutPlace is the part of the desktop that a resource stands in.
type LayoutPlace string

const (
	LayoutHeader LayoutPlace = "header"
	// LayoutPage: outside of the tabs, so on every one of them.
	LayoutPage  LayoutPlace = "page"
	LayoutInTab LayoutPlace = "tab"
	LayoutOther LayoutPlace = "other"
)

// Values lists the members of the enumeration, for the schema.
func (LayoutPlace) Values() []string {
	return []string{string(LayoutHeader), string(LayoutPage), string(LayoutInTab), string(LayoutOther)}
}

// LayoutResource is a gadget or a component of the desktop. What its address
// answers with is not fetched.
type LayoutResource struct {
	Kind LayoutResourceKind `json:"kind"`
	// Role is empty for what all roles have, such as the header.
	Role  string      `json:"role"`
	Place LayoutPlace `json:"place"`
	// Tab is the id of the tab; Column counts from 1 in it, 0 outside of columns.
	Tab    string `json:"tab"`
	Column int    `json:"column"`
	ID     string `json:"id"`
	// ManagedBy is the id of the gadget that shows and hides this one.
	ManagedBy string `json:"managed_by"`
	Hidden    bool   `json:"hidden"`
	URL       string `json:"url"`
	// Relative is set when the address names no host: Finesse itself serves it.
	Relative bool   `json:"relative"`
	Scheme   string `json:"scheme"`
	Host     string `json:"host"`
	// Port is the port, that of the scheme where HasPort is false, and 0 for a
	// relative address.
	Port      int  `json:"port"`
	HasPort   bool `json:"has_port"`
	IPAddress bool `json:"ip_address"`
	// Short is set when the host is a single label.
	Short bool   `json:"short"`
	Path  string `json:"path"`
	// JSP is set when the path ends in ".jsp".
	JSP        bool              `json:"jsp"`
	Parameters []LayoutParameter `json:"parameters"`
	Source     Source            `json:"source"`
}

// LayoutParameter is one parameter of a resource's address, or one preference
// of its element.
type LayoutParameter struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	// External is set for the preferences by which a gadget names another server
	// (externalServerHostAndPort and those that begin with it, in any case). Host
	// and Port are those of the value; the port is 0 when it names none.
	External bool   `json:"external"`
	Host     string `json:"host"`
	Port     int    `json:"port"`
	Source   Source `json:"source"`
}
