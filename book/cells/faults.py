"""Faults in the wiring of a Llama, to be planted on purpose: what each does to the loss is what chapter 8 measures."""

import copy
from collections.abc import Callable

import torch
from torch import Tensor, nn

from lib.attention import causal_mask
from lib.blocks import EncoderBlock
from lib.cross_entropy import cross_entropy
from lib.layers import LayerNorm, SwiGLU
from lib.positions import split_to_interleaved
from lib.transformer import GPT

Change = Callable[[EncoderBlock], None]


def planted(model: GPT, change: Change) -> GPT:
    """Return another model with the same numbers and the change made in each of its blocks."""
    other = copy.deepcopy(model, {id(parameter): parameter for parameter in model.parameters()})
    for block in other.encoder.blocks:
        change(block)  # type: ignore[arg-type]
    return other


@torch.no_grad()
def loss(model: GPT, tokens: Tensor, causal: bool = True, first: int = 0) -> float:
    """Return the loss in nats a token of tokens (1, T), with or without a mask, and with positions from first on."""
    T = tokens.shape[1]
    mask = causal_mask(T) if causal else None
    x = model.encoder(model.embed(tokens), mask, torch.arange(first, first + T))
    return cross_entropy(model.head(x[0, :-1]), tokens[0, 1:]).item()


def eps(number: float) -> Change:
    """Return the change of both norms' eps."""

    def change(block: EncoderBlock) -> None:
        block.norm1.eps = block.norm2.eps = number

    return change


def base(number: float | None) -> Change:
    """Return the change of the rotation's base; None: nothing is rotated."""

    def change(block: EncoderBlock) -> None:
        block.attention.rope_base = number

    return change


def layer_norm(block: EncoderBlock) -> None:
    """Subtract the mean before each sublayer."""
    for name in ("norm1", "norm2"):
        norm = LayerNorm(len(getattr(block, name).weight), getattr(block, name).eps)
        norm.weight = getattr(block, name).weight
        setattr(block, name, norm)


def halves(block: EncoderBlock) -> None:
    """Rotate features half a head apart, where the rows are ordered for a rotation side by side."""
    for part, heads in (
        (block.attention.query, block.attention.n_heads),
        (block.attention.key, block.attention.n_kv_heads),
    ):
        part.weight = nn.Parameter(split_to_interleaved(part.weight.detach(), heads))


def tiled(block: EncoderBlock) -> None:
    """Let query head h read key/value head h % G, not h // (H // G)."""
    part, K = block.attention, block.attention.d_head
    order = torch.arange(part.n_heads).view(-1, part.n_kv_heads).T.flatten()
    query, out = part.query.weight.detach(), part.out.weight.detach()
    part.query.weight = nn.Parameter(query.unflatten(0, (-1, K))[order].flatten(0, 1))
    part.out.weight = nn.Parameter(out.unflatten(1, (-1, K))[:, order].flatten(1, 2))


def exchanged(block: EncoderBlock) -> None:
    """Let the gate be the other matrix of the feed-forward network."""
    network = block.feed_forward
    assert isinstance(network, SwiGLU)
    network.gate, network.up = network.up, network.gate


def nibbles(block: EncoderBlock) -> None:
    """Read a byte's two weights as neighbours, not 16 places apart."""
    for part in block.modules():
        if isinstance(part, nn.Linear):
            weight = part.weight.detach()
            part.weight = nn.Parameter(weight.view(-1, 2, 16).transpose(1, 2).reshape(weight.shape))


FAULTS: dict[str, Change] = {
    "ε is 1e-3, not 1e-5": eps(1e-3),
    "LayerNorm for RMSNorm": layer_norm,
    "RoPE's base is 10,000, not 100,000": base(1e4),
    "RoPE on halves, not on pairs": halves,
    "no RoPE": base(None),
    "key/value heads in the wrong order": tiled,
    "gate and up exchanged": exchanged,
    "a byte's weights side by side": nibbles,
}
