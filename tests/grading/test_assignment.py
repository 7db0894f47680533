"""An assignment that is not as it must be says so in one sentence."""

import json

import pytest

from grading.assignment import load_assignment
from grading.errors import CourseError
from grading.key.key import answer_key
from tests.support.small_course import check_cell, notebook, small_course

SEEDS = ["one"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            'replace("total", "x.total()", "0")',
            r"sums: the mistake wrong: 'x.total\(\)' stands 0 times in total",
        ),
        ('replace("totals", "x", "0")', r"sums: totals must be in one of \('sums',\); it is in none"),
        ('replace("total", "x", "x")', "mistakes.py: 'x' in total is replaced by itself"),
        ("", "mistakes.py: the mistake 'wrong' needs a hint and something that it replaces"),
    ],
)
def test_a_mistake_that_cannot_be_made_is_a_course_error(text, sentence, tmp_path):
    assignment = small_course(tmp_path)
    line = f'from check import mistake, replace\nwrong = mistake("A hint.", {text})\n'
    (assignment.folder / "total" / "mistakes.py").write_text(line)
    with pytest.raises(CourseError, match=sentence):
        answer_key(assignment, SEEDS)


def test_two_mistakes_of_one_name_are_refused(tmp_path):
    assignment = small_course(tmp_path)
    text = (assignment.folder / "total" / "mistakes.py").read_text()
    (assignment.folder / "tell" / "mistakes.py").write_text(text)
    with pytest.raises(CourseError, match="there is another mistake with the name 'mean'"):
        answer_key(assignment, SEEDS)


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (
            ["total", "double"],
            r"the notebook tests \['double', 'total'\], but there are probes for \['double', 'tell', 'total'\]",
        ),
        (["total", "double", "tell", "more"], r"the notebook tests \[.*'more'.*\], but there are probes for"),
    ],
)
def test_an_exercise_without_a_test_cell_or_without_probes_is_refused(cells, sentence, tmp_path):
    assignment = small_course(tmp_path)
    text = json.dumps(notebook(*(check_cell(name, 1) for name in cells)))
    (assignment.folder / "sums.ipynb").write_text(text)
    with pytest.raises(CourseError, match=sentence):
        _ = assignment.probes


def test_probes_in_the_folder_of_another_exercise_are_refused(tmp_path):
    assignment = small_course(tmp_path)
    path = assignment.folder / "tell" / "probes.py"
    path.write_text(path.read_text().replace('exercise="tell"', 'exercise="total"'))
    with pytest.raises(CourseError, match="its probes must belong to the exercise 'tell'"):
        _ = assignment.probes


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("titel = 'x'", "assignment.toml: .*unexpected keyword argument 'titel'"),
        ("title = ", "assignment.toml: Invalid value"),
        ("title = 'x'", "assignment.toml: .*missing 1 required positional argument: 'student_modules'"),
    ],
)
def test_a_file_of_fields_that_cannot_be_read_is_named(text, sentence, tmp_path):
    assignment = small_course(tmp_path)
    (assignment.folder / "assignment.toml").write_text(text)
    with pytest.raises(CourseError, match=sentence):
        load_assignment("sums", tmp_path)


def test_another_name_is_answered_with_those_there_are(tmp_path):
    small_course(tmp_path)
    with pytest.raises(CourseError, match="there is no assignment 'sum'; there is sums"):
        load_assignment("sum", tmp_path)


def test_an_alternative_that_redefines_nothing_is_refused(tmp_path):
    assignment = small_course(tmp_path)
    path = tmp_path / "other.py"
    path.write_text("def totals(x):\n    return 0\n")
    with pytest.raises(CourseError, match=r"must redefine functions of one of \('sums',\), not of \[\]"):
        assignment.with_alternative(path)
