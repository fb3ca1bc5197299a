# How messages and keys call what a packet rule matches.
package policies.lib.packet_words

# text names what a rule matches, for keys and messages.
text(protocols, negated, ranges) := sprintf("%s %s%s", [words(protocols, "any protocol"), but(negated), range_words(ranges)])

but(true) := "any port but "

but(false) := ""

words(list, _) := concat(",", list) if count(list) > 0

words(list, otherwise) := otherwise if count(list) == 0

range_words(ranges) := concat(",", [port_word(r.from, r.to) | some r in ranges]) if count(ranges) > 0

range_words(ranges) := "any port" if count(ranges) == 0

port_word(from, to) := sprintf("%d", [from]) if from == to

port_word(from, to) := sprintf("%d:%d", [from, to]) if from != to
