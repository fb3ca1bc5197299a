package main

import (
	_ "github.com/cloudflare/cfssl/revoke"
	_ "github.com/hdm/jarm-go"
	_ "github.com/hiddeco/sshsig"
	_ "github.com/mattn/go-isatty"
	_ "github.com/olekukonko/tablewriter"
	_ "github.com/open-policy-agent/opa/v1/rego"
	_ "github.com/open-policy-agent/opa/v1/tester"
	_ "github.com/projectdiscovery/fastdialer/fastdialer"
	_ "github.com/projectdiscovery/gologger"
	_ "github.com/projectdiscovery/tlsx/pkg/tlsx/clients"
	_ "github.com/projectdiscovery/tlsx/pkg/tlsx/tls"
	_ "github.com/projectdiscovery/tlsx/pkg/tlsx/ztls"
	_ "github.com/spf13/cobra"
	_ "github.com/spf13/viper"
	_ "github.com/zmap/zcrypto/tls"
	_ "github.com/zmap/zlint/v3"
	_ "golang.org/x/crypto/ssh"
	_ "golang.org/x/net/http2"
	_ "golang.org/x/text/transform"
	_ "golang.org/x/time/rate"
	_ "go.yaml.in/yaml/v3"
)


