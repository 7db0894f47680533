"""The page on the threat model names only files that are there, and limits that the code has."""

import re

import pytest

from grading.assignment import ROOT
from grading.judge import intake, judge
from grading.sandbox import frames, unsandboxed
from grading.sandbox.inside import confine

PAGE = (ROOT / "book" / "en" / "threat-model.md").read_text("utf8")
PLACES = {"test_": "tests", "attacks": "tests", "grading": ".", "check": "."}


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(\w[\w/]*\.py)`", PAGE))))
def test_a_file_that_it_names_is_there(name):
    (place,) = {folder for start, folder in PLACES.items() if name.startswith(start)}
    assert (ROOT / place / name).is_file()


@pytest.mark.parametrize(
    "sentence",
    [
        f"at most {intake.MODULE_BYTES // 10**6} MB each",
        f"at most {intake.NOTEBOOK_BYTES // 10**6} MB",
        f"at most {frames.FRAME_BYTES // 2**20} MB: tensors of {'ten' if len(judge.DTYPES) == 10 else ''} plain dtypes",
        f"at most {judge.LONGEST_TEXT:,} characters".replace(",", " "),
        f"{confine.SCRATCH_MB} MB of scratch space",
        f"{confine.OPEN_FILES} open files, no new process, {confine.THREADS} threads",
        f"{unsandboxed.FLAG}={unsandboxed.ACCEPTED} nbgrader autograde",
    ],
)
def test_a_limit_that_it_states_is_the_codes_own(sentence):
    assert sentence in " ".join(PAGE.split())
