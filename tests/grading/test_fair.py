"""Honest but odd: right work in an unusual form scores 100 %, and grading again gives the same answer."""

import json
import secrets
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from functools import partial
from itertools import chain, cycle, islice
from multiprocessing import get_context
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from grading.assignment import load_assignment
from grading.judge.intake import Submission
from grading.judge.judge import judge, seeds_of
from grading.judge.settings import Judge
from grading.key.key import answer_key
from grading.sandbox.sandbox import Sandbox
from tests.support.course_copy import NAME, copy_course, succeed
from tests.support.odd_forms import ANSWER, MODULES, NOTEBOOKS, cells_of, hand_in
from tests.support.sample_answers import Answer, answer, expected, rivals, submissions, wrong

FULL = {"masks": 6.0, "attend": 14.0, "heads": 12.0, "blocks": 8.0}
REPEATED, AT_A_TIME = 100, 3  # gradings of the sample class, and how many of it each grades


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A course in which everybody has handed in honest work and been graded, in one run."""
    course = copy_course(tmp_path_factory.mktemp("course"))
    succeed(course, "nbgrader", "generate_assignment", NAME)
    for student in (*MODULES, *NOTEBOOKS):
        hand_in(course, student)
    succeed(course, "nbgrader", "autograde", NAME)
    return course


@pytest.fixture(scope="module")
def grades(course) -> dict[str, dict[str, float]]:
    with closing(Gradebook(f"sqlite:///{course}/gradebook.db", "llm")) as book:
        return {
            row.student.id: {grade.name: grade.auto_score for grade in row.grades if grade.name in FULL}
            for row in book.notebook_submissions(NAME, NAME)
        }


@pytest.mark.parametrize("student", [*MODULES, *NOTEBOOKS])
def test_honest_work_in_an_odd_form_scores_everything(course, grades, student):
    verdict = json.loads((course / "autograded" / student / NAME / "verdict.json").read_text("utf8"))
    assert [mark for mark in verdict["marks"] if mark["reason"] != "passed"] == []
    assert grades[student] == FULL


@pytest.mark.parametrize("student", [*MODULES, *NOTEBOOKS])
def test_its_written_answers_reach_the_human_who_grades_them(course, student):
    graded = json.loads((course / "autograded" / student / NAME / f"{NAME}.ipynb").read_text("utf8"))
    assert {"".join(cell["source"]) for cell in cells_of(graded, True)} == {ANSWER}


def on_each_seed(root: Path, turns: list[tuple[str, list[Submission]]]) -> list[tuple[str, str, Answer]]:
    """Grade some students on each seed, in a process of its own; return the seed, the student and the answer.

    The key holds their mistakes and all whose names compete with them, so that it names as the whole key does.
    """
    assignment, found = load_assignment(NAME, root), []
    competing = rivals(assignment)
    with Sandbox(assignment) as sandbox:
        for seed, works in turns:
            made = {work.student.removeprefix("mistake-") for work in works} & set(competing)
            names = sorted(set().union(*(competing[name] for name in made)))
            key = answer_key(assignment, seeds_of(seed), names)
            found += [
                (seed, work.student, answer(judge(assignment, key, work, seed, sandbox).marks))
                for work in works
            ]
    return found


@pytest.mark.slow
def test_a_hundred_gradings_of_the_sample_class_give_one_answer(tmp_path):
    """Each of a hundred fresh seeds grades the next few of the class; benchmarks/repeats.py grades all on each."""
    root = copy_course(tmp_path / "course", whole=True)
    succeed(root, "nbgrader", "generate_assignment", NAME)
    assignment = load_assignment(NAME, root)
    turns, wanted = cycle(submissions(assignment, tmp_path / "class")), expected(assignment)
    seeds = [(secrets.token_hex(16), list(islice(turns, AT_A_TIME))) for _ in range(REPEATED)]
    workers = Judge().processes()
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        shares = [seeds[i::workers] for i in range(workers)]
        found = list(chain(*pool.map(partial(on_each_seed, root), shares)))
    assert {student for _, student, _ in found} == set(wanted)
    assert len(found) == REPEATED * AT_A_TIME
    differ = [(seed, *wrong(assignment, student, got, wanted[student])) for seed, student, got in found]
    assert [sentences for sentences in differ if sentences[1:]] == []
