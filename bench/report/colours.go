package report

import (
	"fmt"
	"html/template"
	"strings"
)

// hues are the colours that inks stand for, by light and in the dark. Texts have a contrast of at least 4.5 with the paper.
var hues = []struct{ name, light, dark string }{
	{"ink", "#1b1f24", "#e6e9ed"},
	{"muted", "#5f6973", "#9aa4af"},
	{"grid", "#d9dee3", "#39414a"},
	{"paper", "#ffffff", "#14181d"},
	{"panel", "#f5f7f9", "#1b2128"},
	{"c1", "#0072b2", "#56b4e9"},
	{"c2", "#c65300", "#ff9a52"},
	{"c3", "#00805d", "#3fcf9f"},
	{"c4", "#a6447f", "#e79ac8"},
	{"c5", "#7a5c00", "#e5c04b"},
	{"h0", "#e9edf1", "#232a32"},
	{"h1", "#cfe1f2", "#1d3b57"},
	{"h2", "#a3cbe3", "#23547d"},
	{"h3", "#6aaed6", "#2a71a5"},
	{"h4", "#3787c0", "#3a8fc8"},
	{"h5", "#105ba4", "#5cb0e2"},
	{"h6", "#0b3f79", "#8fd0f2"},
	{"h7", "#08264a", "#d4f0ff"},
}

// lightColours are the hues by light.
func lightColours() map[string]string {
	all := map[string]string{}
	for _, h := range hues {
		all[h.name] = h.light
	}
	return all
}

// colourRules are the hues as custom properties of a style sheet.
func colourRules() template.CSS {
	var light, dark strings.Builder
	for _, h := range hues {
		fmt.Fprintf(&light, "--%s:%s;", h.name, h.light)
		fmt.Fprintf(&dark, "--%s:%s;", h.name, h.dark)
	}
	return template.CSS(fmt.Sprintf(":root{color-scheme:light dark;%s}\n@media (prefers-color-scheme:dark){:root{%s}}", light.String(), dark.String()))
}
