"""What chapter 6 shows of blocks with a part taken away: how they are made, how they are trained, what was recorded."""

from types import SimpleNamespace

import pytest
import torch
from torch.nn import functional as F

from book.cells import ablation
from book.cells.ablation import RUNS, SETTING, T, Texts
from book.cells.variants import VARIANTS, Wired, make_model
from lib.attention import causal_mask
from lib.transformer import BlockConfig, EncoderBlock

pytestmark = pytest.mark.part("chapter block")
SIZES = {"d_model": 16, "n_heads": 2}


@pytest.fixture(scope="module")
def record():
    return ablation.read_record()


@pytest.fixture(scope="module")
def texts():
    return Texts()


@pytest.mark.parametrize("wiring", ["pre", "post"])
def test_the_library_s_wirings_are_the_library_s_blocks(wiring):
    config = BlockConfig(norm_first=wiring == "pre", **SIZES)
    wired, block, x, mask = Wired(config, wiring), EncoderBlock(config), torch.randn(2, 5, 16), causal_mask(5)
    block.load_state_dict(wired.state_dict())
    torch.testing.assert_close(wired(x, mask), block(x, mask))


class First(torch.nn.Module):
    """Stands in for attention and gives back what it reads, whatever the mask."""

    def forward(self, x, *others):
        return x


@pytest.mark.parametrize(
    ("wiring", "formula"),
    [
        ("both", lambda x, f: x + norm(f(norm(x)))),
        ("output", lambda x, f: x + norm(f(x))),
        ("no residual", lambda x, f: f(norm(x))),
    ],
)
def test_the_other_wirings_are_their_formulas(wiring, formula):
    block, x = Wired(BlockConfig(**SIZES), wiring), torch.randn(2, 5, 16)
    block.attention = First()
    wanted = formula(formula(x, lambda x: x), block.feed_forward)
    torch.testing.assert_close(block(x), wanted, rtol=1e-5, atol=1e-5)


def norm(x):
    return F.layer_norm(x, (16,))


@pytest.mark.parametrize("variant", VARIANTS)
def test_models_side_by_side_have_the_losses_of_each_alone(variant):
    torch.manual_seed(0)
    models = [make_model(variant, SIZES, vocab_size=11, n_layers=2, context=T) for _ in range(3)]
    windows = torch.randint(11, (3, 2, T + 1))
    alone = [
        F.cross_entropy(model(text[:, :-1]).transpose(1, 2), text[:, 1:], reduction="none")
        for model, text in zip(models, windows, strict=True)
    ]
    weights, losses = ablation.ensemble(models, "cpu")
    torch.testing.assert_close(losses(weights, windows), torch.stack(alone), rtol=1e-4, atol=1e-4)


def test_a_short_run_learns_and_writes_what_the_record_holds(monkeypatch, record, texts):
    few = SimpleNamespace(
        alphabet=texts.alphabet, train=texts.train, test=texts.test[:2000], development=texts.test[2000:4000]
    )
    monkeypatch.setattr(ablation, "Texts", lambda device: few)
    setting = SETTING | {"sizes": SIZES, "layers": 2, "batch": 4, "steps": 30, "seeds": 2, "look": [0, 30]}
    run = ablation.train("pre-norm", rate=1e-2, warmup=5, setting=setting)
    assert list(run) == list(record["runs"][0])
    assert all(end < start - 0.5 for start, end in zip(run["test"][0], run["test"][30], strict=True))


def test_the_record_holds_every_run_of_this_setting(record):
    assert [(run["variant"], run["rate"], run["warmup"]) for run in record["runs"]] == RUNS
    assert (record["setting"], record["test"], record["development"]) == (
        SETTING,
        ablation.TEST,
        ablation.DEVELOPMENT,
    )
    assert all([int(step) for step in run["test"]] == SETTING["look"] for run in record["runs"])


def test_the_recorded_models_are_those_that_the_code_makes(record, texts):
    """Their losses before the first step; the record's products had TF32's precision, three digits."""
    windows = texts.test[: 40 * T].view(40, -1)
    for variant in ("pre-norm", "norms before and after"):
        torch.manual_seed(0)
        model = make_model(variant, SETTING["sizes"], len(texts.alphabet), SETTING["layers"], T)
        with torch.no_grad():
            loss = F.cross_entropy(model(windows)[:, :-1].transpose(1, 2), windows[:, 1:]).item()
        run = next(run for run in record["runs"] if run["variant"] == variant)
        assert loss == pytest.approx(run["test"]["0"][0], abs=0.004)
        used = {id(p): p.numel() for p in model.parameters()}
        assert sum(used.values()) == run["parameters"]
