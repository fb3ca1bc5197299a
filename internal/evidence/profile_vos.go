// SPDX-License-Identifier: Apache-2.0

package evidence

// VOSParameters are the baseline of the nodes behind an edge: releases, properties and lists.
type VOSParameters struct {
	// Floors are the oldest releases of each product that work behind an edge at
	// all (S1, P2, P7); Fixes are those in which published faults are mended (P19).
	Floors []ReleaseFloor `json:"floors" yaml:"floors"`
	Fixes  []ReleaseFloor `json:"fixes" yaml:"fixes"`
	// PeripheralFloor is the oldest release of the peripheral gateways, routers,
	// loggers and other servers that are no VOS servers (S1).
	PeripheralFloor string `json:"peripheral_floor" yaml:"peripheral_floor"`
	// OwnPortRoles are the products that need ports of their own before the release
	// SharedPortRelease, from which on they answer on the port SharedPort (P8).
	OwnPortRoles      []NodeRole `json:"own_port_roles" yaml:"own_port_roles"`
	SharedPortRelease string     `json:"shared_port_release" yaml:"shared_port_release"`
	SharedPort        int        `json:"shared_port" yaml:"shared_port"`
	// MapMinutes is the longest interval between two loads of the map that the
	// guides show (P2).
	MapMinutes int `json:"map_minutes" yaml:"map_minutes"`
	// ProxyService is the service that trusts the edge and translates names, and
	// Services are those that keep the lists of origins and embedders (S1, P14, P16,
	// P17). All have to run.
	ProxyService string            `json:"proxy_service" yaml:"proxy_service"`
	Services     []ComponentServer `json:"services" yaml:"services"`
	// NotificationPorts are those of the notification service that no edge passes
	// on (S1, P20).
	NotificationPorts []int `json:"notification_ports" yaml:"notification_ports"`
	// StatusPages answer through the edge with 200, or 401 without a login (P1, P7).
	StatusPages []StatusPage `json:"status_pages" yaml:"status_pages"`
	// ComponentPorts tell the components of a Unified CCX server apart, which runs
	// all of them (S4, P18).
	ComponentPorts []ComponentPorts `json:"component_ports" yaml:"component_ports"`
	// PublishedOrigins are the external ports whose origins a published list names
	// for each component (S1). The list assumes Finesse on 8445, so that rules
	// derive origins from the map, and show both.
	PublishedOrigins []ComponentPorts `json:"published_origins" yaml:"published_origins"`
	// ReportBytes bound the answers of custom reports by the name of their property
	// (P2), in bytes.
	ReportBytes []PropertyLimit `json:"report_bytes" yaml:"report_bytes"`
}

// ReleaseFloor is the least release of a product within a train of releases, such
// as 12.6: at least Version, and where a node has just that version, at least the
// engineering special Special. A node of a train without a floor must be newer than
// all floors.
type ReleaseFloor struct {
	Role    NodeRole `json:"role" yaml:"role"`
	Version string   `json:"version" yaml:"version"`
	// Special is 0 where the version alone is enough.
	Special int `json:"special" yaml:"special"`
	// Reason is what older releases lack, or the numbers of the faults that they
	// have.
	Reason string `json:"reason" yaml:"reason"`
}

// ComponentServer is a service that reads the lists of a component only when it
// starts. Before is the first release in which another service does, empty where it
// still is this one; From the first in which this one does.
type ComponentServer struct {
	Component CORSComponent `json:"component" yaml:"component"`
	Service   string        `json:"service" yaml:"service"`
	From      string        `json:"from" yaml:"from"`
	Before    string        `json:"before" yaml:"before"`
}

// StatusPage is a page that tells that a product is reached, at an internal port.
type StatusPage struct {
	Role NodeRole `json:"role" yaml:"role"`
	Port int      `json:"port" yaml:"port"`
	Path string   `json:"path" yaml:"path"`
}

// ComponentPorts are the internal ports of a component.
type ComponentPorts struct {
	Component CORSComponent `json:"component" yaml:"component"`
	Ports     []int         `json:"ports" yaml:"ports"`
}

// PropertyLimit is the largest value of a property.
type PropertyLimit struct {
	Name  string `json:"name" yaml:"name"`
	Bytes int    `json:"bytes" yaml:"bytes"`
}
