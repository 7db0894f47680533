"""The instructors' notebooks: examples, cards, hints and written answers are complete, and what is stored is what runs."""

import re

import nbformat
import pytest
from nbgrader.preprocessors import ClearSolutions
from nbgrader.utils import is_grade, is_solution

from check.load import Lib, load_lib
from tests.support.assignments import each_assignment, load, mistakes_of, notebook, solved_folder, stub, text
from tests.support.notebook_run import run_with_nbval

WRITTEN = range(2, 4)  # so many written answers an assignment asks for


def passes_example(name: str, exercise: str, lib: Lib) -> bool:
    """Run an exercise's visible example on lib, after the set-up cell, and return True if it passes."""
    setup = "\n".join(line for line in text(name, "setup").splitlines() if not line.startswith("%"))
    space: dict = {}
    exec(setup, space)  # noqa: S102  our own cells
    space |= {module: getattr(lib, module) for module in load(name).modules}
    try:
        exec(text(name, f"example-{exercise}"), space)  # noqa: S102
    except Exception:
        return False
    return True


@each_assignment
def test_an_example_passes_with_the_reference_and_some_mistake_but_not_with_the_stub_nor_all_mistakes(
    assignment,
):
    a, wrong, stubs = load(assignment), [], stub(assignment)
    for exercise in a.exercises:
        if not passes_example(assignment, exercise, load_lib(a.root, names=a.modules)):
            wrong.append(f"{exercise}: the reference fails the example")
        if passes_example(assignment, exercise, stubs):
            wrong.append(f"{exercise}: the stub passes the example")
        libs = [load_lib(a.root, a.with_mistake(one), a.modules) for one in mistakes_of(assignment, exercise)]
        passing = [lib for lib in libs if passes_example(assignment, exercise, lib)]
        if not 1 <= len(passing) < len(libs):
            wrong.append(f"{exercise}: {len(passing)} of {len(libs)} mistakes pass the example")
    assert wrong == []


CARD = re.compile(r"\*\*(\d+) points\*\* · \w+ · (\d+) minutes · about \d+ lines?")


def wrong_card(name: str, exercise: str) -> list[str]:
    """Return what is not as it must be in an exercise's card, hints and cell."""
    points = sum(probe.points for probe in load(name).exercises[exercise])
    card, hints = text(name, f"card-{exercise}"), text(name, f"hints-{exercise}")
    stated, cell = CARD.search(card), next(c for c in notebook(name).cells if c.id == exercise)
    about = cell.metadata.nbgrader
    claims = {
        "its card states points, difficulty, minutes and lines": stated,
        f"its card states {points} points": stated and int(stated[1]) == points,
        "the title lists its points and minutes": stated
        and f"| {points} | {stated[2]} |" in text(name, "title"),
        "its card has an example by hand, rules, a check and a reading": all(
            part in card for part in ("**By hand.**", "**Rules**", "**Check**", "**Read**")
        ),
        "it has three hints": hints.count("<details><summary>Hint ") == 3,
        "its cell is one call": cell.source == f'check("{exercise}")',
        "its cell has its name and points": (about.grade_id, about.points) == (exercise, points),
    }
    return [f"{exercise}: not so: {claim}" for claim, holds in claims.items() if not holds]


@each_assignment
def test_an_exercise_has_a_card_with_its_points_three_hints_and_one_call(assignment):
    exercises = load(assignment).exercises
    assert [sentence for exercise in exercises for sentence in wrong_card(assignment, exercise)] == []


def wrong_answer_cell(name: str, cell: nbformat.NotebookNode) -> list[str]:
    """Return what is not as it must be in a cell that is answered in words."""
    grade_id, points = cell.metadata.nbgrader.grade_id, cell.metadata.nbgrader.points
    shares = re.findall(r"\((\d)\)", cell.source.partition("Points:")[2])
    released, _ = ClearSolutions().preprocess_cell(cell.copy(), {"language": "python"}, 0)
    claims = {
        f"its card states {points} points": f"**{points} points**" in text(name, f"card-{grade_id}"),
        "its parts' points add up": sum(map(int, shares)) == points,
        "the model answer vanishes in the release": released.source == "YOUR ANSWER HERE",
    }
    return [f"{grade_id}: not so: {claim}" for claim, holds in claims.items() if not holds]


@each_assignment
def test_a_written_answer_has_a_card_and_vanishes_in_the_release(assignment):
    written = [cell for cell in notebook(assignment).cells if is_grade(cell) and is_solution(cell)]
    assert len(written) in WRITTEN
    assert [sentence for cell in written for sentence in wrong_answer_cell(assignment, cell)] == []


@pytest.mark.slow
@each_assignment
def test_the_notebook_passes_nbval_in_a_solved_folder_that_stands_alone_and_prints_just_what_is_stored(
    assignment, tmp_path
):
    done, outputs = run_with_nbval(solved_folder(assignment, tmp_path / assignment))
    assert done.returncode == 0, done.stdout
    stored = [cell for cell in notebook(assignment).cells if cell.cell_type == "code"]
    assert f"{len(stored)} passed" in done.stdout
    assert [cell.execution_count for cell in stored] == [*range(1, len(stored) + 1)]
    for cell, found in zip(stored, outputs, strict=True):
        # nbval has the kernel count nothing.
        counted = [
            one | {"execution_count": cell.execution_count} if "execution_count" in one else one
            for one in found
        ]
        assert counted == cell.outputs
