"""Encoder, decoder and encoder-decoder, and the models made of them: GPT, BERT and a translator.

Dimension key: B batch, T tokens, S source tokens, D model width, V vocabulary. Tokens are int64, positions count from 0,
lengths say how many tokens of each row are real, the others are padding at the end. Logits are no probabilities.
Left out on purpose: dropout, KV cache (`lib.generation`), pooling.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lib.attention import causal_mask, padding_mask
from lib.blocks import DecoderBlock, EncoderBlock, make_norm
from lib.config import BlockConfig, ModelConfig
from lib.layers import LayerNorm
from lib.positions import LearnedPositions, sinusoidal
from lib.shapes import Float, Int

__all__ = [
    "BERT",
    "GPT",
    "BlockConfig",
    "Decoder",
    "DecoderBlock",
    "Encoder",
    "EncoderBlock",
    "EncoderDecoder",
    "ModelConfig",
]


class TokenEmbedding(nn.Module):
    """Turn tokens into vectors that know where they stand.

    Sinusoids are added to embeddings scaled by √D, as in 2017, so that neither drowns the other.
    """

    def __init__(self, config: ModelConfig, vocab_size: int):
        super().__init__()
        self.table = nn.Embedding(vocab_size, config.block.d_model)
        self.places = (
            LearnedPositions(config.context, config.block.d_model) if config.positions == "learned" else None
        )
        self.kind, self.context = config.positions, config.context

    def forward(self, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B T D"]:
        """Return the vectors. Raises ValueError when there are too many tokens, or one is not in the vocabulary."""
        V, D = self.table.weight.shape
        if tokens.shape[1] > self.context:
            raise ValueError(f"T={tokens.shape[1]} tokens are more than context={self.context}")
        # The answer of a GPU would have to be waited for, and the compiler would stop here.
        looked_at = tokens.is_cpu and tokens.numel() and not torch.compiler.is_compiling()
        if looked_at and not (tokens.min() >= 0 and tokens.max() < V):
            raise ValueError(
                f"tokens go from {tokens.min()} to {tokens.max()}; vocab_size={V} allows 0 to {V - 1}"
            )
        x = self.table(tokens)
        if self.kind == "sinusoidal":
            return x * math.sqrt(D) + sinusoidal(tokens.shape[1], D).to(x)
        return x if self.places is None else self.places(x)


class Encoder(nn.Module):
    """Blocks one after the other; with norm_first a last norm, since nothing normalised their sum yet."""

    def __init__(self, config: ModelConfig):
        super().__init__()
        self.blocks = nn.ModuleList(EncoderBlock(config.block) for _ in range(config.n_layers))
        self.norm = make_norm(config.block) if config.block.norm_first else nn.Identity()

    def forward(
        self, x: Float[Tensor, "B T D"], mask: Tensor | None = None, positions: Tensor | None = None
    ) -> Float[Tensor, "B T D"]:
        """Return the tokens after all blocks; every block has the same mask."""
        ### BEGIN SOLUTION
        for block in self.blocks:
            x = block(x, mask, positions)
        return self.norm(x)
        ### END SOLUTION


class Decoder(nn.Module):
    """Decoder blocks one after the other, all of which read the same context."""

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
        """Return the tokens after all blocks."""
        ### BEGIN SOLUTION
        for block in self.blocks:
            x = block(x, context, mask, context_mask)
        return self.norm(x)
        ### END SOLUTION


class EncoderDecoder(nn.Module):
    """The Transformer of 2017: an encoder reads the source, a decoder writes the target."""

    def __init__(self, config: ModelConfig, source_vocab: int):
        super().__init__()
        self.source = TokenEmbedding(config, source_vocab)
        self.target = TokenEmbedding(config, config.vocab_size)
        self.encoder, self.decoder = Encoder(config), Decoder(config)
        self.head = nn.Linear(config.block.d_model, config.vocab_size, bias=False)
        initialise(self, config, last_norm(self.decoder))
        if config.tied:
            self.head.weight = self.target.table.weight

    def encode(self, source: Int[Tensor, "B S"], lengths: Int[Tensor, " B"]) -> Float[Tensor, "B S D"]:
        """Return the memory, what the encoder makes of the source; each token reads all real ones."""
        ### BEGIN SOLUTION
        return self.encoder(self.source(source), padding_mask(lengths, source.shape[1]))
        ### END SOLUTION

    def decode(
        self, target: Int[Tensor, "B T"], memory: Float[Tensor, "B S D"], lengths: Int[Tensor, " B"]
    ) -> Float[Tensor, "B T V"]:
        """Return the logits of what follows each target token, which sees no later one, and real source tokens only."""
        ### BEGIN SOLUTION
        causal = causal_mask(target.shape[1]).to(target.device)
        x = self.decoder(self.target(target), memory, causal, padding_mask(lengths, memory.shape[1]))
        return self.head(x)
        ### END SOLUTION

    def forward(
        self, source: Int[Tensor, "B S"], target: Int[Tensor, "B T"], lengths: Int[Tensor, " B"]
    ) -> Float[Tensor, "B T V"]:
        """Return the logits for a whole target at once (teacher forcing); lengths are the source's."""
        return self.decode(target, self.encode(source, lengths), lengths)


class GPT(nn.Module):
    """A decoder alone: every token predicts the next. Reference: Radford et al. 2019, section 2.3."""

    def __init__(self, config: ModelConfig):
        super().__init__()
        self.embed, self.encoder = TokenEmbedding(config, config.vocab_size), Encoder(config)
        self.head = nn.Linear(config.block.d_model, config.vocab_size, bias=False)
        initialise(self, config, last_norm(self.encoder))
        if config.tied:
            self.head.weight = self.embed.table.weight

    def forward(
        self, tokens: Int[Tensor, "B T"], lengths: Int[Tensor, " B"] | None = None
    ) -> Float[Tensor, "B T V"]:
        """Return the logits of what follows each token, which sees no later one, and no padding."""
        ### BEGIN SOLUTION
        mask = causal_mask(tokens.shape[1]).to(tokens.device)
        if lengths is not None:
            mask = mask & padding_mask(lengths, tokens.shape[1])
        return self.head(self.encoder(self.embed(tokens), mask))
        ### END SOLUTION


class BERT(nn.Module):
    """An encoder alone: every token is read with both its sides. Reference: Devlin et al. 2019, section 3."""

    def __init__(self, config: ModelConfig, n_segments: int = 2):
        super().__init__()
        D = config.block.d_model
        self.embed, self.encoder = TokenEmbedding(config, config.vocab_size), Encoder(config)
        self.segments, self.norm = nn.Embedding(n_segments, D), LayerNorm(D, config.block.eps)
        self.dense, self.head_norm = nn.Linear(D, D), LayerNorm(D, config.block.eps)
        self.head = nn.Linear(D, config.vocab_size)
        initialise(self, config, self.head_norm)
        if config.tied:
            self.head.weight = self.embed.table.weight

    def encode(
        self,
        tokens: Int[Tensor, "B T"],
        lengths: Int[Tensor, " B"] | None = None,
        segments: Int[Tensor, "B T"] | None = None,
    ) -> Float[Tensor, "B T D"]:
        """Return a vector for each token, which sees all real ones. segments are 0 if none are given.

        The sum of token, position and segment is normalised before the first block.
        """
        ### BEGIN SOLUTION
        segments = torch.zeros_like(tokens) if segments is None else segments
        x = self.norm(self.embed(tokens) + self.segments(segments))
        return self.encoder(x, None if lengths is None else padding_mask(lengths, tokens.shape[1]))
        ### END SOLUTION

    def forward(
        self,
        tokens: Int[Tensor, "B T"],
        lengths: Int[Tensor, " B"] | None = None,
        segments: Int[Tensor, "B T"] | None = None,
    ) -> Float[Tensor, "B T V"]:
        """Return the logits of what stands at each place: dense layer, GELU, norm, then the scores of all tokens."""
        ### BEGIN SOLUTION
        x = self.encode(tokens, lengths, segments)
        return self.head(self.head_norm(F.gelu(self.dense(x))))
        ### END SOLUTION


def last_norm(stack: Encoder | Decoder) -> nn.Module:
    """Return the norm that a stack's output comes from: its own, or that of the last block's feed-forward network."""
    if not isinstance(stack.norm, nn.Identity):
        return stack.norm
    return getattr(stack.blocks[-1], "norm2" if isinstance(stack, Encoder) else "norm3")


@torch.no_grad()
def initialise(model: nn.Module, config: ModelConfig, before_head: nn.Module) -> None:
    """Draw all matrices from N(0, 0.02²) and set biases to 0, as GPT-2 does; the n projections that add to one stream
    are divided by √n (Radford et al. 2019, section 2.3).

    The norm before the head starts small: with tied weights a token's score for itself is then about 0.5, and not
    0.02 · D, so that the first loss is within 0.1 of ln V in a wide model, too.
    """
    std = 0.02
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear | nn.Embedding):
            into_stream = name.endswith((".out", ".down"))
            module.weight.normal_(0.0, std / math.sqrt(2 * config.n_layers) if into_stream else std)
        if isinstance(module, nn.Linear) and module.bias is not None:
            module.bias.zero_()
    gain = before_head.get_parameter("weight")
    gain.fill_(min(1.0, 0.5 / (std * len(gain))))
