package mesosv1

import (
	"fmt"
	"testing"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// What a conversion costs, beside what mesos-go's decoder took to make the message.
func BenchmarkConvert(b *testing.B) {
	for _, size := range algebraSizes {
		m := goodOffer()
		m.Resources = operandOf(b, typicalOffer(size.entries, size.ranges, 1000)).mesos
		data := encode(b, &m)
		o, err := FromOffer(&m)
		if err != nil {
			b.Fatal(err)
		}
		suffix := fmt.Sprintf("/entries=%d/ranges=%d", size.entries, size.ranges)
		b.Run("op=decode"+suffix, func(b *testing.B) {
			loop(b, func() {
				var m mesos.Offer
				if err := m.Unmarshal(data); err != nil {
					b.Fatal(err)
				}
			})
		})
		b.Run("op=FromOffer"+suffix, func(b *testing.B) {
			loop(b, func() {
				if _, err := FromOffer(&m); err != nil {
					b.Fatal(err)
				}
			})
		})
		b.Run("op=ToOffer"+suffix, func(b *testing.B) {
			loop(b, func() {
				if _, err := ToOffer(o); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}
