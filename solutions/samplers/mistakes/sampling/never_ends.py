"""Your texts go on after eos, up to max_new_tokens. When eos is drawn the row has ended: from then on it is
filled up with eos, and when all rows have ended the loop stops."""

_right = generate


def generate(model, tokens, max_new_tokens, *, eos=None, **settings):
    return _right(model, tokens, max_new_tokens, **settings)
