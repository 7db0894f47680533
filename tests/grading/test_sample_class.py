"""The sample class: who is of the small one, what each should earn, and what is said where it is otherwise."""

import pytest

from check import write_key
from grading.assignment import Assignment, load_assignment
from grading.errors import CourseError
from grading.key.key import answer_key
from grading.release.sample_class import MISTAKES_OF_SMALL_CLASS, SampleClass
from tests.support.small_course import small_course

FORMS = ["no-notebook", "not-a-notebook", "extra-file", "no-module", "syntax-error"]
FULL = {"total": 3.0, "double": 5.0, "tell": 4.0}
TEXT = '{name} = mistake("You tell {name}.", replace("tell", "nothing", "{name}"))\n'
THRICE = 'thrice = mistake("You add too often.", replace("double", "twice(x)", "twice(x) + x"))\n'


@pytest.fixture
def assignment(tmp_path) -> Assignment:
    """The small course with 1, 1 and 20 mistakes and 2, 0 and 1 alternatives, and a released answer key."""
    folder = small_course(tmp_path).folder
    texts = "".join(TEXT.format(name=f"text_{number:02}") for number in range(20))
    for exercise, text in {"double": THRICE, "tell": texts}.items():
        (folder / exercise / "mistakes.py").write_text(f"from check import mistake, replace\n\n{text}")
    for name in ("total/alternatives/by_loops", "total/alternatives/by_mean", "tell/alternatives/told"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / f"{name}.py").write_text(f"def {name.split('/')[0]}(x=None):\n    ...\n")
    assignment = load_assignment("sums", tmp_path)
    write_key(tmp_path / "exercises/sums/expected.safetensors", answer_key(assignment, ["one", "two"]))
    return assignment


def test_of_the_small_class_are_one_alternative_an_exercise_and_mistakes_of_each_in_turn(assignment):
    few = [f"text_{number:02}" for number in range(MISTAKES_OF_SMALL_CLASS - 2)]
    others = [*("stub", "reference"), *(f"form-{name}" for name in FORMS)]
    chosen = ["alternative-by_loops", "alternative-told", *(f"mistake-{n}" for n in ("mean", "thrice", *few))]
    the_class = SampleClass(assignment)
    assert set(the_class.small) == {*others, *chosen}
    assert len(the_class.small) == len(set(the_class.small))
    assert len(the_class.submissions) == len(others) + 3 + 22


def test_a_mistake_should_earn_the_points_of_the_probes_in_which_it_is_right(assignment):
    expected = SampleClass(assignment).expected()
    assert expected["mistake-mean"] == {**FULL, "total": 1.0}
    assert expected["mistake-thrice"] == {**FULL, "double": 2.0}  # half of 5, rounded down
    for student in ("reference", "alternative-by_mean", "form-no-notebook", "form-not-a-notebook"):
        assert expected[student] == FULL
    for student in ("stub", "form-no-module", "form-syntax-error"):
        assert expected[student] == dict.fromkeys(FULL, 0.0)


def test_what_is_otherwise_is_said_in_one_sentence(assignment):
    the_class, right = SampleClass(assignment), {**FULL, "total": 1.0}
    assert the_class.difference("mistake-mean", right, {"mean", "another"}) is None
    assert the_class.difference("reference", FULL, set()) is None
    said = the_class.difference("mistake-mean", {**FULL, "double": None}, {"another"})
    assert said == "mistake-mean: 3 in total, not 1; no grade in double, not 5; named is another, not mean"
    said = the_class.difference("mistake-mean", right, set())
    assert said == "mistake-mean: named is no mistake, not mean"


def test_a_release_that_is_older_than_its_mistakes_is_refused(assignment):
    (assignment.folder / "double" / "mistakes.py").unlink()
    with pytest.raises(CourseError, match="older than solutions/sums; run: python -m grading release sums"):
        SampleClass(load_assignment("sums", assignment.root)).expected()
