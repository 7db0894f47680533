"""What looks for points that known mistakes give away finds them where they are planted, and nowhere else."""

from pathlib import Path

from grading.assignment import Assignment, load_assignment
from tests.support.chained_course import chained_course
from tests.support.planting import Planting
from tests.support.seeds import fresh_seeds


def course(root: Path, **mistakes: str) -> Assignment:
    """Write the chained course with one mistake more in these exercises."""
    folder = chained_course(root).folder
    for exercise, mistake in mistakes.items():
        with open(folder / exercise / "mistakes.py", "a", encoding="utf8") as file:
            file.write(mistake)
    return load_assignment("sums", root)


def found(assignment: Assignment) -> tuple[list[str], list[str]]:
    planting = Planting(assignment, *fresh_seeds(1)[:1])
    return planting.for_nothing(), planting.by_planting()


def test_in_a_sound_course_nothing_is_found(tmp_path):
    assert found(course(tmp_path)) == ([], [])


def test_a_mistake_that_is_no_work_is_found_unless_it_is_never_forgiven(tmp_path):
    text = "unchanged = mistake('You return the input.', replace('total', 'x.sum()', 'x'){})"
    assert found(course(tmp_path / "forgiven", total=text.format("")))[0] == [
        "total: return x earns 14 and without a known mistake 9"
    ]
    assert found(course(tmp_path / "not", total=text.format(", forgiven=False"))) == ([], [])


def test_a_mistake_that_hides_the_work_of_another_exercise_is_found(tmp_path):
    endless = "x.sum() * (float('inf') if x.ndim == 1 else 1)"  # what is divided by it is 0, twice or once
    text = f'hidden = mistake("You lose some.", replace("total", "x.sum()", "{endless}"){{}})'
    twice = 'twice = mistake("You double some.", replace("share", "x / total(x)", "x / total(x) * (3 - x.ndim)"))\n'
    assert found(course(tmp_path / "forgiven", total=text.format(""), share=twice)) == (
        [],
        [
            "with hidden in total, twice earns 15 and alone 14",
            "with needs_rows in total, twice earns 15 and alone 14",  # whose error hides it as well
        ],
    )
    assert found(course(tmp_path / "not", total=text.format(", forgiven=False"), share=twice)) == (
        [],
        ["with needs_rows in total, twice earns 15 and alone 14"],
    )
