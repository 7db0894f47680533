"""What the server allows, in one place. `python -m serve --help` lists these as flags."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Limits of the server. Raises ValueError for one that nothing could pass."""

    slots: int = 4  # answers that are written at the same time, one row of the batch each
    queue: int = 8  # requests that may wait for a slot
    context: int = 2048  # tokens of prompt and answer together; no more than the model's own
    max_tokens: int = 512  # of an answer, and how many one gets that does not ask
    deadline: float = 60.0  # seconds from a request to the end of its answer
    drain: float = 10.0  # seconds that open answers have to end in when the server stops
    max_body: int = 65_536  # bytes of a request
    max_messages: int = 64  # of a dialogue
    keep_alive: float = 15.0  # seconds after which a stream without news sends a comment

    def __post_init__(self) -> None:
        """Refuse what would refuse everything."""
        for one in fields(self):
            least = 0 if one.name in ("queue", "drain") else 1 if isinstance(one.default, int) else 0.01
            if not getattr(self, one.name) >= least:
                raise ValueError(f"{one.name}={getattr(self, one.name)} must be at least {least}")
