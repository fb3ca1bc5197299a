// SPDX-License-Identifier: Apache-2.0

package request

import "github.com/postern-audit/postern/internal/nginx"

// NewPlanted is a model with a defect.
func NewPlanted(cfg *nginx.Config, defect string, options Options) *Model {
	return newModel(cfg, faults{defect: true}, options)
}
