# Builders of the installer's files for the tests of rules.
package policies.lib.fixture_gate

import data.policies.lib.fixture

none(zero) := {"known": false, "value": zero, "origin": {"kind": "unresolved", "version": ""}}

place(file, line) := fixture.at(sprintf("rp-a/envs/%s", [file]), line, "explicit")

# file is one environment file; scope follows from the name and the template.
file(name, scope, template, directory) := {
	"subject": sprintf("edge/rp-a/env/%s", [name]), "name": name, "scope": scope, "template_type": optional(template), "component_dir": optional(directory),
	"assignments": 4, "crlf": false, "byte_order_mark": false, "source": place(name, 1),
}

optional("") := none("")

optional(text) := fixture.known(text) if text != ""

core := file("core.env", "common", "", "")

# assigned is an assignment; fields state what its value means.
assigned(file_name, template, name, text, fields) := object.union(
	{
		"subject": sprintf("edge/rp-a/env/%s/property/%s", [file_name, name]), "file": file_name, "template_type": template, "name": name, "documented": true,
		"kind": "text", "meaning": "", "set": true, "effective": true, "occurrence": 1, "raw": text, "value": fixture.known(text), "number": none(0),
		"unit": "none", "switch": none(false), "list": [], "endpoints": [], "scheme": "", "path": "", "secret": false,
		"mark": {"kind": "", "length": 0, "sha256": "", "source": place(file_name, 5)}, "is_default": false, "sample": "", "source": place(file_name, 5),
	},
	fields,
)

text(name, value) := assigned("core.env", "", name, value, {})

number(name, n) := assigned("core.env", "", name, sprintf("%d", [n]), {"kind": "number", "number": fixture.known(n)})

boolean(name, on) := assigned("core.env", "", name, sprintf("%v", [on]), {"kind": "boolean", "switch": fixture.known(on)})

items(name, list) := assigned("core.env", "", name, concat("|", list), {"kind": "list", "list": list, "endpoints": [fixture.endpoint(i) | some i in list]})

host(file_name, template, name, value) := assigned(file_name, template, name, value, {"kind": "host", "endpoints": [fixture.endpoint(value)]})

url(name, scheme, authority, path) := assigned(
	"finesse.env", "finesse", name, sprintf("%s://%s%s", [scheme, authority, path]),
	{"kind": "url", "scheme": scheme, "path": path, "endpoints": [fixture.endpoint(authority)]},
)

# preset is a documented property that nothing assigns.
preset(name, value, fields) := object.union(
	assigned("", "", name, value, {
		"set": false, "occurrence": 0, "subject": sprintf("edge/rp-a/property/%s", [name]),
		"source": {"artifact": "", "line": 0, "column": 0, "host": "", "port": 0, "at": "", "vantage": "unknown", "origin": {"kind": "default", "version": "15.0(1)"}},
	}),
	fields,
)

# without_default is one whose default nobody knows.
without_default(name) := preset(name, "", {
	"value": none(""),
	"source": {"artifact": "", "line": 0, "column": 0, "host": "", "port": 0, "at": "", "vantage": "unknown", "origin": {"kind": "unresolved", "version": ""}},
})

edge(fields) := object.union_n([fixture.edge("rp-a", ["203.0.113.10"], ["10.9.0.10"]), {"env": "rp-a/envs"}, fields])

site := object.union(fixture.site, {"edges": [edge({})]})

record(files, properties) := {"target": "edge/rp-a", "files": files, "properties": properties, "secrets": [], "source": fixture.at("site.yaml", 10, "declared")}

profile(gate) := {"release": "12.6(1)", "parameters": {"gate": gate, "jwt_secret_used": true}}

# doc: one edge with some properties.
doc(properties) := {"site": site, "env": [record([core], properties)], "profile": profile({})}

# unread: an edge whose declared files gave nothing.
unread := {"site": site, "env": [], "profile": profile({})}

# undeclared: an edge that was not installed by the installer.
undeclared := {"site": fixture.site, "env": [], "profile": profile({})}

with_gate(input_doc, gate) := object.union(input_doc, {"profile": profile(gate)})
