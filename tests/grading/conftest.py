"""For the tests of grading."""

import pytest

from check.codec import unpack
from check.probe import Failure
from grading.sandbox.sandbox import Sandbox
from tests.support.small_course import small_course


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with Sandbox(small_course(tmp_path_factory.mktemp("course"))) as sandbox:
        yield sandbox


@pytest.fixture
def tell(sandbox):
    """Return what a body of Python lines returns inside: a text, or the name of its error."""

    def tell(*lines: str) -> str:
        source = "\n    ".join(["def tell():", *lines])
        answers = sandbox.ask(["told"], {"sums": source.encode()}, ["1"])
        assert (len(answers.frames), answers.late, answers.too_long) == (1, False, False)
        values = unpack(answers.frames[0])["told@0"]
        return values.error if isinstance(values, Failure) else values["0"]

    return tell
