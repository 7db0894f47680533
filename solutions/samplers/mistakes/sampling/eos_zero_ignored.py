"""You ask `if eos`, which is false for token 0 as well as for None. Only None means that no token ends a
text."""

_right = generate


def generate(model, tokens, max_new_tokens, *, eos=None, **settings):
    return _right(model, tokens, max_new_tokens, eos=eos or None, **settings)
