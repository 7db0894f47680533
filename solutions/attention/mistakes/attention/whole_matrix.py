"""The values are right, but you hold the scores of all queries with all keys at once, which is just what
this exercise avoids. Work on the scores of one block of keys, keep three running results, and let go of the block."""


def attend_in_blocks(q, k, v, mask=None, block=64):
    return attend(q, k, v, mask)
