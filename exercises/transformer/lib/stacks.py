"""What all Transformers have around and above their blocks: tokens become vectors, and blocks stand on each other.

Dimension key: B batch, T tokens, S context tokens, D model width. Tokens are int64, positions count from 0. Masks are
boolean, True = may look. Left out on purpose: dropout, KV cache.
"""

import math

import torch
from torch import Tensor, nn

from lib.blocks import DecoderBlock, EncoderBlock, make_norm
from lib.config import ModelConfig
from lib.positions import LearnedPositions, sinusoidal
from lib.shapes import Float, Int


class TokenEmbedding(nn.Module):
    """Turn tokens into vectors that know where they stand, once, below the first block.

    Its parts: table, the rows of all tokens; places, the learned positions, or None where there are none; kind, the
    config's word for the positions.
    """

    def __init__(self, config: ModelConfig, vocab_size: int):
        super().__init__()
        self.table = nn.Embedding(vocab_size, config.block.d_model)
        self.places = (
            LearnedPositions(config.context, config.block.d_model) if config.positions == "learned" else None
        )
        self.kind, self.context = config.positions, config.context

    def forward(self, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B T D"]:
        """Return each token's row with its position: learned ones from places, sinusoids, or none.

        Sinusoids are added to rows scaled by √D, as in 2017, so that neither drowns the other.
        Raises ValueError when there are too many tokens, or one is not in the vocabulary.
        """
        self._check(tokens)
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write TokenEmbedding.forward() in lib/stacks.py")

    def _check(self, tokens: Int[Tensor, "B T"]) -> None:
        if tokens.shape[1] > self.context:
            raise ValueError(f"T={tokens.shape[1]} tokens are more than context={self.context}")
        V = self.table.num_embeddings
        # The answer of a GPU would have to be waited for, and the compiler would stop here.
        looked_at = tokens.is_cpu and tokens.numel() and not torch.compiler.is_compiling()
        if looked_at and not (tokens.min() >= 0 and tokens.max() < V):
            given = f"tokens go from {tokens.min()} to {tokens.max()}"
            raise ValueError(f"{given}; vocab_size={V} allows 0 to {V - 1}")


class Encoder(nn.Module):
    """Blocks one after the other; with norm_first a last norm, since nothing normalised their sum yet.

    Its parts: blocks and norm, which does nothing where the blocks end in a norm of their own.
    """

    def __init__(self, config: ModelConfig):
        super().__init__()
        self.blocks = nn.ModuleList(EncoderBlock(config.block) for _ in range(config.n_layers))
        self.norm = make_norm(config.block) if config.block.norm_first else nn.Identity()

    def forward(
        self, x: Float[Tensor, "B T D"], mask: Tensor | None = None, positions: Tensor | None = None
    ) -> Float[Tensor, "B T D"]:
        """Return the tokens after all blocks and the norm; every block has the same mask and positions."""
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write Encoder.forward() in lib/stacks.py")


class Decoder(nn.Module):
    """Decoder blocks one after the other, all of which read the same context. Its parts: blocks and norm."""

    def __init__(self, config: ModelConfig):
        super().__init__()
        self.blocks = nn.ModuleList(DecoderBlock(config.block) for _ in range(config.n_layers))
        self.norm = make_norm(config.block) if config.block.norm_first else nn.Identity()

    def forward(
        self,
        x: Float[Tensor, "B T D"],
        context: Float[Tensor, "B S D"],
        mask: Tensor | None = None,
        context_mask: Tensor | None = None,
    ) -> Float[Tensor, "B T D"]:
        """Return the tokens after all blocks and the norm; every block has the same masks."""
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write Decoder.forward() in lib/stacks.py")
