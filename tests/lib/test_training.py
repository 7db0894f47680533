"""Batches, devices, evaluation and one step: against torch on the whole batch, and by what they promise."""

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from lib.gradients import clip_gradients
from lib.optim import AdamW, clip_grad_norm
from lib.precision import LossScaler
from lib.training import batches_of, device_of, evaluate, get_batch, train_step, windows_of
from tests.lib.small_training import Small, V, batch, same


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_every_window_comes_the_last_one_included():
    x, y = get_batch(torch.arange(10), 400, 4, generator())
    assert sorted(set(x[:, 0].tolist())) == [0, 1, 2, 3, 4, 5]  # one is missed with probability 1e-31
    assert torch.equal(y, x + 1)
    assert x.dtype == y.dtype == torch.int64


def test_a_batch_follows_from_its_generator_alone():
    before, tokens = torch.get_rng_state(), torch.arange(1000)
    a = get_batch(tokens, 4, 8, generator(3))
    g = generator(3)
    b, c = get_batch(tokens, 4, 8, g), get_batch(tokens, 4, 8, g)
    assert torch.equal(a[0], b[0])
    assert not torch.equal(b[0], c[0])
    assert torch.equal(torch.get_rng_state(), before)


def test_large_tokens_of_32_bits_come_whole():
    x, y = get_batch(torch.tensor([2**31 - 1, 2**31 - 2], dtype=torch.int32), 1, 1, generator())
    assert (x.item(), y.item(), x.dtype) == (2**31 - 1, 2**31 - 2, torch.int64)


@pytest.mark.parametrize(
    ("n", "rows", "context", "words"),
    [
        (4, 1, 4, "a text of 4 tokens .* needs 5"),
        (9, 0, 4, "batch=0"),
        (9, 1, 0, "context=0"),
        (0, 1, 1, "a text of 0"),
    ],
)
def test_what_gives_no_batch_is_refused(n, rows, context, words):
    with pytest.raises(ValueError, match=words):
        get_batch(torch.arange(n), rows, context, generator())
    with pytest.raises(ValueError, match=words):
        batches_of(torch.arange(n), rows, context)


def test_batches_are_a_function_of_their_number_and_the_seed():
    tokens = torch.arange(10_000)
    data, other = batches_of(tokens, 2, 3, seed=1), batches_of(tokens, 2, 3, seed=2)
    firsts = [tuple(data(i)[0][:, 0].tolist()) for i in range(200)]
    assert firsts == [tuple(data(i)[0][:, 0].tolist()) for i in reversed(range(200))][::-1]
    assert len(set(firsts)) == 200
    assert len(set(firsts) | {tuple(other(i)[0][:, 0].tolist()) for i in range(200)}) == 400


def test_windows_cover_a_text_once():
    batches = windows_of(torch.arange(24), 2, 5)
    assert torch.cat([x for x, _ in batches]).flatten().tolist() == list(range(20))
    assert torch.cat([y for _, y in batches]).flatten().tolist() == list(range(1, 21))
    assert [len(x) for x, _ in batches] == [2, 2]
    for n, rows in ((5, 2), (24, 0)):
        with pytest.raises(ValueError, match="no window of 5|batch=0"):
            windows_of(torch.arange(n), rows, 5)


def test_a_device_is_chosen_by_what_is_there(monkeypatch):
    for cuda, mps, best in ((0, False, "cpu"), (0, True, "mps"), (2, True, "cuda")):
        monkeypatch.setattr(torch.cuda, "is_available", lambda cuda=cuda: cuda > 0)
        monkeypatch.setattr(torch.cuda, "device_count", lambda cuda=cuda: cuda)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda mps=mps: mps)
        assert device_of() == torch.device(best)
        assert device_of("cpu").type == "cpu"
    assert device_of("cuda:1") == torch.device("cuda", 1)
    for wrong in ("cuda:2", "cuda:", "tpu", ""):
        with pytest.raises(ValueError, match=f"'{wrong}' is not there; this machine has cuda, mps, cpu"):
            device_of(wrong)


def test_a_gpu_that_is_not_there_is_refused():
    with pytest.raises(
        ValueError, match="device 'cuda' is not there; this machine has cpu: take one of them"
    ):
        device_of("cuda")


def of_whole(model, batches):
    x, y = (torch.cat([one[i].flatten() for one in batches]) for i in (0, 1))
    return F.cross_entropy(model(x), y)


@pytest.mark.parametrize("seed", range(5))
def test_an_evaluation_weighs_by_tokens(seed):
    model, batches = Small(seed), [batch(seed, 1, 3), batch(seed + 9, 4, 7, ignored=0.8), batch(seed, 2, 2)]
    batches.append((batches[0][0], torch.full_like(batches[0][1], -100)))
    assert evaluate(model, iter(batches)) == pytest.approx(of_whole(model, batches).item(), rel=1e-12)


def test_an_evaluation_leaves_no_trace():
    model = nn.Sequential(Small(0, dropout=0.5), nn.Dropout(0.5), nn.Sequential(nn.Dropout(0.5)))
    model[1].eval()  # frozen in a model that trains
    model[2].eval()
    model[2][0].train()  # and the other way round
    for p in model.parameters():
        p.grad = torch.ones_like(p)
    kept = copy.deepcopy(model)
    before, modes = torch.get_rng_state(), [m.training for m in model.modules()]

    def drawn():
        for i in range(3):
            torch.rand(1)  # as a DataLoader does
            yield batch(i)

    first, second = evaluate(model, drawn()), evaluate(model, drawn())
    assert first == second
    assert [m.training for m in model.modules()] == modes
    assert torch.equal(torch.get_rng_state(), before)
    assert same(model, kept)
    assert all(torch.equal(p.grad, torch.ones_like(p)) for p in model.parameters())


def test_an_evaluation_that_fails_leaves_no_trace_either():
    model = Small(0)
    with pytest.raises(ValueError, match="targets has 11; with V=11"):
        evaluate(model, [(torch.zeros(1, 1).long(), torch.full((1, 1), V))])
    assert all(m.training for m in model.modules())


def test_an_evaluation_builds_no_graph():
    seen = []
    model = Small(0)
    model.register_forward_hook(lambda *_: seen.append((torch.is_grad_enabled(), model.training)))
    evaluate(model, [batch(0)])
    assert seen == [(False, False)]


@pytest.mark.parametrize("batches", [[], [(torch.zeros(1, 2).long(), torch.full((1, 2), -100))]])
def test_an_evaluation_of_nothing_is_refused(batches):
    with pytest.raises(ValueError, match="no target counts"):
        evaluate(Small(0), batches)


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
