# The applications of others that the site file declares.
package policies.lib.integrations

# by_name: each integration; of several with one name, one.
by_name := {name: list[0] |
	some name, same in groups
	list := [i | some i in same]
}

groups[integration.name] contains integration if some integration in input.site.integrations
