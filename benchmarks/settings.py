"""The models that are trained to measure or to compare, and how the benchmark of the training loop trains them."""

from dataclasses import dataclass

from lib.config import BlockConfig, ModelConfig


@dataclass(frozen=True)
class Setting:
    """A model and how it is trained."""

    model: ModelConfig
    batch: int
    context: int
    precision: str = "float32"
    compile: bool = False
    accumulate: int = 1
    steps: int = 20  # of a block
    narrow: bool = False  # of lib.fused.FusedGPT


def gpt(d_model: int, n_heads: int, n_layers: int, vocab_size: int, context: int) -> ModelConfig:
    """Return the config of a GPT."""
    block = BlockConfig(d_model=d_model, n_heads=n_heads, network="gelu_tanh", bias=False)
    return ModelConfig(block=block, vocab_size=vocab_size, n_layers=n_layers, context=context)


SETTINGS = {
    "tiny": Setting(gpt(32, 2, 1, 80, 32), 4, 32, accumulate=2, steps=5),
    "tiny16": Setting(gpt(32, 2, 1, 80, 32), 4, 32, "bfloat16", compile=True, steps=5, narrow=True),
    "cpu": Setting(gpt(128, 4, 4, 80, 64), 16, 64, steps=10),
    "gpu": Setting(gpt(384, 6, 6, 80, 256), 64, 256, "bfloat16", compile=True, steps=100),
    # 50,257 tokens, rounded up to a multiple of 64, which matrix units are made for
    "124M": Setting(gpt(768, 12, 12, 50304, 1024), 32, 1024, "bfloat16", compile=True, narrow=True),
    "124M-16": Setting(gpt(768, 12, 12, 50304, 1024), 16, 1024, "bfloat16", compile=True, narrow=True),
    "124M-wide": Setting(gpt(768, 12, 12, 50304, 1024), 32, 1024, "bfloat16", compile=True),
}
