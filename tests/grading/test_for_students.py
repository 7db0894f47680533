"""What the page for students shows and promises is what the code prints and allows."""

import re
import shutil
from pathlib import Path

import pytest

from check import check
from check.mark import CARRIED, ERROR, MISSING, PASSED, WRONG
from grading.assignment import ROOT, assignment_names, load_assignment
from grading.verdict import CRASHED, GRADER_ERROR, MALFORMED, MEMORY, TIMEOUT

PAGE = (ROOT / "book" / "en" / "for-students.md").read_text("utf8")
PROMISED = {"lib", "check", "probes", "expected.safetensors", ".gitignore", "attention.ipynb"}


@pytest.fixture
def folder(tmp_path) -> Path:
    """A student's folder of attention in which the scores are not divided by √K."""
    assignment = load_assignment("attention")
    folder = tmp_path / "attention"
    shutil.copytree(ROOT / "exercises" / "attention", folder, ignore=shutil.ignore_patterns("__pycache__"))
    for module, text in assignment.with_mistake(assignment.mistakes["unscaled"]).items():
        (folder / "lib" / f"{module}.py").write_text(text, "utf8")
    return folder


def test_the_report_is_what_the_check_prints(folder, capsys):
    (shown,) = re.findall(r"^```text\n(.*?)^```", PAGE, re.S | re.M)
    check("attend", folder)
    printed = capsys.readouterr().out
    begin, end = (part.splitlines() for part in shown.split("  …\n"))
    lines = printed.splitlines()
    assert begin == lines[: len(begin)], f"the page should show:\n{printed}"
    assert end == lines[-len(end) :], f"the page should show:\n{printed}"
    assert any("→" in line for line in begin), "the example must show a hint"


def test_the_folder_holds_what_the_page_names(folder):
    assert {path.name for path in folder.iterdir()} >= PROMISED


def test_the_limits_are_those_of_every_assignment():
    ((seconds, gigabytes),) = re.findall(r"(\d+) seconds a probe .*?(\d+) GB of memory", PAGE, re.S)
    for assignment in map(load_assignment, assignment_names()):
        limits = assignment.seconds_per_probe, assignment.memory_mb
        assert limits == (int(seconds), int(gigabytes) * 1024), f"{assignment.name} has other limits"


def test_the_table_lists_every_reason():
    table = re.findall(r"^\| ([a-z ]+) \| ", PAGE, re.M)
    reasons = {PASSED, CARRIED, WRONG, ERROR, MISSING, TIMEOUT, MEMORY, CRASHED, MALFORMED, GRADER_ERROR}
    assert sorted(table) == sorted(["reason", *reasons])


def test_the_messages_are_those_of_the_check(folder, tmp_path, capsys):
    with pytest.raises(ValueError, match="there is no exercise or probe 'mask'"):
        check("mask", folder)
    (folder / "lib" / "attention.py").write_text("def broken(:\n", "utf8")
    check("attend", folder)
    printed = capsys.readouterr().out.splitlines()
    assert sum("SyntaxError" in line for line in printed) == sum("✗" in line for line in printed) > 0
    assert "      lib/attention.py, line 1: def broken(:" in printed
    (folder / "expected.safetensors").unlink()
    with pytest.raises(FileNotFoundError, match=r"expected\.safetensors is missing"):
        check("attend", folder)
    for message in (
        "`there is no exercise or probe …`",
        "`SyntaxError`",
        "`expected.safetensors is missing`",
    ):
        assert message in PAGE
