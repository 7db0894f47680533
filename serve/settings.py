"""What the server allows, in one place. `python -m serve --help` lists these as flags."""

from dataclasses import dataclass, field, fields
from typing import Any


def limit(default: float, meaning: str) -> Any:
    """Return a setting with its default and what it means."""
    return field(default=default, metadata={"help": meaning})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Limits of the server. Raises ValueError for one that nothing could pass."""

    slots: int = limit(4, "answers that are written at the same time, one row of the batch each")
    queue: int = limit(8, "requests that may wait for a slot")
    context: int = limit(2048, "tokens of a prompt and its answer together, at most those of the model")
    max_tokens: int = limit(512, "tokens of an answer, also of one for which no number is asked")
    deadline: float = limit(60.0, "seconds from a request to the end of its answer")
    drain: float = limit(10.0, "seconds that open answers have left when the server stops")
    max_body: int = limit(65_536, "bytes of a request")
    max_messages: int = limit(64, "messages of a dialogue")
    keep_alive: float = limit(15.0, "seconds after which a stream without news sends a comment")

    def __post_init__(self) -> None:
        """Refuse what would refuse everything."""
        for one in fields(self):
            least = 0 if one.name in ("queue", "drain") else 1 if isinstance(one.default, int) else 0.01
            if not getattr(self, one.name) >= least:
                raise ValueError(f"{one.name}={getattr(self, one.name)} must be at least {least}")
