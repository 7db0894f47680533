"""You fail when width is larger than the number of continuations there are: at the first step that is V. Take
as many as there are."""

_right = beam_search


def beam_search(step, start, width, length, eos=None, length_penalty=0.0):
    step(start[None]).flatten().topk(width)
    return _right(step, start, width, length, eos, length_penalty)
