"""One step against torch on the whole batch, and by what it promises."""

import copy

import pytest
import torch

from lib.gradients import clip_gradients
from lib.optim import AdamW, clip_grad_norm
from lib.precision import LossScaler
from lib.training import train_step
from tests.lib.small_training import Small, V, batch, of_whole, same


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("clip", [None, 0.01, 1e6])
def test_a_step_is_the_step_of_the_whole_batch(seed, clip):
    model, whole = Small(seed), Small(seed)
    micro = [batch(seed, 1, 2, 0.0), batch(seed + 50, 4, 5), batch(seed + 99, 2, 3, 0.9)]
    for p in model.parameters():
        p.grad = torch.full_like(p, 7.0)  # left over from before
    mine, theirs = (torch.optim.SGD(m.parameters(), lr=0.3, momentum=0.9) for m in (model, whole))
    for _ in range(3):
        step = train_step(model, micro, mine, clip)
        theirs.zero_grad()
        loss = of_whole(whole, micro)
        loss.backward()
        norm = torch.nn.utils.get_total_norm([p.grad for p in whole.parameters()])
        for p in whole.parameters():  # torch's clip_grad_norm_ adds 1e-6 to the norm
            p.grad *= min(1.0, (clip or torch.inf) / norm)
        theirs.step()
        assert (float(step.loss), float(step.norm)) == pytest.approx((loss.item(), norm.item()), rel=1e-12)
        assert not step.skipped
        assert not step.loss.requires_grad
        for p, q in zip(model.parameters(), whole.parameters(), strict=True):
            torch.testing.assert_close(p, q, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("max_norm", [1e-3, 1e3, None])
def test_clipping_is_torchs_and_that_of_the_lesson(max_norm):
    ours, torchs, lessons = Small(0), Small(0), Small(0)
    for model in (ours, torchs, lessons):
        of_whole(model, [batch(0)]).backward()
        model.embed.weight.grad[0] *= 50
    norm = clip_gradients([torch.zeros(3), *ours.parameters()], max_norm)
    theirs = torch.nn.utils.clip_grad_norm_(torchs.parameters(), max_norm or torch.inf)
    assert norm.item() == pytest.approx(theirs.item(), rel=1e-12)
    assert norm.item() == pytest.approx(
        clip_grad_norm(lessons.parameters(), max_norm or torch.inf), rel=1e-12
    )
    for p, q, r in zip(ours.parameters(), torchs.parameters(), lessons.parameters(), strict=True):
        torch.testing.assert_close(p.grad, q.grad, rtol=1e-5, atol=0)
        torch.testing.assert_close(p.grad, r.grad, rtol=1e-12, atol=0)
    assert clip_gradients([torch.zeros(3)], max_norm) == 0
    with pytest.raises(ValueError, match="max_norm=0"):
        clip_gradients(ours.parameters(), 0)


@pytest.mark.parametrize("make", [lambda ps: torch.optim.AdamW(ps, fused=True), AdamW, torch.optim.SGD])
@pytest.mark.parametrize("bad", [torch.inf, torch.nan])
def test_no_step_is_taken_with_what_is_not_finite(make, bad):
    model = Small(0)
    optimizer = make(model.parameters())
    train_step(model, [batch(0)], optimizer, clip=1.0)
    kept, state = copy.deepcopy(model), copy.deepcopy(optimizer.state_dict())
    handle = model.head.bias.register_hook(lambda gradient: gradient * bad)  # in the last parameter alone
    step = train_step(model, [batch(1)], optimizer, clip=1.0)
    handle.remove()
    assert step.skipped
    assert same(model, kept)
    torch.testing.assert_close(optimizer.state_dict(), state, rtol=0, atol=0)
    assert not train_step(model, [batch(1)], optimizer, clip=1.0).skipped


@pytest.mark.parametrize("clip", [None, 0.05])
def test_a_scale_changes_no_step(clip):
    model, other = Small(1), Small(1)
    scaler = LossScaler(scale=1024.0, interval=2)
    for seed in range(4):
        a = train_step(model, [batch(seed), batch(seed + 9)], torch.optim.SGD(model.parameters(), 0.1), clip)
        b = train_step(
            other,
            [batch(seed), batch(seed + 9)],
            torch.optim.SGD(other.parameters(), 0.1),
            clip,
            scaler=scaler,
        )
        assert (float(a.loss), float(a.norm)) == (float(b.loss), float(b.norm))
    assert same(model, other)
    assert scaler.scale == 4096.0


def test_an_overflow_is_skipped_and_lowers_the_scale():
    model, scaler = Small(0).float(), LossScaler(scale=2.0**100)
    kept = copy.deepcopy(model)
    model.embed.weight.register_hook(lambda gradient: gradient * 2.0**60)
    step = train_step(model, [batch(0)], torch.optim.SGD(model.parameters(), 0.1), 1.0, scaler=scaler)
    assert step.skipped
    assert same(model, kept)
    assert (scaler.scale, scaler.good) == (2.0**99, 0)


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_only_the_products_have_16_bits(precision):
    model = Small(0).float()
    seen = []
    model.head.register_forward_hook(lambda module, x, out: seen.append(out.dtype))
    whole = of_whole(model, [batch(0)]).item()
    step = train_step(model, [batch(0)], torch.optim.SGD(model.parameters(), 0.1), precision=precision)
    assert seen == [torch.float32, getattr(torch, precision)]
    assert (
        {p.dtype for p in model.parameters()} == {p.grad.dtype for p in model.parameters()} == {torch.float32}
    )
    assert step.loss.dtype == torch.float32
    assert float(step.loss) == pytest.approx(whole, rel=0.02)


ids = torch.zeros(2, 3).long()


@pytest.mark.parametrize(
    ("micro", "words"),
    [
        ([], "there is no micro-batch"),
        ([(ids[:0], ids[:0])], "micro-batch 0 has x torch.int64 \\(0, 3\\)"),
        ([(ids, ids), (ids, ids[:1])], "micro-batch 1 .* one shape"),
        ([(ids, ids - 100)], "no target counts"),
        ([(ids, ids + V)], "targets has 11; with V=11 logits a target must lie from 0 to 10 or be -100"),
        ([(ids, ids - 1)], "targets has -1"),
        ([(ids, ids.int())], "targets are torch.int32"),
        ([(ids + V, ids)], "tokens go from 11 to 11, but the model's largest embedding has rows 0 to 10"),
        ([(ids - 1, ids)], "tokens go from -1"),
    ],
)
def test_a_wrong_batch_is_refused(micro, words):
    model = Small(0)
    with pytest.raises(ValueError, match=words):
        train_step(model, micro, torch.optim.SGD(model.parameters(), 0.1))
    assert same(model, Small(0))
