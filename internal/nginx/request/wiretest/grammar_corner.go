// SPDX-License-Identifier: Apache-2.0

package wiretest

import "strings"

// corner is a location that shows a rule of nginx which random ones rarely meet.
type corner struct {
	text    string
	targets []string
}

var corners = []corner{
	// One letter goes with each search: the limit of searches is in reach.
	{
		"location ^~ /cc {\nrewrite ^/c(.*)$ /$1 last;\n}\nlocation = /c {\nproxy_pass http://u0/c;\n}\n",
		[]string{"/ccccccccc", "/cccccccccc", "/ccccccccccc", "/cccccccccccc"},
	},
	{"location /if {\nif ($arg_q) {\nreturn 403;\n}\nproxy_pass http://u1;\n}\n", []string{"/if?q=0", "/if?q=", "/if?q=00", "/if"}},
	{"location /args {\nset $args q=$arg_q;\nproxy_pass http://u0;\n}\n", []string{"/args//?q=a", "/args", "/args/%61?x"}},
	{"location /add {\nrewrite ^/add(.*)$ /added?x=$1? break;\nproxy_pass http://u0;\n}\n", []string{"/add?q=1", "/add/b?q"}},
	{"location /own {\nif ($arg_q = 0) {\nproxy_pass http://u2;\n}\nproxy_pass http://u0;\n}\n", []string{"/own?q=0", "/own"}},
	{"location /brk {\nrewrite ^ /rewritten;\nbreak;\nproxy_pass http://u0/p/;\n}\n", []string{"/brk", "/brk/x"}},
	{"location /list/ {\nautoindex on;\nindex none;\nalias html/;\n}\n", []string{"/list/", "/list/a/", "/list/ab/", "/list/a"}},
	{"location /body {\nclient_max_body_size 5;\nerror_page 413 /body2;\nproxy_pass http://u1;\n}\n", []string{"/body"}},
	{
		"location ~ ^/grp/(.*)$ {\nset $w $1;\nrewrite ^/grp/(z) /x;\nproxy_pass http://u0/$w-$1?$uri;\n}\n",
		[]string{"/grp/a%20b", "/grp/z", "/grp/zz?q", "/grp/%23"},
	},
	{"location /back/ {\nalias html/;\ntry_files $uri $uri/ /back$uri =404;\n}\n", []string{"/back/ab", "/back/a", "/back/none"}},
}

// corners adds some of them to a server, and the volatile map where there is one.
func (g *Grammar) corners(b *strings.Builder) {
	for _, c := range corners {
		if g.chance(6) {
			b.WriteString(c.text)
			g.prefix = append(g.prefix, c.targets...)
		}
	}
	if g.volatile != "" && g.chance(60) {
		b.WriteString("location /vol {\nset $v a; set $w " + g.volatile + "; set $v " + g.pick("b", "$arg_q", "a") + ";\nproxy_pass http://u2/$w-" + g.volatile + ";\n}\n")
		g.prefix = append(g.prefix, "/vol", "/vol/x")
	}
}
