"""The tiers in miniature, the bands by known numbers, and a benchmark whose two loops do the same."""

import copy
import csv
import json
import subprocess
import sys

import nbformat
import pytest
import torch
from nbconvert import HTMLExporter

from benchmarks import bands, on_gpu, tiers, training
from grading.assignment import ROOT
from lib.logs import read_csv
from lib.training import TrainConfig, batches_of, train


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The folder in which papermill ran the cpu tier, with four steps."""
    folder = tmp_path_factory.mktemp("train")
    settings = {"tier": "cpu", "device": "cpu", "steps": 4, "threads": 1, "quick": True, "folder": folder}
    given = [word for name, value in settings.items() for word in ("-p", name, str(value))]
    command = [
        sys.executable,
        "-m",
        "papermill",
        "--no-progress-bar",
        "benchmarks/train.ipynb",
        folder / "cpu.ipynb",
    ]
    done = subprocess.run([*command, *given], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


def test_a_tier_leaves_its_numbers_its_table_and_its_checkpoint(report):
    result = json.loads((report / "cpu.json").read_text("utf8"))
    assert sorted(path.name for path in report.iterdir()) == ["cpu.csv", "cpu.ipynb", "cpu.json", "cpu.pt"]
    assert (result["tier"], result["config"]["steps"], result["device"]) == ("cpu", 4, "cpu")
    assert result["model"]["vocab_size"] == 80
    assert 3 < result["loss"] < 4.5  # ln 80 is 4.38
    assert [step for step, _ in result["held_out"]] == [4]
    assert len(read_csv(report / "cpu.csv")) == 4


def test_its_page_says_what_ran_and_shows_how(report):
    page, _ = HTMLExporter().from_filename(str(report / "cpu.ipynb"))
    result = json.loads((report / "cpu.json").read_text("utf8"))
    for text in (
        "This run",
        f"{result['loss']:.4f}",
        torch.__version__,
        result["commit"],
        "float32",
        "tokens a second",
    ):
        assert text in page
    assert page.count("<img") == 1
    assert "Traceback" not in page


def test_the_notebook_holds_no_outputs_and_names_its_settings():
    notebook = nbformat.read(ROOT / "benchmarks" / "train.ipynb", 4)
    assert [cell for cell in notebook.cells if cell.get("outputs")] == []
    (settings,) = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    names = {line.split(" = ")[0] for line in settings.source.splitlines()}
    assert {"tier", "device", "precision", "steps", "compile", "seed"} <= names


@pytest.mark.parametrize("tier", tiers.TIERS)
def test_make_runs_every_tier(tier):
    done = subprocess.run(["make", "-n", "train", f"TIER={tier}"], cwd=ROOT, capture_output=True, text=True)
    assert f"benchmarks/train.ipynb _build/train/{tier}.ipynb -p tier {tier}" in done.stdout


def test_the_gpu_tier_does_not_begin_without_a_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ValueError, match="there is no GPU here"):
        tiers.run("gpu")


def test_the_text_is_all_of_the_plays():
    text = tiers.text()
    assert (len(text.tokens), len(text.held_out), len(text.alphabet)) == (4_590_010, 365_542, 80)
    assert "JULIET" in text.decode(text.tokens)


def test_speed_is_that_of_the_usual_step(monkeypatch):
    clock, now = tiers.Clock(), 0.0
    monkeypatch.setattr(tiers.time, "perf_counter", lambda: now)
    for step in range(100):
        now += 60.0 if step in (0, 55) else 0.5  # compiling, and an evaluation
        clock(tiers.Record(step, 1.0, 1.0, 1.0, 1))
    assert clock.steps_per_second() == 2.0
    assert tiers.Clock().steps_per_second() is None


@pytest.mark.parametrize(
    ("degrees", "t"), [(2, 31.599), (4, 8.610), (9, 4.781), (19, 3.883), (100_000, 3.291)]
)
def test_students_t_is_that_of_the_tables(degrees, t):
    assert bands.student_quantile(degrees, 0.9995) == pytest.approx(t, abs=2e-3)


@pytest.mark.parametrize(("n", "factor"), [(5, 9.4), (10, 5.0), (20, 4.0)])
def test_few_seeds_make_a_wide_band(n, factor):
    losses = [2.0 + 0.01 * i for i in range(n)]
    band = bands.band_of(losses)
    assert band["factor"] == pytest.approx(factor, abs=0.05)
    assert band["high"] - band["mean"] == pytest.approx(band["factor"] * band["sd"] + 0.01)
    assert band["mean"] - band["low"] == pytest.approx(band["high"] - band["mean"])


def test_a_band_is_recorded_with_every_curve(tmp_path, monkeypatch):
    _, run = tiers.run("small", steps=2, device="cpu", quick=True)
    runs = [{**run, "seed": seed, "loss": 2.0 + seed} for seed in (2, 1, 3)]
    bands.record("small", runs, tmp_path, "the command")
    monkeypatch.setattr(bands, "BANDS", tmp_path)
    band = bands.read_band("small")
    assert (band["n"], band["mean"], band["sd"], band["command"]) == (3, 4.0, 1.0, "the command")
    assert band["seeds"] == {"1": 3.0, "2": 4.0, "3": 5.0}
    assert bands.read_band("gpu") is None
    with (tmp_path / "small.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["seed"], row["kind"]) for row in rows] == [
        (seed, kind) for seed in "123" for kind in ("train", "held_out")
    ]


def test_the_bands_that_are_recorded_follow_from_their_seeds():
    for path in bands.BANDS.glob("*.json"):
        band = json.loads(path.read_text("utf8"))
        computed = bands.band_of(list(band["seeds"].values()))
        assert {name: band[name] for name in computed} == pytest.approx(computed), path.name
        assert band["config"]["steps"] == tiers.TIERS[path.stem].config.steps


def test_both_loops_of_the_benchmark_make_the_same_steps():
    setting, cpu = training.SETTINGS["tiny"], torch.device("cpu")
    torch.manual_seed(0)
    ours = training.FusedGPT(setting.model)
    theirs = copy.deepcopy(ours)
    data = batches_of(torch.arange(1000) % 80, setting.batch, setting.context)
    config = TrainConfig(steps=setting.steps, lr=training.LR, accumulate=setting.accumulate)
    train(ours, data, config, optimizer=training.optimizer_of(ours, fused=True))
    optimizer = training.optimizer_of(theirs, fused=False)
    training.plain_loop(training.WithLoss(theirs), data, optimizer, setting, cpu)
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(p, q, rtol=0, atol=1e-5)


def test_the_benchmark_measures_both():
    found = training.measure("tiny", torch.device("cpu"), blocks=2)
    assert all(len(times) == 2 for times in found["seconds"].values())
    assert set(found["tokens_per_second"]) == {"ours", "plain"}
    assert 0.2 < found["ratio_of_processor_time"] < 5
    assert found["mfu"] is None


def test_the_promises_of_a_gpu_are_kept_by_a_cpu(capsys):
    assert on_gpu.main("cpu")
    assert capsys.readouterr().out.count(": kept\n") == len(on_gpu.CHECKS)
