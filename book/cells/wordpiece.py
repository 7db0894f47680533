"""How BERT cuts text: a vocabulary of word pieces, looked up from the left."""

import unicodedata
from collections.abc import Iterable

HAN = [  # what BERT puts spaces around
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
]


class WordPiece:
    """BERT's uncased tokenizer: lower case without accents, then in each word the longest known piece from the left.

    A word that cannot be put together becomes [UNK] as a whole. White space is lost.
    """

    def __init__(self, vocabulary: Iterable[str]):
        self.vocabulary = set(vocabulary)

    def tokens(self, text: str) -> list[str]:
        """Return the tokens; ## marks those that continue a word."""
        return [token for word in self.words(text) for token in self._cut(word)]

    @staticmethod
    def words(text: str) -> list[str]:
        """Return words, punctuation marks and Chinese characters."""
        plain = unicodedata.normalize("NFD", text.lower())
        kept = (c for c in plain if unicodedata.category(c) not in ("Mn", "Cc", "Cf") or c.isspace())
        return "".join(f" {c} " if _stands_alone(c) else c for c in kept).split()

    def _cut(self, word: str) -> list[str]:
        found: list[str] = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            ends = (end for end in range(len(word), start, -1) if mark + word[start:end] in self.vocabulary)
            end = next(ends, None)
            if end is None or len(word) > 100:
                return ["[UNK]"]
            found.append(mark + word[start:end])
            start = end
        return found


def _stands_alone(character: str) -> bool:
    """Return True for what BERT makes a word of its own: punctuation, ASCII signs, Chinese characters."""
    number = ord(character)
    signs = 33 <= number <= 126 and not character.isalnum()
    return signs or unicodedata.category(character)[0] == "P" or any(a <= number <= b for a, b in HAN)
