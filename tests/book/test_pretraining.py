"""What the chapter on pretraining records: that all of it is there, that small entries come out again, and how it is scored."""

import json
import math
from dataclasses import replace

import pytest
import torch

from book.cells import counting, pretraining, pretraining_reports
from book.cells.pretraining import find, jobs, read_record
from book.cells.pretraining_reports import HOLES, KINDS
from book.cells.pretraining_runs import CONTEXT, corpus, losses_of, pairs_to_look_at, spread
from book.cells.pretraining_settings import BERTS, GPTS, SIZES, size
from lib.losses import next_token_loss
from lib.pretraining import bits_per_character, windows

pytestmark = pytest.mark.part("chapter pretraining")
ELSEWHERE = 0.005  # nats that another processor's sums may move a loss in ten steps


@pytest.fixture(scope="module")
def record():
    return read_record()


@pytest.fixture(scope="module", autouse=True)
def chinese_is_enough():
    """Keep the plays out of what is asked of both languages: reading them takes a second."""
    return corpus("Chinese")


def test_the_record_holds_every_entry_that_the_code_names_and_no_other(record):
    places = [place for place, _ in jobs()]
    assert [place for place in places if find(record, place) is None] == []
    held = {
        (kind, *rest)
        for kind in ("gpt", "bert")
        for name, one in record[kind].items()
        for rest in [(name, "setting"), *((name, "runs", seed) for seed in one["runs"])]
    }
    assert held == {place for place in places if place[0] in {"gpt", "bert"}}
    assert {"command", "date", "python", "torch", "threads"} <= set(record["about"])


@pytest.mark.parametrize(("kind", "settings"), [("gpt", GPTS), ("bert", BERTS)])
def test_the_record_is_of_these_settings(record, kind, settings):
    for name, setting in settings.items():
        entry = record[kind][name]
        told = dict(vars(setting), look=list(setting.look))
        assert entry["setting"] == told
        for run in entry["runs"].values():
            assert [look[0] for look in run["held_out"]] == list(setting.look)
            assert len(run["training"]) == math.ceil(setting.steps / 10)
            assert all(math.isfinite(number) for look in run["held_out"] for number in look)


@pytest.mark.parametrize(
    ("kind", "again"), [("gpt", pretraining.short_gpt), ("bert", pretraining.short_bert)]
)
def test_a_tiny_run_comes_out_again(record, kind, again):
    setting = (GPTS if kind == "gpt" else BERTS)["English tiny"]
    recorded, now = record[kind]["English tiny"]["runs"]["1"], again(setting, 1)
    assert now["parameters"] == recorded["parameters"]
    assert now["training"] == pytest.approx(recorded["training"], abs=ELSEWHERE)
    for one, other in zip(now["held_out"], recorded["held_out"], strict=True):
        assert one[:3] == pytest.approx(other[:3], abs=ELSEWHERE)


def test_counting_comes_out_again(record, monkeypatch):
    assert counting.lines("Chinese") == record["counting"]["Chinese"]["lines"]
    monkeypatch.setitem(counting.ORDERS, "Chinese", 3)  # the others would take seconds
    now, recorded = counting.kneser_ney("Chinese"), record["counting"]["Chinese"]["kneser_ney"]
    for n, two in now["bits"].items():
        assert two[0] == pytest.approx(recorded["bits"][str(n)][0], abs=1e-4)


def test_kneser_ney_s_n_is_chosen_on_one_document_and_is_best_on_all(record):
    for language in ("English", "Chinese"):
        bits = record["counting"][language]["kneser_ney"]["bits"]
        assert [min(bits, key=lambda n: bits[n][part]) for part in (0, 1)] == [
            str(record["counting"][language]["kneser_ney"]["n"])
        ] * 2


def test_compressors_say_what_they_write():
    assert counting.bits(lambda data: data, ["三国", "a"]) == pytest.approx(8 * 7 / 3)
    alone, after = (
        counting.bits_after(before, ["abcdefghij" * 500]) for before in ([], ["abcdefghij" * 999])
    )
    assert after <= alone < 1


@pytest.mark.parametrize(
    ("budget", "width"), [(budget, width) for budget in SIZES for width in SIZES[budget]]
)
def test_four_sizes_spend_the_same(record, width, budget):
    run, setting = record["sizes"][f"{budget:.0e}"][str(width)]["1"], size(width, budget)
    spent = 6 * run["parameters"] * setting.steps * setting.batch * CONTEXT
    assert spent == pytest.approx(budget, rel=0.03)
    assert len(run["training"]) == math.ceil(setting.steps / 10)


class Bigrams(torch.nn.Module):
    """Gives the same logits after the same token."""

    def __init__(self, V):
        super().__init__()
        self.table = torch.nn.Embedding(V, V)

    def forward(self, tokens):
        return self.table(tokens)


def test_losses_are_those_of_the_library_and_half_windows_ask_each_token_once():
    torch.manual_seed(0)
    model, ids = Bigrams(9), torch.randint(9, (4 * CONTEXT + 1,))
    rows = windows(ids, CONTEXT)
    torch.testing.assert_close(losses_of(model, rows).mean(), next_token_loss(model(rows), rows).detach())
    half = losses_of(model, windows(ids, CONTEXT, CONTEXT // 2), CONTEXT // 2).flatten()
    wanted = torch.nn.functional.cross_entropy(model(ids[:-1]), ids[1:], reduction="none")[CONTEXT // 2 :]
    torch.testing.assert_close(half, wanted.detach())
    assert len(spread(torch.arange(1000), 300)) == 334


def test_a_score_pays_for_unknown_characters_as_counting_does(monkeypatch):
    text = replace(corpus("Chinese"), held_out=corpus("Chinese").held_out[-1:])
    monkeypatch.setattr(pretraining_reports, "corpus", lambda language: text)
    found = pretraining_reports.scored(lambda ids: torch.zeros(1).expand(*ids.shape, text.V), "Chinese")
    ids = torch.cat(text.held_out)
    share = (ids == text.vocabulary.unknown_id).double().mean().item()
    assert share > 0
    assert found["nats"] == pytest.approx(math.log(text.V), abs=1e-4)
    assert found["bits"] == pytest.approx(bits_per_character(math.log(text.V)) + 16 * share, abs=1e-3)


def test_what_a_model_shows_on_its_way_fits_into_the_page(record):
    for language in ("English", "Chinese"):
        (run,) = record["gpt"][f"{language} long"]["runs"].values()
        stops = run["stops"]
        assert [one["step"] for one in stops] == list(GPTS[f"{language} long"].look)
        assert [one["loss"] for one in stops] == [loss for _, loss in run["held_out"]]
        assert all(len(one["next"]) == 8 and len(one["text"]) >= 200 for one in stops)
        V = record["counting"][language]["lines"]["V"]
        assert stops[0]["loss"] == pytest.approx(math.log(V), abs=0.1)
        assert stops[0]["next"][0][1] < 3 / V
    assert len(json.dumps(record["gpt"]["English long"], ensure_ascii=False)) < 40_000


def test_every_hidden_character_is_of_one_kind(record):
    (run,) = record["bert"]["English long"]["runs"].values()
    found = run["by kind"]
    assert list(found) == list(KINDS)
    asked = sum(int((batch["labels"] != -100).sum()) for batch in pairs_to_look_at("English"))
    assert sum(count for _, count in found.values()) == asked
    right = sum(right for right, _ in found.values()) / asked
    assert right == pytest.approx(run["held_out"][-1][3], abs=2e-3)


def test_holes_are_where_the_code_says(record):
    for language in ("English", "Chinese"):
        (run,) = record["bert"][f"{language} long"]["runs"].values()
        start, holes = HOLES[language]
        assert run["filled"]["text"].startswith(start)
        assert len(run["filled"]["text"]) == 60
        assert [hole["places"] for hole in run["filled"]["holes"]] == holes
        for hole in run["filled"]["holes"]:
            assert [len(five) for five in hole["best"]] == [5] * len(hole["places"])
            for five in hole["best"]:
                assert [p for _, p in five] == sorted((p for _, p in five), reverse=True)


def test_a_stopped_record_goes_on_where_it_stood(tmp_path, monkeypatch):
    file, done = tmp_path / "record.json", []

    def job(name):
        return lambda: done.append(name) or {"held_out": [[0, len(done)]]}

    def two():
        yield ("gpt", "a", "runs", "1"), job("a1")
        yield ("counting", "x", "lines"), job("x")

    monkeypatch.setattr(pretraining, "jobs", two)
    pretraining.record(file)
    first = json.loads(file.read_text("utf-8"))
    assert done == ["a1", "x"]
    assert first["gpt"] == {"a": {"runs": {"1": {"held_out": [[0, 1]]}}}}

    def three():
        yield ("gpt", "b", "setting"), lambda: {"steps": 2}
        yield from two()
        yield ("gpt", "a", "runs", "2"), job("a2")

    monkeypatch.setattr(pretraining, "jobs", three)
    pretraining.record(file)
    assert done == ["a1", "x", "a2"]
    again = json.loads(file.read_text("utf-8"))
    assert again["gpt"]["a"]["runs"] == {"1": {"held_out": [[0, 1]]}, "2": {"held_out": [[0, 3]]}}

    def other():
        yield ("gpt", "b", "setting"), lambda: {"steps": 3}
        yield ("gpt", "b", "runs", "1"), job("b1")

    monkeypatch.setattr(pretraining, "jobs", other)
    pretraining.record(file)
    pretraining.record(file)
    assert done == ["a1", "x", "a2", "b1"]
    last = json.loads(file.read_text("utf-8"))["gpt"]
    assert last == again["gpt"] | {"b": {"setting": {"steps": 3}, "runs": {"1": {"held_out": [[0, 4]]}}}}
