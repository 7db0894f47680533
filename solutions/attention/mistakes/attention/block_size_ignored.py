"""The values are right, but you read 64 keys at a time whatever `block` says."""

_right = attend_in_blocks


def attend_in_blocks(q, k, v, mask=None, block=64):
    return _right(q, k, v, mask)
