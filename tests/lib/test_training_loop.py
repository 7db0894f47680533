"""The loop: against a plain one in float64, and each of its promises by what arrives at a spy."""

import copy
import re
from functools import partial

import pytest
import torch

from lib import batches
from lib.reports import Reports
from lib.training import History, Record, Step, TrainConfig, batches_of, train, windows_of
from tests.lib.small_training import Small, V, batch, data, plain_loop, same

HELD_OUT = [batch(77), batch(78)]


class Spy(torch.optim.SGD):
    """Also notes the rates that it steps with."""

    def __init__(self, model):
        super().__init__(model.parameters(), lr=123.0)
        self.rates = []

    def step(self, closure=None):
        self.rates += [tuple(group["lr"] for group in self.param_groups)]
        return super().step(closure)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("warmup", "accumulate", "clip"), [(0, 1, 1e9), (3, 2, 0.3), (20, 3, 0.1)])
def test_it_goes_the_way_of_a_plain_loop(seed, warmup, accumulate, clip):
    config = TrainConfig(steps=20, lr=0.02, warmup=warmup, accumulate=accumulate, clip=clip, decay=0.5)
    model, other = Small(seed), Small(seed)
    told = plain_loop(other, config)
    records = train(model, data, config).records
    assert [record.step for record in records] == list(range(20))
    torch.testing.assert_close(torch.tensor([(r.loss, r.norm, r.lr) for r in records]), torch.tensor(told))
    for p, q in zip(model.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(p, q, rtol=0, atol=1e-10)


def test_batches_rates_and_tokens_are_those_of_their_step():
    asked, model = [], Small(0)
    spy = Spy(model)

    def noted(i):
        asked.append(i)
        return data(i)

    history = train(model, noted, TrainConfig(steps=4, lr=1.0, warmup=2, accumulate=3), optimizer=spy)
    assert asked == list(range(12))
    assert [rate for (rate,) in spy.rates] == pytest.approx([0.5, 1.0, 1.0, 0.55])
    assert [r.lr for r in history.records] == [rate for (rate,) in spy.rates]
    counts = [int((data(i)[1] >= 0).sum()) for i in range(12)]
    assert [r.tokens for r in history.records] == [sum(counts[i : i + 3]) for i in (0, 3, 6, 9)]
    assert (history.device, history.precision) == ("cpu", "float32")


@pytest.mark.parametrize(("every", "after"), [(0, []), (3, [2, 5, 6]), (1, list(range(7))), (50, [6])])
def test_it_evaluates_after_the_steps_that_the_config_names(every, after):
    config = TrainConfig(steps=7, lr=0.1, eval_every=every)
    history = train(Small(0), data, config, held_out=HELD_OUT if every else None)
    assert [r.step for r in history.records if r.held_out is not None] == after
    assert history.best == min(
        (r.held_out for r in history.records if r.held_out is not None), default=torch.inf
    )
    assert history.best_weights is None


class Staircase:
    """Held-out batches which make a model that knows their row numbers lose what is wanted, one after the other."""

    def __init__(self, losses):
        self.losses, self.read = losses, 0

    def __iter__(self):
        self.read += 1
        yield torch.full((1, 1), self.losses[self.read - 1]), torch.zeros(1, 1).long()


def ones(i):
    return torch.zeros(1, 1).long(), torch.ones(1, 1).long()


class Known(torch.nn.Module):
    """Its loss for the target 0 grows with the token; its other weight moves at each step."""

    def __init__(self):
        super().__init__()
        self.moved = torch.nn.Parameter(torch.zeros(2, dtype=torch.float64))

    def forward(self, x):
        fixed = torch.stack([torch.zeros_like(x), x], dim=-1).double()
        return fixed + (self.moved if self.training else 0.0)


@pytest.mark.parametrize(
    ("losses", "patience", "steps", "best"),
    [
        ([5, 3, 3, 3, 1], 2, 4, 1),  # a tie is no better
        ([5, 3, 4, 2, 2, 6, 1], 3, 6 + 1, 6),
        ([5, 4, 3, 2], 1, 4, 3),
        ([2, 3, 1, 4, 5, 0], 2, 5, 2),
    ],
)
def test_it_stops_when_patience_is_out_and_the_best_weights_come_back(losses, patience, steps, best):
    model, kept = Known(), []
    config = TrainConfig(steps=len(losses), lr=0.1, eval_every=1, patience=patience)
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    history = train(
        model,
        ones,
        config,
        lambda _: kept.append(copy.deepcopy(model)),
        held_out=Staircase(losses),
        optimizer=optimizer,
    )
    assert len(history.records) == steps
    assert (history.best_step, history.stopped) == (best, steps < len(losses))
    assert same(model, kept[best])
    assert best == steps - 1 or not same(model, kept[-1])


@pytest.mark.parametrize("bad", [0, 4])
@pytest.mark.parametrize("value", [torch.nan, torch.inf])
def test_a_loss_that_is_not_finite_stops_it_before_the_step(bad, value):
    class Breaks(Small):
        calls = 0

        def forward(self, x):
            self.calls += 1
            return super().forward(x) * (value if self.calls == bad + 1 else 1.0)

    model, other, told = Breaks(0), Small(0), []
    config = TrainConfig(steps=9, lr=0.01)
    kept = []
    train(other, data, config, lambda _: kept.append(copy.deepcopy(other)))
    with pytest.raises(FloatingPointError, match=rf"loss is nan at step {bad}, lr 0\.0\d+: .* lower lr"):
        train(model, data, config, told.append)
    assert [record.step for record in told] == list(range(bad))
    assert same(model, kept[bad - 1] if bad else Small(0))


def test_a_gradient_that_is_not_finite_stops_it_too():
    model = Small(0)
    model.head.bias.register_hook(lambda gradient: gradient * torch.inf)
    with pytest.raises(FloatingPointError, match="the gradient's norm is (inf|nan) at step 0"):
        train(model, data, TrainConfig(steps=2, lr=0.1))
    assert same(model, Small(0))


def test_float16_goes_on_after_an_overflow_but_not_for_ever():
    model = Small(0).float()
    handle = model.head.bias.register_hook(lambda gradient: gradient * torch.inf)
    with pytest.raises(
        FloatingPointError, match="the gradient's norm is (inf|nan) at step 16"
    ):  # 2^16 fell below 1
        train(model, data, TrainConfig(steps=100, lr=0.01, precision="float16"))
    assert same(model, Small(0).float())
    handle.remove()
    model.head.bias.register_hook(lambda gradient: torch.where(gradient.abs() > 600, torch.inf, gradient))
    skipped = [
        r.skipped for r in train(model, data, TrainConfig(steps=12, lr=0.01, precision="float16")).records
    ]
    assert skipped[0]
    assert sum(skipped) < 12


def test_results_of_a_gpu_are_read_together_and_the_first_that_is_bad_is_named():
    told = []
    reports = Reports(History("cuda:0", "float32"), told.append, every=3)
    number = torch.tensor
    for step, loss in enumerate([3.0, 2.0, 1.5, 1.0, torch.nan, torch.nan]):
        result = Step(number(loss), number(1.0), number(loss != loss))
        if step < 5:
            reports.add(step, result, 0.1, number(7))
            reports.send(on_error=lambda: None)
            assert [record.step for record in told] == list(range((step + 1) // 3 * 3))
    assert told[1] == Record(1, 2.0, 1.0, 0.1, 7)
    with pytest.raises(FloatingPointError, match="loss is nan at step 4"):
        reports.add(5, result, 0.1, number(7))


def test_numbers_may_be_plain_ones():
    reports = Reports(History("cpu", "float32"), None, every=1)
    reports.add(0, Step(2.5, 1.0, False), 0.1, torch.tensor(7))
    reports.finish()
    assert reports.history.records == [Record(0, 2.5, 1.0, 0.1, 7)]


def test_too_little_memory_says_what_to_change():
    errors = iter(
        [
            torch.OutOfMemoryError("CUDA out of memory"),
            RuntimeError("can't allocate memory: 5"),
            RuntimeError("x"),
        ]
    )

    class Hungry(Small):
        def forward(self, x):
            raise next(errors)

    for _ in range(2):
        with pytest.raises(
            torch.OutOfMemoryError, match=r"at step 0 with micro-batches of \(2, 5\)\. Halve the batch"
        ):
            train(Hungry(0), lambda i: batch(i, 2), TrainConfig(steps=1, lr=0.1))
    with pytest.raises(RuntimeError, match="^x$"):
        train(Hungry(0), data, TrainConfig(steps=1, lr=0.1))


def test_a_compiled_model_learns_the_same_and_keeps_its_names(monkeypatch):
    calls = []

    def compiled(what, real=torch.compile):
        calls.append(what)
        return real(what, backend="eager")

    monkeypatch.setattr(torch, "compile", compiled)
    monkeypatch.setattr(
        batches, "_compiled_token_loss", lambda: batches._token_loss
    )  # the shape checks do not compile
    settings = {"steps": 4, "lr": 0.1, "eval_every": 2, "patience": 2}
    model, other = Small(0), Small(0)
    history = train(model, lambda i: batch(i), TrainConfig(**settings, compile=True), held_out=HELD_OUT)
    expected = train(other, lambda i: batch(i), TrainConfig(**settings), held_out=HELD_OUT)
    assert calls[0] is model
    assert history.records == expected.records
    assert same(model, other)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"steps": 0}, "steps=0 must be at least 1"),
        ({"lr": 0.0}, "lr=0.0 must be positive"),
        ({"lr": torch.nan}, "lr=nan must be positive"),
        ({"warmup": 11}, "warmup=11 must not be more than steps=10"),
        ({"accumulate": 0}, "accumulate=0 must be at least 1"),
        ({"clip": 0.0}, "clip=0.0 must be positive, or None"),
        ({"decay": -1.0}, "decay=-1.0 must not be negative"),
        ({"eval_every": -1}, "eval_every=-1 must be at least 0"),
        ({"patience": 2}, "patience=2 must have an eval_every of 1 or more"),
        ({"patience": 0, "eval_every": 1}, "patience=0 must be at least 1, or None"),
        ({"checkpoint_every": 5}, "checkpoint_every=5 must have a checkpoint, the name of a file"),
        ({"precision": "fp8"}, "precision='fp8' must be one of float32, bfloat16, float16"),
        ({"log_every": 0}, "log_every=0 must be at least 1"),
    ],
)
def test_a_config_that_cannot_work_is_refused(change, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        TrainConfig(**{"steps": 10, "lr": 0.1, **change})


def test_held_out_batches_and_their_config_belong_together():
    once = partial(train, Small(0), data, TrainConfig(steps=1, lr=0.1, eval_every=1))
    with pytest.raises(ValueError, match="held_out is missing"):
        once()
    with pytest.raises(ValueError, match="held_out can be read only once"):
        once(held_out=iter(HELD_OUT))
    with pytest.raises(ValueError, match="eval_every=0 evaluates never"):
        train(Small(0), data, TrainConfig(steps=1, lr=0.1), held_out=HELD_OUT)


def test_it_learns_what_there_is_to_learn():
    tokens = torch.arange(4000) % V
    model = Small(0)
    config = TrainConfig(steps=120, lr=0.3, warmup=5, decay=0.0, eval_every=60)
    history = train(model, batches_of(tokens, 8, 16), config, held_out=windows_of(tokens, 16, 16))
    assert history.records[0].loss > 2
    assert history.best < 0.05
