// SPDX-License-Identifier: Apache-2.0

package evidence

// HostParameters are the baseline of the operating system of an edge.
type HostParameters struct{}
