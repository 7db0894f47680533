"""Work that fails only because it is written for a newer Python is held, with one sentence, and is never a zero."""

import pytest

from check.mark import ERROR, PASSED
from grading.judge.judge import grade
from grading.verdict import GRADER_ERROR, Verdict
from tests.support.graded import handed_in
from tests.support.small_course import REFERENCE, small_course

IN_TOTAL = REFERENCE.replace("return x.sum()", "import itertools\n    itertools.batched\n    return x.sum()")
NEWER = {
    "a format string": (
        "x = {'a': 1}\ny = f'{x['a']}'\n" + REFERENCE,
        "lib/sums.py is written for Python 3.12",
    ),
    "a type": ("type Number = float\n" + REFERENCE, "lib/sums.py is written for Python 3.12"),
    "a parameter of a type": (REFERENCE + "def f[T](x: T) -> T:\n    return x\n", "Python 3.12"),
    "a default of one": (REFERENCE + "def f[T = int](x: T) -> T:\n    return x\n", "Python 3.13"),
    "a template": (REFERENCE + "x = t'{1}'\n", "Python 3.14"),
    "a name": ("from itertools import batched\n" + REFERENCE, "itertools.batched came with Python 3.12"),
    "a module": ("import annotationlib\n" + REFERENCE, "annotationlib came with Python 3.14"),
}
OWN_FAULT = {
    "no Python": "def f(:\n" + REFERENCE,
    "no Python, and a newer one's": "type Number = float\ndef f(:\n" + REFERENCE,
    "no name of any": "from itertools import batches\n" + REFERENCE,
    "an error raised by hand": "raise SyntaxError('type X = int')\n" + REFERENCE,
    "no text": "\x00",
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> dict[str, Verdict]:
    sources = {name: source for name, (source, _) in NEWER.items()} | OWN_FAULT | {"in one": IN_TOTAL}
    batch = [handed_in(name, source) for name, source in sources.items()]
    assignment = small_course(tmp_path_factory.mktemp("course"))
    return {submission.student: verdict for submission, verdict in grade(assignment, batch)}


@pytest.mark.parametrize("name", NEWER)
def test_it_has_no_mark_and_the_sentence_says_which_python_it_needs(graded, name):
    assert graded[name].earned("total") is None
    ((reason, sentence),) = {(mark.reason, mark.error) for mark in graded[name].marks}
    assert reason == GRADER_ERROR
    assert NEWER[name][1] in sentence
    assert "graded with Python 3." in sentence


@pytest.mark.parametrize("name", OWN_FAULT)
def test_what_no_python_runs_is_an_error_as_before(graded, name):
    assert {mark.reason for mark in graded[name].marks} == {ERROR}


def test_only_the_probes_that_need_it_are_held(graded):
    verdict = graded["in one"]
    assert {mark.reason for mark in verdict.marks_of("total")} == {GRADER_ERROR}
    assert {mark.reason for mark in verdict.marks_of("double")} == {PASSED}
