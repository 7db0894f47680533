"""How much of what a GPU could do a training run makes use of."""

import torch

from lib.accounting import flops_per_token
from lib.config import ModelConfig

# Dense bfloat16 operations a second by the makers' data sheets, which also print twice as many "with sparsity".
PEAKS = {"H200": 989e12, "H100": 989e12, "A100": 312e12}


def peak_of(name: str) -> float | None:
    """Return the bfloat16 operations a second of a device with this name, or None if the table has none.

    >>> peak_of("NVIDIA H100 80GB HBM3")
    989000000000000.0
    """
    return next((peak for model, peak in PEAKS.items() if model in name), None)


def utilisation(config: ModelConfig, T: int, tokens_per_second: float, peak: float) -> float:
    """Return the model-FLOPs utilisation (MFU): what the model needs a second, as a share of the peak.

    The backward pass costs twice the forward one. What is computed again to save memory does not count.
    Reference: Chowdhery et al. 2022, appendix B.

    >>> from lib.config import BlockConfig
    >>> one = ModelConfig(block=BlockConfig(d_model=2, n_heads=1), vocab_size=5, n_layers=1, context=9)
    >>> utilisation(one, T=3, tokens_per_second=10.0, peak=8400.0)  # 3 · 140 · 10 of 8400
    0.5
    """
    return 3 * flops_per_token(config, T) * tokens_per_second / peak


def device_name(device: torch.device) -> str:
    """Return the name of a GPU, or "cpu"."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type
