// SPDX-License-Identifier: Apache-2.0

package evidence

// VOSParameters are the baseline of the nodes behind an edge: releases, properties and lists.
type VOSParameters struct{}
