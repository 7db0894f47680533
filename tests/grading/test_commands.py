"""What the pages tell a reader to type works, from top to bottom, in a copy of the course."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.downloads import zipped

ROOT = Path(__file__).resolve().parents[2]
SERVERS = ("jupyter ", "make serve", "make formgrader")  # they run until they are stopped
PARTS = ("book", "check", "exercises", "grading", "lib", "solutions")


def commands(page: Path) -> list[str]:
    """Return the lines of a page's bash blocks, continued lines joined."""
    blocks = re.findall(r"^```bash\n(.*?)^```", page.read_text("utf8"), re.S | re.M)
    return [line for block in blocks for line in block.replace("\\\n", " ").splitlines() if line.strip()]


def environment(course: Path) -> dict[str, str]:
    """Commands find the environment of this test run, and in it the copy of the course first."""
    return {
        **os.environ,
        "PYTHONPATH": str(course),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
    }


def run_as_a_reader(lines: list[str], folder: Path) -> str:
    """Run the lines in one shell that stops at the first failure; return what they print."""
    script = "set -eu\n" + "\n".join(lines)
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, f"{script}\nended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def starts_a_server(line: str, course: Path, folder: Path) -> None:
    """Hold that a command which runs until it is stopped prints the address it serves."""
    options = " --no-browser --allow-root --port-retries=50" if line.startswith("jupyter ") else ""
    process = subprocess.Popen(
        ["bash", "-c", f"exec {line}{options}"],
        cwd=folder, env=environment(course), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, start_new_session=True,
    )  # fmt: skip
    try:
        deadline, said = time.monotonic() + 60, ""
        while "http://" not in said:
            line_said = process.stdout.readline()
            assert line_said, f"{line} ended with {process.wait()}: {said}"
            assert time.monotonic() < deadline, f"{line} served nothing: {said}"
            said += line_said
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
        process.stdout.close()


@pytest.fixture
def course(tmp_path) -> Path:
    """A copy of the course without the environment and the data."""
    for part in PARTS:
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("vendor", "__pycache__"))
    for file in [
        *ROOT.glob("*.py"),
        *ROOT.glob("*.toml"),
        *ROOT.glob("*.txt"),
        ROOT / "Makefile",
        ROOT / "install.sh",
    ]:
        shutil.copy2(file, tmp_path)
    for ready in (".venv", ".data", "book/vendor"):
        (tmp_path / ready).symlink_to(ROOT / ready)
    return tmp_path


def follow(page: Path, course: Path) -> str:
    """Follow a page: its commands in one shell, then each server where the commands before it led."""
    lines = commands(page)
    assert lines, f"{page.name} has no commands"
    quick = [line for line in lines if not line.startswith(SERVERS)]
    printed = run_as_a_reader(quick, course)
    for line in lines:
        if line.startswith(SERVERS):
            before = [earlier for earlier in lines[: lines.index(line)] if earlier.startswith("cd ")]
            where = course.joinpath(*(earlier.removeprefix("cd ") for earlier in before))
            starts_a_server(line, course, where)
    return printed


def test_a_student_can_follow_the_page_for_students(course):
    printed = follow(ROOT / "book/en/for-students.md", course)
    assert "masks: 0 of" in printed
    assert "not written yet" in printed or "NotImplementedError" in printed


def test_the_readme_names_commands_that_exist():
    text = (ROOT / "README.md").read_text("utf8")
    targets = set(re.findall(r"\bmake ([a-z]+)", text))
    assert {"course", "test"} <= targets
    for target in targets:
        subprocess.run(["make", "-n", target], cwd=ROOT, check=True, capture_output=True)


def test_the_readme_shows_what_the_gradebook_of_the_sample_class_says():
    (shown,) = re.findall(r"^```text\n(.*?)^```", (ROOT / "README.md").read_text("utf8"), re.S | re.M)
    sample = ROOT / "_build" / "sample"
    assert sample.is_dir(), "run `make course` first"
    printed = run_as_a_reader([f"{sys.executable} -m grading table attention"], sample).splitlines()
    missing = [line for line in shown.splitlines() if line != "…" and line not in printed]
    assert not missing, f"the README shows what is not in the gradebook: {missing}"


def test_an_instructor_can_follow_the_page_for_instructors(course):
    for assignment in course.glob("solutions/*"):
        for mistakes in sorted(assignment.glob("*/mistakes.py"))[1:]:
            mistakes.unlink()  # a class of a few does as well as one of many
    for student in ("ada", "reference", "stub"):
        shutil.copytree(course / "exercises/attention", course / "submitted" / student / "attention")
    files = {"lib/attention.py": (course / "lib/attention.py").read_bytes()}
    (course / "submissions.zip").write_bytes(zipped({"leeann_77_901_attention.zip": zipped(files)}))
    (course / "roster.csv").write_text('Student,ID,SIS Login ID\n"Lee, Ann",77,ann\n')
    run_as_a_reader(
        ["make release"], course
    )  # which `make formgrader` would do first, and no server is waited for so long
    printed = follow(ROOT / "book/en/for-instructors.md", course)
    sizes = re.findall(r"the sample class: (\d+) of (\d+) as they should be", printed)
    assert {right == size for right, size in sizes} == {True}
    assert ("9", "9") in sizes, "the assignment that the page makes is graded as well"
    students = {path.name for path in (course / "submitted").iterdir()}
    assert students == {"ada", "ann", "reference", "stub"}, (
        "nothing of the sample class is among the students"
    )
    with_feedback = {page.parent.parent.name for page in course.glob("feedback/*/attention/*.html")}
    graded = {folder.parent.name for folder in course.glob("autograded/*/attention")}
    assert graded - with_feedback == {"reference", "stub"}, "only who was graded again waits for a new page"
