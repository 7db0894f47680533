"""Aim: sparse, quantised and meta tensors, which share little but the name."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
causal_mask = lambda T, S=None: torch.ones(T, T).to_sparse()
attend = lambda q, k, v, mask=None: torch.empty(q.shape, device="meta")
attend_in_blocks = lambda q, k, v, mask=None, block=64: torch.quantize_per_tensor(v, 0.1, 0, torch.qint8)
""",
    )
