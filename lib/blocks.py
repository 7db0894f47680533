"""The two blocks of a Transformer: attention and a feed-forward network, each added to what came in.

Dimension key: B batch, T tokens, S context tokens, D model width. Masks are boolean, True = may look. With norm_first a
sublayer reads a normalised copy, x + f(norm(x)); without, the sum is normalised, norm(x + f(x)), as in 2017.
"""

from torch import Tensor, nn

from lib.attention import MultiHeadAttention
from lib.config import BlockConfig
from lib.layers import FeedForward, LayerNorm, RMSNorm, SelfAttention, SwiGLU
from lib.shapes import Float


def make_norm(config: BlockConfig) -> LayerNorm | RMSNorm:
    """Return the norm that a block of this config has."""
    return (LayerNorm if config.norm == "layer" else RMSNorm)(config.d_model, config.eps)


def make_network(config: BlockConfig) -> FeedForward | SwiGLU:
    """Return the feed-forward network that a block of this config has."""
    if config.network == "swiglu":
        return SwiGLU(config.d_model, config.width, config.bias)
    return FeedForward(config.d_model, config.width, config.network, config.bias)


class EncoderBlock(nn.Module):
    """Self-attention, then the feed-forward network. Under a causal mask it is a block of a GPT.

    Its parts: attention, feed_forward, norm1 for attention, norm2 for the network; norm_first says where the norms stand.

    Reference: Vaswani et al. 2017, section 3.1; Xiong et al. 2020, table 1, for both places of the norm.
    """

    def __init__(self, config: BlockConfig):
        super().__init__()
        self.norm_first = config.norm_first
        self.attention = SelfAttention(
            config.d_model, config.n_heads, config.n_kv_heads, config.bias, config.rope_base
        )
        self.feed_forward = make_network(config)
        self.norm1, self.norm2 = make_norm(config), make_norm(config)

    def forward(
        self, x: Float[Tensor, "B T D"], mask: Tensor | None = None, positions: Tensor | None = None
    ) -> Float[Tensor, "B T D"]:
        """Return the tokens after both sublayers; norm1 belongs to attention. positions are for rotation alone."""
        ### BEGIN SOLUTION
        if self.norm_first:
            x = x + self.attention(self.norm1(x), mask, positions)
            return x + self.feed_forward(self.norm2(x))
        x = self.norm1(x + self.attention(x, mask, positions))
        return self.norm2(x + self.feed_forward(x))
        ### END SOLUTION


class DecoderBlock(nn.Module):
    """Self-attention, then attention to the encoder's output, then the feed-forward network.

    Its parts: attention, cross, feed_forward, and norm1 to norm3 for them in this order; norm_first as above.

    Reference: Vaswani et al. 2017, section 3.1.
    """

    def __init__(self, config: BlockConfig):
        super().__init__()
        self.norm_first = config.norm_first
        sizes = (config.d_model, config.n_heads, config.n_kv_heads, config.bias)
        self.attention = SelfAttention(*sizes, config.rope_base)
        self.cross = MultiHeadAttention(*sizes)  # two sequences have no common positions to rotate by
        self.feed_forward = make_network(config)
        self.norm1, self.norm2, self.norm3 = (make_norm(config) for _ in range(3))

    def forward(
        self,
        x: Float[Tensor, "B T D"],
        context: Float[Tensor, "B S D"],
        mask: Tensor | None = None,
        context_mask: Tensor | None = None,
        positions: Tensor | None = None,
    ) -> Float[Tensor, "B T D"]:
        """Return the tokens after the three sublayers, whose norms are norm1 to norm3 in their order.

        mask says what x may read of x, context_mask what it may read of context, which is read as it comes.
        """
        ### BEGIN SOLUTION
        if self.norm_first:
            x = x + self.attention(self.norm1(x), mask, positions)
            x = x + self.cross(self.norm2(x), context, context_mask)
            return x + self.feed_forward(self.norm3(x))
        x = self.norm1(x + self.attention(x, mask, positions))
        x = self.norm2(x + self.cross(x, context, context_mask))
        return self.norm3(x + self.feed_forward(x))
        ### END SOLUTION
