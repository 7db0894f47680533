"""Around a model that answers: messages as the text it was trained on, and its tokens as text that can be shown.

Left out on purpose: tools, pictures, and the template language in which models bring their formats along.
"""

from collections.abc import Callable, Iterable, Sequence

START, END = "<|im_start|>", "<|im_end|>"
UNFINISHED = "\ufffd"  # what a decoder writes for bytes that are no whole character (yet)

Message = dict[str, str]  # its "role" (system, user, assistant, …) and its "content"


def render_chatml(messages: Sequence[Message], open_reply: bool = True) -> str:
    """Return a dialogue in the format ChatML, up to where the model's reply begins.

    Raises ValueError when there is no message, or when one has no role and content or holds a mark of the format
    itself: whoever could write one could speak in another's name.

    >>> render_chatml([{"role": "user", "content": "Hi"}])
    '<|im_start|>user\\nHi<|im_end|>\\n<|im_start|>assistant\\n'
    """
    _check_messages(messages)
    turns = [f"{START}{message['role']}\n{message['content']}{END}\n" for message in messages]
    return "".join(turns) + (f"{START}assistant\n" if open_reply else "")


def trim(messages: Sequence[Message], budget: int, count: Callable[[list[Message]], int]) -> list[Message]:
    """Return the messages without the oldest exchanges, as few of them as make `count` of the rest at most `budget`.

    The system messages at the front and everything from the last user message on always stay. An exchange begins
    with a message of the user and goes as a whole.

    Raises ValueError when there is no message of the user, or when what always stays exceeds the budget.

    >>> dialogue = [{"role": role, "content": role} for role in ("system", "user", "assistant", "user")]
    >>> [message["role"] for message in trim(dialogue, budget=3, count=len)]
    ['system', 'user']
    """
    _check_messages(messages)
    users = [i for i, message in enumerate(messages) if message["role"] == "user"]
    if not users:
        raise ValueError("messages hold none of the user; there must be one to reply to")
    first = next(i for i, message in enumerate(messages) if message["role"] != "system")
    for start in (first, *(i for i in users if i > first)):  # the first exchange may begin without the user
        kept = [*messages[:first], *messages[start:]]
        size = count(kept)
        if size <= budget:
            return kept
    raise ValueError(f"budget={budget} is too small; the system message and the last of the user take {size}")


class TextStream:
    """Tokens in, text out, as soon as it is sure: whole characters, and nothing of a stop string.

    decode takes a list of ids to their text, with U+FFFD for bytes that are no whole character, and of two lists
    between which no character is cut the texts follow each other. `stopped` is True once a stop string has come.

    Raises ValueError when stops is a text itself or holds an empty one.

    >>> stream = TextStream(lambda ids: bytes(ids).decode(errors="replace"), stops=["##"])
    >>> [stream.push(byte) for byte in "学#1##".encode()], stream.stopped
    (['', '', '学', '', '#1', '', ''], True)
    """

    def __init__(self, decode: Callable[[list[int]], str], stops: Iterable[str] = ()):
        if isinstance(stops, str) or "" in (stops := list(stops)):
            raise ValueError(f"stops={stops!r} must be a list of texts, none of them empty")
        self.decode, self.stops, self.stopped = decode, stops, False
        self.ids: list[int] = []  # the last ones, whose text is not complete
        self.sent = 0  # characters of their text that have left
        self.held = ""  # text that may yet turn out to be the beginning of a stop string

    def push(self, token: int) -> str:
        """Take the next token and return the text that is sure now and was not before; after a stop string none."""
        if self.stopped:
            return ""
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write TextStream.push() in lib/chat.py")

    def release(self, new: str) -> str:
        """Take new text and return what need not be held: all before a stop string, or before what may begin one."""
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write TextStream.release() in lib/chat.py")

    def finish(self) -> str:
        """Return what is still held, half a character as U+FFFD; after a stop string none. No token comes after it."""
        if self.stopped:
            return ""
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write TextStream.finish() in lib/chat.py")


def _check_messages(messages: Sequence[Message]) -> None:
    if not messages:
        raise ValueError("messages are empty; there must be at least one")
    for i, message in enumerate(messages):
        for name in ("role", "content"):
            text = message.get(name)
            if not isinstance(text, str):
                raise ValueError(f"messages[{i}] has {name}={text!r}; it must be a text")
            if START in text or END in text:
                raise ValueError(
                    f"messages[{i}] has {START} or {END} in its {name}; they belong to the format"
                )
