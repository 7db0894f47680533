"""A BERT with both heads that its pretraining needs, its two losses, and the loop that brings them down.

Dimension key: B batch, T tokens, D model width, V vocabulary. Losses are in nats.
Left out on purpose: checkpoints, accumulation, 16 bits; lib.training has them for a GPT.
Reference: Devlin et al. 2019, section 3.1 and appendix A.2.
"""

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lib.config import ModelConfig
from lib.cross_entropy import IGNORED, cross_entropy
from lib.devices import to_device, where
from lib.gradients import clip_gradients
from lib.initialisation import STD
from lib.losses import nsp_loss
from lib.optim import cosine_with_warmup, decay_groups
from lib.sentence_pairs import PairBatch
from lib.shapes import Float
from lib.transformer import BERT


class PretrainingBERT(BERT):
    """BERT with the second head that its pretraining needs; called like BERT it gives the logits of all tokens.

    Its parts besides BERT's: pooler, which reads the vector of [CLS], and next, which scores "follows" and "does not".
    """

    def __init__(self, config: ModelConfig, n_segments: int = 2):
        super().__init__(config, n_segments)
        D = config.block.d_model
        self.pooler, self.next = nn.Linear(D, D), nn.Linear(D, 2)
        for layer in (self.pooler, self.next):
            nn.init.normal_(layer.weight, 0.0, STD)
            nn.init.zeros_(layer.bias)

    def score(self, x: Float[Tensor, "*rows D"]) -> Float[Tensor, "*rows V"]:
        """Return the logits of all tokens for some of the encoder's vectors."""
        return self.head(self.head_norm(F.gelu(self.dense(x))))

    def follows(self, x: Float[Tensor, "B T D"]) -> Float[Tensor, "B 2"]:
        """Return the logits of "the second half follows" and "it does not", from the vector of [CLS]."""
        return self.next(torch.tanh(self.pooler(x[:, 0])))


def _outputs(model: PretrainingBERT, batch: PairBatch) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return logits and labels of the hidden tokens alone, which are few, then those of the second halves."""
    device = where(model)
    tokens, segments, labels, is_next, lengths = (
        to_device(batch[name], device) for name in ("tokens", "segments", "labels", "is_next", "lengths")
    )
    padded = bool((batch["lengths"] < tokens.shape[1]).any())  # without padding no mask is needed
    x = model.encode(tokens, lengths if padded else None, segments)
    asked = labels != IGNORED
    return model.score(x[asked]), labels[asked], model.follows(x), is_next


def bert_loss(model: PretrainingBERT, batch: PairBatch) -> tuple[Float[Tensor, ""], Float[Tensor, ""]]:
    """Return the mean loss of the hidden tokens and that of the second halves; BERT is trained on their sum."""
    logits, labels, next_logits, is_next = _outputs(model, batch)
    return cross_entropy(logits, labels), nsp_loss(next_logits, is_next)


def train_bert(
    model: PretrainingBERT,
    data: Callable[[int], PairBatch],
    *,
    steps: int,
    lr: float,
    warmup: int = 0,
    clip: float | None = 1.0,
    decay: float = 0.1,
    on_step: Callable[[int, float, float], object] | None = None,
) -> None:
    """Train where the model is: step s takes data(s), AdamW with β₂ = 0.98, and the schedule of `lib.training.train`.

    on_step hears of each step, counted from 0, and its two losses. No step is taken with a gradient that is inf or NaN.

    Raises ValueError when steps is less than 1 or warmup over it, and FloatingPointError with the losses of that step.
    Reference: Liu et al. 2019, section 3.1, for β₂, where BERT had 0.999.
    """
    if steps < 1:
        raise ValueError(f"steps={steps} must be at least 1")
    groups = decay_groups(model, decay)
    optimizer = torch.optim.AdamW(groups, lr=lr, betas=(0.9, 0.98), fused=True)
    for step in range(steps):
        rate = cosine_with_warmup(step, peak=lr, warmup=warmup, total=steps, floor=lr / 10)
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.zero_grad()
        masked, follows = bert_loss(model, data(step))
        (masked + follows).backward()
        norm = clip_gradients(model.parameters(), clip)
        if not norm.isfinite():
            raise FloatingPointError(
                f"step {step}: masked loss {masked.item()}, next loss {follows.item()}, gradient {norm.item()}"
            )
        optimizer.step()
        if on_step is not None:
            on_step(step, masked.item(), follows.item())


@torch.no_grad()
def evaluate_bert(model: PretrainingBERT, batches: Iterable[PairBatch]) -> dict[str, float]:
    """Return the means over some batches: "masked" and "next", the losses, and "masked right" and "next right", shares.

    Raises ValueError when no token is hidden in them.
    """
    sums = torch.zeros(6, dtype=torch.float64)
    for batch in batches:
        logits, labels, next_logits, is_next = _outputs(model, batch)
        found = logits.argmax(dim=-1) == labels, (next_logits.argmax(dim=-1) == 0) == is_next
        losses = F.cross_entropy(logits, labels, reduction="sum"), nsp_loss(next_logits, is_next)
        n, m = len(labels), len(is_next)
        sums += torch.tensor([losses[0], losses[1] * m, found[0].sum(), found[1].sum(), n, m])
    if not sums[4]:
        raise ValueError("no token of the batches is hidden; give more batches, or a larger share")
    means = sums[:4] / sums[[4, 5, 4, 5]]
    return dict(zip(("masked", "next", "masked right", "next right"), means.tolist(), strict=True))
