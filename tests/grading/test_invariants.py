"""What looks for chance in grading finds it: each fault that is planted, under its kind, and nothing else."""

from pathlib import Path

import pytest

from grading.assignment import Assignment, load_assignment
from tests.support.invariants import LOST, MISNAMED, OTHER_POINTS, UNCAUGHT, Finding, Usual, findings
from tests.support.seeds import fresh_seeds, to_repeat
from tests.support.small_course import MISTAKES, small_course

HEAD = "from check import mistake, replace\n\n"
LUCKY = "(x.sum() if x.flatten()[0] > 0 else x.mean())"  # which of many numbers one sees only where the first is negative
SEEDS = [str(number) for number in range(12)]


def course(root: Path, name: str, text: str) -> Assignment:
    """Write the small course with a file of mistakes or an alternative besides."""
    path = small_course(root).folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return load_assignment("sums", root)


def found(assignment: Assignment, seeds: list[str] = SEEDS) -> list[Finding]:
    return findings(assignment, seeds, Usual.of(assignment))


def test_in_a_sound_course_nothing_is_found(tmp_path):
    text = (
        f'{MISTAKES}\naverage = mistake("You divide.", replace("total", "x.sum()", "x.sum() / x.numel()"))\n'
    )
    assert found(course(tmp_path, "total/mistakes.py", text), fresh_seeds(5)) == []


def test_a_mistake_that_changes_nothing_is_uncaught(tmp_path):
    text = HEAD + 'none = mistake("You add 0.", replace("tell", \'"nothing"\', \'"noth" + "ing"\'))\n'
    kinds = {(one.kind, one.name) for one in found(course(tmp_path, "tell/mistakes.py", text))}
    assert kinds == {(UNCAUGHT, "none"), (MISNAMED, "none")}


def test_a_mistake_that_shows_by_luck_loses_other_points(tmp_path):
    text = HEAD + f'lucky = mistake("You are lucky.", replace("total", "x.sum()", "{LUCKY}"))\n'
    lucky = found(course(tmp_path, "total/mistakes.py", text))
    assert {one.name for one in lucky} == {"lucky"}
    assert {one.kind for one in lucky} >= {UNCAUGHT}
    text = HEAD + f'lucky = mistake("You are lucky.", replace("total", "x.sum()", "1 + {LUCKY}"))\n'
    assert found(course(tmp_path / "always wrong", "total/mistakes.py", text)) == []
    both = 'replace("total", "x.sum()", "x.sum() + (x.numel() == 1 or x.flatten()[0] > 0)")'
    text = f'{HEAD}lucky = mistake("You are lucky.", {both})\n'
    assert {one.kind for one in found(course(tmp_path / "other", "total/mistakes.py", text))} == {
        OTHER_POINTS
    }


def test_a_mistake_in_a_room_that_is_not_its_own_is_not_named_there(tmp_path):
    text = HEAD + 'negative = mistake("You change the sign.", replace("total", "x.sum()", "-x.sum()"))\n'
    sentences = [
        (one.kind, one.name, one.sentence) for one in found(course(tmp_path, "tell/mistakes.py", text))
    ]
    assert sentences == [(MISNAMED, "negative", "no probe of tell names it")] * len(SEEDS)


def test_an_alternative_that_is_wrong_by_chance_is_found_with_its_seeds(tmp_path):
    text = f"def total(x):\n    return {LUCKY}\n"
    assignment = course(tmp_path, "total/alternatives/lucky.py", text)
    lost = found(assignment)
    assert {(one.kind, one.name) for one in lost} == {(LOST, "lucky")}
    seeds = {one.seed for one in lost}
    assert 0 < len(seeds) < len(SEEDS)
    assert {one.seed for one in found(assignment, sorted(seeds))} == seeds
    assert found(assignment, [seed for seed in SEEDS if seed not in seeds]) == []


def test_seeds_are_fresh_unless_the_environment_repeats_some(monkeypatch):
    monkeypatch.delenv("SEEDS", raising=False)
    seeds = fresh_seeds(3)
    assert len({*seeds, *fresh_seeds(3)}) == 6
    name, _, value = to_repeat(seeds).partition("=")
    monkeypatch.setenv(name, value.strip('"'))
    assert fresh_seeds(9) == seeds


@pytest.mark.parametrize("exercise", ["total", "tell"])
def test_an_alternative_is_asked_the_probes_that_run_it_and_no_others(tmp_path, exercise):
    text = f"def helper(x):\n    return x.sum()\n\n\ndef {exercise}(*x):\n    return helper(*x) if x else 'nothing'\n"
    assignment = course(tmp_path, f"{exercise}/alternatives/other.py", text)
    assert Usual.of(assignment).asked == {"other": assignment.exercises[exercise]}
    assert found(assignment) == []
