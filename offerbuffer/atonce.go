package offerbuffer

// AtOnce releases offers as they come.
func AtOnce() Policy { return atOnce{} }

type atOnce struct{}

func (atOnce) String() string      { return "at once" }
func (atOnce) Judge(*Held) Verdict { return Verdict{Release: true, By: "at once"} }
