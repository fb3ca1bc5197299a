# The endpoints that the components' files of the installer declare: the external
# ones of each file, and those of the other side.
package policies.lib.env_endpoints

import data.policies.lib.env

# form splits the name of a port's property: the other side's mark, the component,
# and what tells several ports of one component apart.
form := `^NGX_PRXY_(ALT_)?(FIN|IDS|CUIC|LD|CHAT|CLOUDCONNECT|IDP)_(?:[A-Z_]+_)?PORT$`

# outer: the external endpoints of each file.
outer contains {
	"edge": edge, "file": port.file, "component": parts[2], "alternate": parts[1] == "ALT_", "host": lower(host.text), "port": port.number.value,
	"endpoint": sprintf("%s:%d", [lower(host.text), port.number.value]), "property": name, "source": host.source, "port_source": port.source,
} if {
	some edge, by_name in env.properties
	some name, ports in by_name
	some parts in regex.find_all_string_submatch_n(form, name, 1)
	some port in ports
	port.number.known
	some host in by_name[sprintf("NGX_PRXY_%s%s_HOSTNAME", [parts[1], parts[2]])]
	host.file == port.file
	host.set
	host.text != ""
}

# inner: the internal host of each file, and that of the other side.
inner contains {"edge": edge, "file": p.file, "component": parts[2], "alternate": parts[1] == "ALT_", "host": lower(p.text), "source": p.source} if {
	some edge, by_name in env.properties
	some name, all_of_name in by_name
	some parts in regex.find_all_string_submatch_n(`^NGX_(ALT_)?(FIN|IDS|CUIC|LD|CHAT|CLOUDCONNECT|IDP)_HOSTNAME$`, name, 1)
	some p in all_of_name
	p.set
	p.text != ""
}
