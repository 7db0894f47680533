"""Three models of the same parts: GPT, BERT, and the translator of 2017, whose decoder reads what its encoder made.

Dimension key: B batch, T tokens, S source tokens, D model width, V vocabulary. Tokens are int64, positions count from 0,
lengths say how many tokens of each row are real, the others are padding at the end. Logits are no probabilities.
Left out on purpose: dropout, KV cache, pooling.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lib.attention import causal_mask, padding_mask
from lib.blocks import DecoderBlock, EncoderBlock
from lib.config import BlockConfig, ModelConfig
from lib.initialisation import initialise, last_norm
from lib.layers import LayerNorm
from lib.shapes import Float, Int
from lib.stacks import Decoder, Encoder, TokenEmbedding

__all__ = [  # the parts too: whoever wants a Transformer finds all of it here
    "BERT",
    "GPT",
    "BlockConfig",
    "Decoder",
    "DecoderBlock",
    "Encoder",
    "EncoderBlock",
    "EncoderDecoder",
    "ModelConfig",
    "TokenEmbedding",
]


class EncoderDecoder(nn.Module):
    """The Transformer of 2017: an encoder reads the source, a decoder writes the target.

    Its parts: source and target, which turn tokens into vectors, encoder, decoder, and the head, which scores all tokens.
    """

    def __init__(self, config: ModelConfig, source_vocab: int):
        super().__init__()
        self.source = TokenEmbedding(config, source_vocab)
        self.target = TokenEmbedding(config, config.vocab_size)
        self.encoder, self.decoder = Encoder(config), Decoder(config)
        self.head = nn.Linear(config.block.d_model, config.vocab_size, bias=False)
        initialise(self, config, last_norm(self.decoder.blocks, self.decoder.norm))
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
    """A decoder alone: every token predicts the next. Reference: Radford et al. 2019, section 2.3.

    Its parts: embed, encoder, head. Its blocks are an encoder's; what makes it a decoder is the mask.
    """

    def __init__(self, config: ModelConfig):
        super().__init__()
        self.embed, self.encoder = TokenEmbedding(config, config.vocab_size), Encoder(config)
        self.head = nn.Linear(config.block.d_model, config.vocab_size, bias=False)
        initialise(self, config, last_norm(self.encoder.blocks, self.encoder.norm))
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
    """An encoder alone: every token is read with both its sides. Reference: Devlin et al. 2019, section 3.

    Its parts: embed, segments, norm, encoder; then dense, head_norm and head, which score all tokens.
    """

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
