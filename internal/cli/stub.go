package cli

import "github.com/spf13/cobra"

func newDemo(Streams) *cobra.Command  { return &cobra.Command{Use: "demo"} }
func newProxy(Streams) *cobra.Command { return &cobra.Command{Use: "proxy"} }
