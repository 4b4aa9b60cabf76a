package workload

import (
	"errors"
	"fmt"
	"strings"

	"github.com/berth-go/berth/placement"
)

// maxItems bounds the items of one set that a task may ask for.
const maxItems = 1 << 16

// parseSets reads what a task asks of set resources, joined by semicolons: features:2 (two of any),
// features:{a|b} (these two), features:{a}+2 (this one and two more).
func parseSets(text string) ([]placement.SetRequest, error) {
	var requests []placement.SetRequest
	for part := range strings.SplitSeq(text, ";") {
		name, ask, ok := strings.Cut(part, ":")
		if !ok || !validResource(name) {
			return nil, fmt.Errorf("%q must be written as name:2, name:{a|b} or name:{a}+2", part)
		}
		req := placement.SetRequest{Name: name}
		number := ask
		if strings.HasPrefix(ask, "{") {
			braces, more, also := strings.Cut(ask, "+")
			items, err := parseBraces(braces)
			if err != nil {
				return nil, fmt.Errorf("items %q: %w", braces, err)
			}
			req.Items, number = items, more
			if also && more == "" {
				return nil, errors.New("a number is wanted after the plus sign")
			}
		}
		if number != "" || ask == "" {
			n, err := parseCount(number, maxItems)
			if err != nil {
				return nil, fmt.Errorf("number of items %q %w", number, err)
			}
			req.Count = n
		}
		if req.Count > 0 || len(req.Items) > 0 {
			requests = append(requests, req)
		}
	}
	return requests, nil
}
