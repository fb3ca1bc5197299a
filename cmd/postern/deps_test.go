package main

import (
	_ "github.com/google/go-cmp/cmp"
	_ "github.com/nginxinc/nginx-go-crossplane"
	_ "github.com/rogpeppe/go-internal/testscript"
)
