// SPDX-License-Identifier: Apache-2.0

package evidence

// TrustParameters are the baseline of certificates, single sign-on, CTI links and gadgets.
type TrustParameters struct{}
