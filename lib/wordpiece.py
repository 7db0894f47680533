"""WordPiece as BERT's lower-case models use it: words, then for each word the longest known piece, again and again.

A piece inside a word is written with ## before it. Left out on purpose: how the vocabulary was found, pairs of texts,
special tokens in a text, which are read like any other characters.

Reference: Schuster and Nakajima 2012; Devlin et al. 2019, section 3.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

LONGEST = 100  # characters; a longer word is unknown as a whole, as in BERT's own code


class WordPiece:
    """A vocabulary, whose places are the ids, and the two ways between text and ids.

    >>> pieces = WordPiece(["[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "!"])
    >>> pieces.encode("Unaffable!")  # [CLS] un ##aff ##able ! [SEP]
    [1, 3, 4, 5, 6, 2]
    >>> pieces.decode([3, 4, 5, 6])
    'unaffable !'
    """

    def __init__(self, vocabulary: Iterable[str]):
        self.pieces = list(vocabulary)
        self.ids = {piece: i for i, piece in enumerate(self.pieces)}
        if missing := {"[UNK]", "[CLS]", "[SEP]"} - set(self.ids):
            raise ValueError(f"the vocabulary lacks {', '.join(sorted(missing))}")

    @classmethod
    def load(cls, path: str | Path) -> "WordPiece":
        """Return the tokenizer of a file with one piece a line, such as BERT's vocab.txt."""
        return cls(Path(path).read_text("utf-8").removesuffix("\n").split("\n"))

    def __len__(self) -> int:
        return len(self.pieces)

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text, between those of [CLS] and [SEP]."""
        return [self.ids[piece] for piece in ("[CLS]", *self.tokens(text), "[SEP]")]

    def tokens(self, text: str) -> list[str]:
        """Return the pieces of a text; a word that cannot be put together is [UNK] as a whole."""
        return [piece for word in basic_words(text) for piece in self._word(word)]

    def decode(self, ids: Iterable[int]) -> str:
        """Return the pieces with spaces between words; capitals, accents and the true spaces are lost."""
        return " ".join(self.pieces[i] for i in ids).replace(" ##", "")

    def _word(self, word: str) -> list[str]:
        found: list[str] = []
        start = 0
        while start < len(word) <= LONGEST:
            mark = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((end for end in ends if mark + word[start:end] in self.ids), None)
            if end is None:
                break
            found.append(mark + word[start:end])
            start = end
        return found if start == len(word) else ["[UNK]"]


def basic_words(text: str) -> Iterator[str]:
    """Yield the words of a text in lower case without accents; each punctuation mark and Chinese character is one.

    >>> list(basic_words("Où est-ce? 你好"))
    ['ou', 'est', '-', 'ce', '?', '你', '好']
    """
    decomposed = unicodedata.normalize("NFD", "".join(_spaced(text)))
    plain = "".join(c for c in decomposed if unicodedata.category(c) != "Mn").lower()
    for word in plain.split():
        start = 0
        for i, character in enumerate(word):
            if _is_punctuation(character):
                if start < i:
                    yield word[start:i]
                yield character
                start = i + 1
        if start < len(word):
            yield word[start:]


def _spaced(text: str) -> Iterator[str]:
    """Yield a text's characters: Chinese ones between spaces, every white space as one, control characters not at all."""
    for c in text:
        if c in "\t\n\r" or unicodedata.category(c) == "Zs":
            yield " "
        elif c != "\ufffd" and unicodedata.category(c)[0] != "C":
            yield f" {c} " if _is_chinese(c) else c


def _is_punctuation(c: str) -> bool:
    """Return True for Unicode's punctuation and for ASCII's signs, such as $, + and `."""
    return unicodedata.category(c)[0] == "P" or (c.isascii() and not c.isalnum() and c.isprintable())


def _is_chinese(c: str) -> bool:
    """Return True for the ideographs that BERT's code lists."""
    blocks = (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0xF900, 0xFAFF), (0x20000, 0x2CEAF), (0x2F800, 0x2FA1F)
    return any(first <= ord(c) <= last for first, last in blocks)
