// SPDX-License-Identifier: Apache-2.0

package evidence

// HTTPParameters are the baseline of what an edge serves: headers, buffers, caches and logs.
type HTTPParameters struct{}
