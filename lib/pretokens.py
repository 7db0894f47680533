"""What a tokenizer cuts text into before it merges: GPT-2's pieces, and special tokens.

Nothing is merged over the border of two pieces. Left out on purpose: the longer patterns of later models, which cut numbers
in groups of three and know capital letters.
Reference: Radford et al. 2019, section 2.2, and the pattern in the code that was published with it.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from unicodedata import category

# Python's own \s holds four control characters besides, \x1c to \x1f.
SPACES = r"\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"


def pretokens(text: str) -> Iterator[str]:
    """Yield the pieces of a text by GPT-2's pattern; put together they are the text.

    A piece is the first of these that fits: an English ending such as 's or 'll; letters, digits or other signs, each
    with one space before them if there is one; white space, whose last character is left to what follows it.

    >>> list(pretokens("I don't owe  $42."))
    ['I', ' don', "'t", ' owe', ' ', ' $', '42', '.']
    """
    return map(re.Match.group, _pattern().finditer(text))


def split_specials(text: str, specials: Sequence[str]) -> list[str]:
    """Return the text cut at specials: what stands between them, special, between, special, …, between.

    So the specials stand at 1, 3, 5, … Where two fit, the longer one counts. Without specials it is [text].

    >>> split_specials("<a>yes<a><b>", ["<a>", "<b>"])
    ['', '<a>', 'yes', '<a>', '', '<b>', '']
    """
    if not specials:
        return [text]
    longest_first = sorted(specials, key=len, reverse=True)
    return re.split("(" + "|".join(map(re.escape, longest_first)) + ")", text)


@cache
def _pattern() -> re.Pattern[str]:
    # The first letters of the categories of two planes: L for letters, N for numbers.
    kinds = "".join(map(category, map(chr, range(0x20000))))[::2]
    # The next two are set aside for Chinese characters; beyond them there are neither letters nor numbers.
    letters, numbers = _ranges("L+", kinds) + "\U00020000-\U0003fffd", _ranges("N+", kinds)
    return re.compile(
        rf"'(?:[sdmt]|ll|ve|re)| ?[{letters}]+| ?[{numbers}]+| ?[^{SPACES}{letters}{numbers}]+"
        rf"|[{SPACES}]+(?![^{SPACES}])|[{SPACES}]+"
    )


def _ranges(kind: str, kinds: str) -> str:
    r"""Return all characters of a kind as ranges for a pattern, given the kinds of all characters in order.

    Python's re has no \p{L}. Its [^\W\d_] and \d are nearly it, but take ² and Ⅷ for letters.
    """
    return "".join(f"{chr(run.start())}-{chr(run.end() - 1)}" for run in re.finditer(kind, kinds))
