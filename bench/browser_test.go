package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPageInBrowser opens a report page in headless Chromium: nothing is wider than the screen of a phone, the colours
// change in the dark, and every picture has a size.
func TestPageInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium here")
	}
	page := filepath.Join(t.TempDir(), "page.html")
	bench(t, "compare", "--workload", "full,gpu", "--limit-tasks", "200", "--html", page)
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	const probe = `<script>
document.body.dataset.facts = [
  "overflow", document.documentElement.scrollWidth - document.documentElement.clientWidth,
  "paper", getComputedStyle(document.body).backgroundColor,
  "text", getComputedStyle(document.querySelector(".plot text")).fill,
  "empty", [...document.querySelectorAll("svg")].filter(s => s.getBoundingClientRect().width < 100).length,
  "pictures", document.querySelectorAll("svg").length].join(" ");
</script></body>`
	if err := os.WriteFile(page, []byte(strings.Replace(string(text), "</body>", probe, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	var light, dark string
	for _, c := range []struct {
		facts *string
		flags []string
	}{{&light, nil}, {&dark, []string{"--force-dark-mode"}}} {
		args := append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--window-size=360,800", "--user-data-dir=" + t.TempDir(), "--dump-dom"}, c.flags...)
		out, err := exec.Command(browser, append(args, "file://"+page)...).Output()
		if err != nil {
			t.Fatal(err)
		}
		m := regexp.MustCompile(`data-facts="([^"]*)"`).FindStringSubmatch(string(out))
		if m == nil {
			t.Fatal("the browser ran no script")
		}
		*c.facts = m[1]
		if !strings.HasPrefix(m[1], "overflow 0 ") || !strings.Contains(m[1], " empty 0 ") || strings.HasSuffix(m[1], " pictures 0") {
			t.Errorf("%v: %s", c.flags, m[1])
		}
	}
	if !strings.Contains(light, "paper rgb(255, 255, 255) text rgb(27, 31, 36)") || !strings.Contains(dark, "paper rgb(20, 24, 29) text rgb(230, 233, 237)") {
		t.Errorf("light: %s\ndark: %s", light, dark)
	}
}
