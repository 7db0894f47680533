"""Your hypotheses go on after eos. What ends with eos is complete: it leaves the beam as it is."""

_right = beam_search


def beam_search(step, start, width, length, eos=None, length_penalty=0.0):
    return _right(step, start, width, length, None, length_penalty)
