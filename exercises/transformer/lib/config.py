"""The sizes and choices that make a Transformer, checked where they are given."""

import math
from dataclasses import dataclass

NORMS = ("layer", "rms")
NETWORKS = ("relu", "gelu", "gelu_tanh", "swiglu")
POSITIONS = ("learned", "sinusoidal", "none")


@dataclass(frozen=True, kw_only=True)
class BlockConfig:
    """One block. Raises ValueError for what does not fit together."""

    d_model: int  # features a token
    n_heads: int
    n_kv_heads: int | None = None  # None: as many as n_heads
    d_ff: int | None = None  # None: 4 · d_model, or 8/3 of it, rounded up to a multiple of 8, for swiglu
    norm: str = "layer"  # of NORMS
    eps: float = 1e-5
    norm_first: bool = True  # before attention and feed-forward, as in GPT-2; else after the sum, as in 2017
    network: str = "gelu"  # of NETWORKS
    bias: bool = True  # of the linear layers
    rope_base: float | None = None  # rotates queries and keys

    def __post_init__(self) -> None:
        for name in ("d_model", "n_heads", "kv_heads", "width"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}={getattr(self, name)} must be at least 1")
        _check_choice("norm", self.norm, NORMS)
        _check_choice("network", self.network, NETWORKS)
        if self.d_model % self.n_heads:
            raise ValueError(f"n_heads={self.n_heads} must divide d_model={self.d_model}")
        if self.n_heads % self.kv_heads:
            raise ValueError(f"n_kv_heads={self.kv_heads} must divide n_heads={self.n_heads}")
        if self.rope_base is not None and (self.rope_base <= 0 or self.d_head % 2):
            raise ValueError(
                f"rope_base={self.rope_base} must be positive, and a head's width {self.d_head} even"
            )

    @property
    def d_head(self) -> int:
        return self.d_model // self.n_heads

    @property
    def kv_heads(self) -> int:
        return self.n_heads if self.n_kv_heads is None else self.n_kv_heads

    @property
    def width(self) -> int:
        """Features between the layers of the feed-forward network."""
        if self.d_ff is not None:
            return self.d_ff
        return 8 * math.ceil(self.d_model / 3) if self.network == "swiglu" else 4 * self.d_model


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """A stack of equal blocks with its vocabulary. Raises ValueError for what does not fit."""

    block: BlockConfig
    vocab_size: int
    n_layers: int
    context: int  # the most tokens that it reads at once
    positions: str = "learned"  # of POSITIONS; "none" where the blocks rotate, or none are wanted
    tied: bool = True  # one matrix embeds the tokens and scores them

    def __post_init__(self) -> None:
        for name in ("vocab_size", "n_layers", "context"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}={getattr(self, name)} must be at least 1")
        _check_choice("positions", self.positions, POSITIONS)


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ValueError(f"{name}={value!r} is none of {', '.join(choices)}")
