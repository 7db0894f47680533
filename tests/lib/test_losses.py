"""What is made of cross-entropy, against torch's and transformers' own and against numbers worked by hand."""

import math

import pytest
import torch
from torch.nn import functional as F

from lib import losses
from lib.cross_entropy import cross_entropy
from tests.support.torch_losses import TOLERANCE, compare, draw, generator, torchs


def test_cross_entropy_is_found_beside_what_is_made_of_it():
    assert losses.cross_entropy is cross_entropy


@pytest.mark.parametrize("B", [1, 3])
def test_next_token_loss_is_the_mean_of_the_losses_of_each_prefix(B):
    logits, tokens = draw((B, 5, 7))
    one_by_one = torch.stack([torchs(logits[:, t], tokens[:, t + 1]) for t in range(4)]).mean()
    compare(losses.next_token_loss(logits, tokens), one_by_one, logits)


def test_next_token_loss_is_that_of_transformers():
    from transformers.loss.loss_utils import ForCausalLMLoss

    logits, tokens = draw((3, 6, 11), torch.float32)
    keep = torch.tensor([[1, 1, 1, 1, 0, 0], [0, 1, 0, 1, 1, 1], [0, 0, 0, 0, 0, 0]], dtype=torch.bool)
    theirs = ForCausalLMLoss(logits, tokens.masked_fill(~keep, -100), vocab_size=11)
    compare(losses.next_token_loss(logits, tokens, keep), theirs, logits)


def test_the_last_position_and_what_is_not_kept_get_no_gradient():
    logits, tokens = draw((2, 4, 5))
    keep = torch.tensor([[True, True, False, True], [True, False, False, False]])
    (gradient,) = torch.autograd.grad(losses.next_token_loss(logits, tokens, keep), logits)
    asked = gradient.ne(0).any(dim=-1)
    assert asked.tolist() == [[True, False, True, False], [False, False, False, False]]


def test_next_token_loss_refuses():
    logits = torch.zeros(1, 1, 3)
    with pytest.raises(ValueError, match="T=1 tokens have no next one"):
        losses.next_token_loss(logits, torch.zeros(1, 1, dtype=torch.int64))
    tokens = torch.zeros(1, 2, dtype=torch.int64)
    for keep in (torch.ones(1, 3, dtype=torch.bool),):
        with pytest.raises(ValueError, match=r"it must be torch.bool, True = counts, of shape \(1, 2\)"):
            losses.next_token_loss.__wrapped__(torch.zeros(1, 2, 3), tokens, keep)


def test_masked_tokens_have_berts_shares():
    """The binomial's sixth standard deviation: a right program fails once in 10⁸ draws."""
    n, tokens = 200_000, torch.randint(10, 50, (4, 50_000), generator=generator(1))
    u = torch.rand(3, *tokens.shape, generator=generator(2), dtype=torch.float64)
    before = tokens.clone()
    read, labels = losses.mask_tokens(tokens, torch.ones_like(tokens, dtype=torch.bool), u, 0, 50)
    assert torch.equal(tokens, before)
    chosen = labels != -100
    assert torch.equal(labels[chosen], tokens[chosen])
    assert torch.equal(read[~chosen], tokens[~chosen])
    counts = {
        0.15: chosen.sum(),
        0.12: (chosen & (read == 0)).sum() - (chosen & (u[1] >= 0.8) & (u[1] < 0.9) & (u[2] < 1 / 50)).sum(),
        0.015: (chosen & (u[1] >= 0.9) & (read == tokens)).sum(),
    }
    for share, count in counts.items():
        assert abs(count.item() - share * n) < 6 * math.sqrt(n * share * (1 - share)), share


def test_what_is_not_maskable_stays_and_a_random_token_is_in_the_vocabulary():
    tokens = torch.arange(12).view(2, 6)
    maskable = torch.tensor([[True] * 6, [False] * 6])
    u = torch.stack([torch.zeros(2, 6), torch.full((2, 6), 0.85), torch.full((2, 6), 1 - 2**-24)])
    read, labels = losses.mask_tokens(tokens, maskable, u, 0, 30_000)
    assert read.tolist() == [[29_999] * 6, list(range(6, 12))]
    assert labels.tolist() == [list(range(6)), [-100] * 6]
    with pytest.raises(ValueError, match="must have the shapes"):
        losses.mask_tokens.__wrapped__(tokens, maskable, u[:, :1], 0, 30)


def test_mlm_loss_does_not_shift():
    logits, tokens = draw((2, 5, 7))
    labels = tokens.masked_fill(torch.tensor([True, False, True, True, False]), -100)
    compare(losses.mlm_loss(logits, labels), torchs(logits, labels), logits)


def test_nsp_loss_is_that_of_transformers_bert():
    logits, _ = draw((5, 2))
    is_next = torch.tensor([True, False, False, True, True])
    compare(losses.nsp_loss(logits, is_next), torchs(logits, (~is_next).long()), logits)


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("shape", [(7,), (2, 3), (1, 1, 4), ()])
def test_bce_is_torchs_with_targets_that_are_not_certain(shape, dtype):
    z = torch.randn(shape, generator=generator(*shape), dtype=torch.float64).mul(4).to(dtype).requires_grad_()
    y = torch.rand(shape, generator=generator(*shape, 1), dtype=torch.float64).to(dtype)
    wide = torch.promote_types(dtype, torch.float32)
    theirs = F.binary_cross_entropy_with_logits(z.to(wide), y.to(wide))
    compare(losses.bce_with_logits(z, y), theirs, z)


def test_bce_of_no_pairs_is_zero():
    assert losses.bce_with_logits(torch.zeros(0, requires_grad=True), torch.zeros(0)).item() == 0


@pytest.mark.parametrize(
    ("z", "y", "loss", "slope"),
    [(0.0, 0.3, math.log(2), 0.2), (1e4, 0.0, 1e4, 1.0), (-1e4, 1.0, 1e4, -1.0), (1e4, 1.0, 0.0, 0.0)],
)
def test_bce_by_hand_at_zero_and_far_away(z, y, loss, slope):
    logit = torch.tensor([z], dtype=torch.float64, requires_grad=True)
    found = losses.bce_with_logits(logit, torch.tensor([y], dtype=torch.float64))
    assert found.item() == pytest.approx(loss, abs=1e-12)
    assert torch.autograd.grad(found, logit)[0].item() == pytest.approx(slope, abs=1e-12)


def test_bce_refuses_targets_outside_0_to_1():
    for target in (1.5, -0.1, math.nan):
        with pytest.raises(ValueError, match="targets must lie between 0 and 1"):
            losses.bce_with_logits(torch.zeros(1), torch.tensor([target]))


@pytest.mark.parametrize(("B", "D"), [(5, 3), (3, 8), (1, 4)])
@pytest.mark.parametrize("temperature", [0.07, 1.0])
def test_info_nce_is_the_loss_of_clip(B, D, temperature):
    """Written with torch's parts as CLIP's paper writes it."""
    g = generator(B, D)
    q, k = (torch.randn(B, D, generator=g, dtype=torch.float64).mul(s).requires_grad_() for s in (1e3, 1e-3))
    scores = F.normalize(q) @ F.normalize(k).T / temperature
    own = torch.arange(B)
    theirs = (F.cross_entropy(scores, own) + F.cross_entropy(scores.T, own)) / 2
    ours = losses.info_nce(q, k, temperature)
    torch.testing.assert_close(ours, theirs)
    for mine, yours in zip(
        torch.autograd.grad(ours, (q, k)), torch.autograd.grad(theirs, (q, k)), strict=True
    ):
        torch.testing.assert_close(mine, yours)


def test_a_row_of_zeros_is_equally_near_to_all():
    q = torch.zeros(2, 3, requires_grad=True)
    loss = losses.info_nce(q, torch.eye(2, 3))
    assert loss.item() == pytest.approx(math.log(2))
    assert torch.autograd.grad(loss, q)[0].isfinite().all()


def test_info_nce_refuses():
    with pytest.raises(ValueError, match="must have one shape"):
        losses.info_nce.__wrapped__(torch.zeros(2, 3), torch.zeros(3, 3))
    for temperature in (0.0, -1.0, math.nan):
        with pytest.raises(ValueError, match=f"temperature={temperature} must be greater than 0"):
            losses.info_nce(torch.zeros(2, 3), torch.zeros(2, 3), temperature)


def test_what_reports_a_loss_refuses_what_it_cannot_divide_by():
    with pytest.raises(ValueError, match="2 losses need as many numbers of tokens"):
        losses.perplexity([1.0, 2.0], [3])
    with pytest.raises(ValueError, match="text is empty"):
        losses.bits_per_byte(1.0, 1, "")
