# Reading of origins as browsers write them (RFC 6454) and as the lists of the
# VOS servers hold them. All functions take and give scalars.
package policies.lib.origins

host_label := `[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?`

origin_form := sprintf(`^https?://%s(\.%s)*(:[0-9]{1,5})?$`, [host_label, host_label])

# well_formed: scheme, host and maybe a port, and nothing else.
well_formed(origin) if regex.match(origin_form, origin)

clear_text(origin) if startswith(lower(origin), "http://")

# total is the length of a list when its items are joined by commas.
total(lengths) := (sum(lengths) + count(lengths)) - 1 if count(lengths) > 0

total(lengths) := 0 if count(lengths) == 0

# host cuts scheme, port and path from an origin or URL, folded.
host(origin) := regex.replace(regex.replace(lower(origin), `^[a-z][a-z0-9+.-]*://`, ""), `[:/].*$`, "")
