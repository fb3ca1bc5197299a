// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"postern": main})
}

// TestScripts runs testdata/script: the name of each file is the claim that it
// proves.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"unzips":   unzips,
			"locks":    locks,
			"tarpit":   tarpit,
			"terminal": terminal,
			"cronline": cronline,
		},
		Condition: func(name string) (bool, error) {
			if program, ok := strings.CutPrefix(name, "program:"); ok {
				_, err := exec.LookPath(program)
				if err != nil && os.Getenv("CI") == "true" {
					t.Errorf("%s is not installed", program)
				}
				return err == nil, nil
			}
			return false, nil
		},
	})
}
