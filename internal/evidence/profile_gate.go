// SPDX-License-Identifier: Apache-2.0

package evidence

// GateParameters are the baseline of authentication, request limits and client addresses at the edge.
type GateParameters struct{}
