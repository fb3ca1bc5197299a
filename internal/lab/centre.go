// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"net"
	"strconv"
)

// node is one declared server.
type node struct {
	Name, Role, Host, Address string
	Ports                     []int
	// Login is how its command line is reached over SSH; one without is read from
	// a transcript.
	Login loginKind
}

// loginKind is what lets the audit into a node.
type loginKind string

const (
	byTranscript loginKind = ""
	byPassword   loginKind = "password"
	byKey        loginKind = "key"
)

var nodes = []node{
	{"fin-a", "finesse", "fin-a.corp.example", "10.1.0.11", []int{8445}, byPassword},
	{"fin-b", "finesse", "fin-b.corp.example", "10.1.0.12", []int{8445}, byTranscript},
	{"cuic-a", "cuic", "cuic-a.corp.example", "10.1.0.21", []int{8444, 8447}, byPassword},
	{"ld-a", "livedata", "ld-a.corp.example", "10.1.0.31", []int{12005, 12008}, byPassword},
	{"ids-a", "ids", "ids-a.corp.example", "10.1.0.41", []int{8553}, byKey},
}

// outside maps each mapped internal endpoint to its external one.
var outside = map[string]string{
	"fin-a.corp.example:8445":  "desk-a.agents.example:8445",
	"fin-b.corp.example:8445":  "desk-b.agents.example:8445",
	"cuic-a.corp.example:8444": "desk-a.agents.example:8444",
	"cuic-a.corp.example:8447": "desk-a.agents.example:8447",
	"ld-a.corp.example:12005":  "desk-a.agents.example:12005",
	"ld-a.corp.example:12008":  "desk-a.agents.example:12008",
	"ids-a.corp.example:8553":  "desk-a.agents.example:8553",
}

// limit is one row of the published packet limits.
type limit struct{ Port, Connections, Rate, Burst int }

var limits = []limit{
	{8445, 10, 6, 8},
	{12005, 10, 6, 8},
	{12008, 10, 6, 8},
	{8553, 6, 2, 4},
	{8444, 6, 2, 4},
	{8447, 6, 2, 4},
}

// gateways are the CTI servers; the port is the secured one.
var gateways = []struct {
	Host, Side string
	Port       int
}{
	{"pg-a.corp.example", "a", 42030},
	{"pg-b.corp.example", "b", 43030},
}

const (
	sshPort = 22
	mapHost = "map.corp.example"
	mapFile = "map/proxymap.txt"
	// auditor is the account of the audit on each node.
	auditor = "auditor"
)

type connection struct{ From, To string }

func endpoint(host string, port int) string { return net.JoinHostPort(host, strconv.Itoa(port)) }
