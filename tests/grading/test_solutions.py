"""The grader, graded: reference 100 %, stub 0 %, alternatives 100 %, every mistake caught and named."""

import os
import re
import subprocess
import sys
from functools import cache

import nbformat
import pytest
from nbgrader.preprocessors import ClearSolutions
from nbgrader.utils import is_grade, is_solution

from check import answers
from check.compare import difference
from check.load import load_lib
from check.mark import PASSED, mark
from check.probe import run
from grading.assignment import assignment_names, hint, load_assignment
from grading.release.stored_outputs import assemble, execute
from grading.release.student_folder import write_folder

SEEDS = ["one", "two", "three"]
NAMES = assignment_names()
load = cache(load_assignment)


def each(kind):
    """Parametrize over every (assignment, exercise), (assignment, mistake) or (assignment, alternative)."""
    return pytest.mark.parametrize(
        ("assignment", kind), [(name, item) for name in NAMES for item in getattr(load(name), f"{kind}s")]
    )


@cache
def keys(name):
    """Return one key a seed."""
    return [load(name).key([seed]) for seed in SEEDS]


@cache
def notebook(name):
    return nbformat.read(load(name).folder / f"{name}.ipynb", as_version=4)


def text(name, cell):
    return next(c.source for c in notebook(name).cells if c.id == cell)


def marks(name, got, key):
    """Return the marks of every exercise for what a lib answered."""
    return {exercise: mark(probes, key, got) for exercise, probes in load(name).exercises.items()}


def failed(name, mistake, key):
    """Return, by exercise, the marks that a mistake loses."""
    lost = {
        exercise: [m for m in found if m.reason != PASSED]
        for exercise, found in marks(name, key.want | key.mistakes[mistake], key).items()
    }
    return {exercise: found for exercise, found in lost.items() if found}


@pytest.mark.parametrize("assignment", NAMES)
def test_the_reference_earns_every_point(assignment):
    a = load(assignment)
    for seed, key in zip(SEEDS, keys(assignment), strict=True):
        got = answers(a.probes, load_lib(a.root, names=a.modules), [seed])
        lost = [m for found in marks(assignment, got, key).values() for m in found if m.reason != PASSED]
        assert not lost


@pytest.mark.parametrize("assignment", NAMES)
def test_the_stub_earns_nothing(assignment, tmp_path):
    a = load(assignment)
    write_folder(a, tmp_path / "released")
    got = answers(a.probes, load_lib(tmp_path / "released"), SEEDS[:1])
    found = [m for some in marks(assignment, got, keys(assignment)[0]).values() for m in some]
    assert all(m.earned == 0 and m.error.startswith("NotImplementedError") for m in found)


@each("alternative")
def test_an_alternative_earns_every_point(assignment, alternative):
    a = load(assignment)
    lib = load_lib(a.root, a.alternatives[alternative], a.modules)
    for seed, key in zip(SEEDS, keys(assignment), strict=True):
        found = marks(assignment, answers(a.probes, lib, [seed]), key)
        assert not [m for some in found.values() for m in some if m.reason != PASSED]


@each("mistake")
def test_a_mistake_is_caught_and_named_as_itself(assignment, mistake):
    for key in keys(assignment):
        lost = failed(assignment, mistake, key)
        assert lost, "no probe tells it from the reference"
        for exercise, found in lost.items():
            named = {m.mistake for m in found if m.mistake}
            assert named == {mistake}, f"in {exercise}: {[(m.probe, m.mistake, m.error) for m in found]}"


@each("mistake")
def test_a_hint_is_a_sentence_and_nobody_elses(assignment, mistake):
    mistakes = load(assignment).mistakes
    said = hint(mistakes[mistake])
    assert len(said) > 40
    assert said[0].isupper()
    assert said.endswith((".", "?"))
    assert [name for name, path in mistakes.items() if hint(path) == said] == [mistake]


@pytest.mark.parametrize("assignment", NAMES)
def test_every_probe_asks_something_else_with_another_seed(assignment):
    first, *others = keys(assignment)
    names = [probe.name for probe in load(assignment).probes]
    same = [
        n for n in names if any(not difference(first.want[f"{n}@0"], key.want[f"{n}@0"]) for key in others)
    ]
    assert not same


@pytest.mark.parametrize("assignment", NAMES)
def test_names_of_exercises_and_probes_are_unique(assignment):
    names = [*load(assignment).exercises, *(probe.name for probe in load(assignment).probes)]
    assert len(names) == len(set(names))


def belongs_to(name, mistake):
    """Return the first exercise in which a mistake loses points."""
    return next(iter(failed(name, mistake, keys(name)[0])))


@each("exercise")
def test_an_exercise_has_at_least_six_mistakes(assignment, exercise):
    mine = [m for m in load(assignment).mistakes if belongs_to(assignment, m) == exercise]
    assert len(mine) >= 6


@each("exercise")
def test_an_exercise_has_at_least_two_alternatives(assignment, exercise):
    a = load(assignment)
    first = [next(e for e in a.exercises if _runs(a, path, e)) for path in a.alternatives.values()]
    assert first.count(exercise) >= 2


def _runs(a, path, exercise):
    """Tell whether an exercise's probes run code of the alternative at path."""
    lib, files = load_lib(a.root, path, a.modules), set()
    sys.setprofile(lambda frame, event, value: files.add(frame.f_code.co_filename))
    try:
        for probe in a.exercises[exercise]:
            run(probe, lib, SEEDS[0])
    finally:
        sys.setprofile(None)
    return str(path) in files


def passes_example(name, exercise, lib):
    """Run an exercise's visible example on lib, after the set-up cell, and tell whether it passes."""
    setup = "\n".join(line for line in text(name, "setup").splitlines() if not line.startswith("%"))
    space = {}
    exec(setup, space)  # noqa: S102  our own cells
    space |= {module: getattr(lib, module) for module in load(name).modules}
    try:
        exec(text(name, f"example-{exercise}"), space)  # noqa: S102
    except Exception:
        return False
    return True


@each("exercise")
def test_the_example_passes_with_the_reference_and_with_some_mistake_but_not_with_the_stub(
    assignment, exercise, tmp_path, capsys
):
    a = load(assignment)
    write_folder(a, tmp_path / "released")
    assert passes_example(assignment, exercise, load_lib(a.root, names=a.modules))
    assert not passes_example(assignment, exercise, load_lib(tmp_path / "released"))
    mine = [path for name, path in a.mistakes.items() if belongs_to(assignment, name) == exercise]
    passing = [p for p in mine if passes_example(assignment, exercise, load_lib(a.root, p, a.modules))]
    assert 1 <= len(passing) < len(mine)


@each("exercise")
def test_an_exercise_has_a_card_with_its_points_three_hints_and_one_call(assignment, exercise):
    points = sum(probe.points for probe in load(assignment).exercises[exercise])
    card = text(assignment, f"card-{exercise}")
    stated, minutes = re.search(
        r"\*\*(\d+) points\*\* · \w+ · (\d+) minutes · about \d+ lines?", card
    ).groups()
    assert int(stated) == points
    assert f"| {points} | {minutes} |" in text(assignment, "title")
    assert all(part in card for part in ("**By hand.**", "**Rules**", "**Check**", "**Read**"))
    assert text(assignment, f"hints-{exercise}").count("<details><summary>Hint ") == 3
    cell = next(c for c in notebook(assignment).cells if c.id == exercise)
    assert cell.source == f'check("{exercise}")'
    assert cell.metadata.nbgrader.grade_id == exercise
    assert cell.metadata.nbgrader.points == points


@pytest.mark.parametrize("assignment", NAMES)
def test_a_written_answer_has_a_card_and_vanishes_in_the_release(assignment):
    written = [c for c in notebook(assignment).cells if is_grade(c) and is_solution(c)]
    assert 2 <= len(written) <= 3
    for cell in written:
        name, points = cell.metadata.nbgrader.grade_id, cell.metadata.nbgrader.points
        assert f"**{points} points**" in text(assignment, f"card-{name}")
        shares = re.findall(r"\((\d)\)", cell.source.split("Points:")[1])
        assert sum(map(int, shares)) == points
        released, _ = ClearSolutions().preprocess_cell(cell.copy(), {"language": "python"}, 0)
        assert released.source == "YOUR ANSWER HERE"


@pytest.mark.slow
@pytest.mark.parametrize("assignment", NAMES)
def test_the_stored_outputs_are_those_of_a_fresh_run(assignment):
    assert execute(load(assignment)) == notebook(assignment)


@pytest.mark.slow
@pytest.mark.parametrize("assignment", NAMES)
def test_the_source_notebook_passes_nbval_in_a_solved_folder_that_stands_alone(assignment, tmp_path):
    path = assemble(load(assignment), tmp_path / assignment)
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", path.name]
    done = subprocess.run(
        command,
        cwd=path.parent,
        env={**os.environ, "JUPYTER_PLATFORM_DIRS": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    cells = sum(cell.cell_type == "code" for cell in notebook(assignment).cells)
    assert f"{cells} passed" in done.stdout
