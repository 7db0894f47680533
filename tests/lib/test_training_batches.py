"""Batches, windows and devices, by what they promise."""

import pytest
import torch

from lib.training import batches_of, device_of, get_batch, windows_of


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
    for n, rows, context in ((5, 2, 5), (24, 0, 5), (24, 2, 0), (24, 2, -5)):
        with pytest.raises(
            ValueError, match=f"no window of {context} and a next one, or batch={rows} is not"
        ):
            windows_of(torch.arange(n), rows, context)


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


def test_a_gpu_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(
        ValueError, match="device 'cuda' is not there; this machine has cpu: take one of them"
    ):
        device_of("cuda")
