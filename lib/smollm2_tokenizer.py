"""SmolLM2's tokenizer: our byte-level BPE with the model's own merges, its own numbers for the tokens, and single digits.

Left out on purpose: the template language in which the file writes how a chat is laid out; `dialogue` is what it comes to.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from unicodedata import category

from lib.gpt2_tokenizer import printed
from lib.pretokens import split_specials
from lib.tokenizer import Tokenizer

SPECIAL = 3  # the kind that GGUF gives to tokens such as <|im_end|>
SYSTEM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"


class SmolLM2Tokenizer:
    """Text into the ids that SmolLM2 was trained with, and back. Its specials have the first ids, not the last."""

    def __init__(self, facts: dict[str, Any]):
        written, kinds = facts["tokenizer.ggml.tokens"], facts["tokenizer.ggml.token_type"]
        specials = [token for token, kind in zip(written, kinds, strict=True) if kind == SPECIAL]
        merged = [tuple(map(as_bytes, merge.split(" "))) for merge in facts["tokenizer.ggml.merges"]]
        known = {bytes([byte]): byte for byte in range(256)}  # our own id of each token
        known |= {left + right: 256 + i for i, (left, right) in enumerate(merged)}
        self.tokenizer = Tokenizer([(known[left], known[right]) for left, right in merged], specials)
        ids = {token: i for i, token in enumerate(written)}
        self.special_ids = {special: ids[special] for special in specials}
        theirs = {as_bytes(token): i for token, i in ids.items() if token not in self.special_ids}
        theirs |= {special.encode(): i for special, i in self.special_ids.items()}
        self.theirs = [theirs.get(token) for token in self.tokenizer.vocab]  # None: 21 bytes have no token
        self.vocab = {i: token for token, i in theirs.items()}
        self.end = facts["tokenizer.ggml.eos_token_id"]

    def __len__(self) -> int:
        return len(self.vocab)

    def encode(self, text: str, allow_specials: bool = False) -> list[int]:
        """Return the ids of a text, in which each digit stands alone. As in `Tokenizer`, specials have to be allowed.

        Bytes without a token are lost: six control characters, and the first of signs that Unicode has not given yet.
        """
        ids: list[int] = []
        for i, part in enumerate(split_specials(text, list(self.special_ids) if allow_specials else ())):
            if i % 2:
                ids.append(self.special_ids[part])
            else:
                ours = (n for piece in single_digits(part) for n in self.tokenizer.encode(piece))
                ids += [n for n in map(self.theirs.__getitem__, ours) if n is not None]
        return ids

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text of ids; bytes that are no UTF-8 become U+FFFD. KeyError for an id outside the vocabulary."""
        return b"".join(self.vocab[i] for i in ids).decode(errors="replace")

    def chat(self, question: str) -> list[int]:
        """Return the ids of a first question in a chat, up to where the answer begins."""
        return self.dialogue([{"role": "user", "content": question}])

    def dialogue(self, messages: Sequence[Mapping[str, str]]) -> list[int]:
        """Return the ids of a dialogue, up to where the answer begins; without a system message with the model's own.

        Only the marks around a message become special tokens. Written inside a message they are text, so that nobody
        can end a turn and speak in another role.
        """
        if not messages or messages[0]["role"] != "system":
            messages = [{"role": "system", "content": SYSTEM}, *messages]
        ids = []
        for message in messages:
            ids += self.encode(f"<|im_start|>{message['role']}\n", allow_specials=True)
            ids += self.encode(message["content"])
            ids += self.encode("<|im_end|>\n", allow_specials=True)
        return ids + self.encode("<|im_start|>assistant\n", allow_specials=True)


def smollm2_tokenizer(facts: dict[str, Any]) -> SmolLM2Tokenizer:
    """Return the tokenizer of a GGUF file from what the file says about itself."""
    return SmolLM2Tokenizer(facts)


def single_digits(text: str) -> Iterator[str]:
    """Yield the pieces between digits, and each digit by itself.

    >>> list(single_digits("in 20 days"))
    ['in ', '2', '', '0', ' days']
    """
    start = 0
    for i, character in enumerate(text):
        if category(character)[0] == "N":
            yield text[start:i]
            yield character
            start = i + 1
    yield text[start:]


def as_bytes(token: str) -> bytes:
    """Return the bytes of a token that is written in GPT-2's way, with a visible character for each byte.

    >>> as_bytes("Ġcaf")  # Ġ stands for a space
    b' caf'
    """
    return bytes(map(_bytes().__getitem__, token))


@cache
def _bytes() -> dict[str, int]:
    return {printed(byte): byte for byte in range(256)}
