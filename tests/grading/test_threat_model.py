"""The page on the threat model names only files that are there, and limits that the code has."""

import re

import pytest

from grading.assignment import ROOT
from grading.judge import intake, reply
from grading.judge.settings import Judge
from grading.sandbox import frames
from grading.sandbox.inside import confine

PAGE = (ROOT / "book" / "en" / "threat-model.md").read_text("utf8")


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(\w[\w/]*\.py)`", PAGE))))
def test_a_file_that_it_names_is_there(name):
    if name.startswith(("test_", "attacks/")):
        assert len(list((ROOT / "tests").rglob(name))) == 1
    else:
        assert (ROOT / name).is_file()


@pytest.mark.parametrize(
    "sentence",
    [
        f"at most {intake.MODULE_BYTES // 10**6} MB each",
        f"at most {intake.NOTEBOOK_BYTES // 10**6} MB",
        f"at most {frames.FRAME_BYTES // 2**20} MB: tensors of {'ten' if len(reply.DTYPES) == 10 else ''} plain dtypes",
        f"at most {reply.MAX_TEXT:,} characters".replace(",", " "),
        f"{confine.SCRATCH_MB} MB of scratch space",
        f"{confine.OPEN_FILES} open files, no new process, {confine.THREADS} threads",
        f"--{Judge.__name__}.{Judge.allow_unsandboxed.name}=True",
        f"`{Judge.__name__}.{Judge.seed.name}`",
    ],
)
def test_a_limit_that_it_states_is_the_codes_own(sentence):
    assert sentence in " ".join(PAGE.split())
