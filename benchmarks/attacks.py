"""The attacks of tests/attacks/ on this course's grading and on stock nbgrader, side by side.

This course grades all of them as one class. Stock nbgrader, set up as in benchmarks/grading.py, grades each in a
copy of its own and with 30 s a cell, except those that could harm the machine. Points are automatic ones; a breach is a file touched
outside, or an attack that says it did, or read, what it should not.

    python -m benchmarks.attacks                     all of them
    python -m benchmarks.attacks lib_init connects   some
"""

import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.grading import run, scores, stock_course
from tests.attacks import BREACH
from tests.support.attack_class import (
    ATTACKS,
    SECRET,
    aim,
    answer,
    attack_with,
    hand_in,
    honest_copy,
    lay_canary,
    lay_class,
    lay_course,
    module,
)
from tests.support.course_copy import NAME, ROOT

LISTENER = 9  # the discard port: nobody listens
HARMFUL = {
    **dict.fromkeys(
        ["archive_bomb", "device_for_a_file", "takes_the_disk", "prints_without_end"], "fills the disk"
    ),
    **dict.fromkeys(["takes_time", "pipe_for_a_file"], "does not end"),
    **dict.fromkeys(["takes_memory", "boundless_tensor", "message_without_end"], "fills the memory"),
    **dict.fromkeys(["takes_processes", "takes_threads", "takes_descriptors", "daemon"], "goes on running"),
    **dict.fromkeys(["connects", "listens"], "uses the network"),
    **dict.fromkeys(["leaves_something_behind", "looks_for_what_was_left"], "leaves files on the machine"),
}


@dataclass(frozen=True)
class Outcome:
    """What one grader gave a submission, and whether the attack broke out."""

    points: float | None
    breach: bool


def breached(course: Path, student: str) -> bool:
    """Return True if the canary was touched or the graded notebook tells of a breach."""
    secret = course.parent / "canary" / "secret"
    if (course.parent / "canary" / "touched").exists() or not secret.is_file():
        return True
    folder = course / "autograded" / student
    written = "".join(path.read_text("utf8", "replace") for path in folder.rglob("*.ipynb"))
    # As an error shows it: the attack's own line, which both graders quote, has `RuntimeError(f"BREACH: …`.
    told = f"RuntimeError: {BREACH}:" in re.sub(r"\\u001b\[[\d;]*m", "", written)
    carried = any(SECRET in path.read_text("utf8", "replace") for path in folder.rglob("*") if path.is_file())
    return told or carried


def with_ours(scratch: Path) -> dict[str, Outcome]:
    """Grade the whole class with this course."""
    course = scratch / "course"
    lay_course(course)
    run(f"nbgrader generate_assignment {NAME}", course)
    lay_canary(course, LISTENER)
    lay_class(course)
    run(f"nbgrader autograde {NAME}", course)
    students = [path.name for path in (course / "submitted").iterdir()]
    points = scores(course, students)
    return {student: Outcome(points[student], breached(course, student)) for student in students}


def with_stock(original: Path, scratch: Path, attack: str, *, honest: bool) -> Outcome:
    """Grade one attack, or its honest copy, with stock nbgrader in a copy of the course of its own."""
    course = scratch / attack / ("honest" if honest else "attack") / "course"
    shutil.copytree(original, course)
    lay_canary(course, LISTENER)
    if not honest:
        attack_with(course, attack)
    elif hasattr(module(attack), "honest"):
        module(attack).honest(hand_in(course, attack, answer(attack)))
    else:
        hand_in(course, attack, answer(attack))
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(course),
        "IPYTHONDIR": str(course / "ipython"),
        "ATTACK_SECRET": "ATTACK_SECRET",
    }
    command = ["nbgrader", "autograde", NAME, "--ExecutePreprocessor.timeout=30"]
    process = subprocess.Popen(
        command, cwd=course, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        process.wait(90)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    print(attack, "honest" if honest else "", file=sys.stderr, flush=True)
    try:
        points = scores(course, [attack])[attack]
    except Exception:  # no entry in the gradebook, or none left of it
        points = None
    return Outcome(points, breached(course, attack))


def stock_outcomes(scratch: Path) -> tuple[dict[str, Outcome], dict[str, Outcome]]:
    """Return what stock nbgrader gave to each harmless attack, and to the honest copies."""
    original = scratch / "original"
    stock_course(original)
    for part in ("check", "exercises", "lib", "solutions"):  # what attacks and honest answers are made from
        shutil.copytree(ROOT / part, original / part, ignore=shutil.ignore_patterns("__pycache__"))
    harmless = [attack for attack in ATTACKS if attack not in HARMFUL]
    copies = {honest_copy(attack): attack for attack in harmless}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        attacked = pool.map(lambda a: with_stock(original, scratch, a, honest=False), harmless)
        copied = pool.map(lambda a: with_stock(original, scratch, a, honest=True), copies.values())
        return dict(zip(harmless, attacked, strict=True)), dict(zip(copies, copied, strict=True))


def shown(outcome: Outcome | None, attack: str) -> str:
    """Return the two cells of one grader: points and breach."""
    if outcome is None:
        return f"not run: {HARMFUL[attack]} | "
    points = "none" if outcome.points is None else f"{outcome.points:g}"
    return f"{points} | {'yes' if outcome.breach else ''}"


def gains(outcomes: dict[str, Outcome], honest: dict[str, Outcome]) -> int:
    """Return how many attacks have more points than their honest copies."""
    pairs = [
        (outcome.points or 0, honest[honest_copy(attack)].points or 0) for attack, outcome in outcomes.items()
    ]
    return sum(mine > copy for mine, copy in pairs)


def main(chosen: list[str]) -> None:
    ATTACKS[:] = chosen or ATTACKS
    with tempfile.TemporaryDirectory() as scratch:
        everybody = with_ours(Path(scratch, "ours"))
        ours = {attack: everybody[attack] for attack in ATTACKS}
        stock, stock_honest = stock_outcomes(Path(scratch, "stock"))
    print("# The attacks on this course's grading and on stock nbgrader\n")
    versions = ", ".join(f"{name} {version(name)}" for name in ("nbgrader", "torch", "ipykernel"))
    print(
        f"`{' '.join(['python -m benchmarks.attacks', *chosen])}` with {versions}, Python {platform.python_version()}.\n"
    )
    for name, found, honest in (("This course", ours, everybody), ("Stock nbgrader", stock, stock_honest)):
        broke = sum(outcome.breach for outcome in found.values())
        print(f"- {name}: {gains(found, honest)} of {len(found)} attacks gain points, {broke} break out.")
    print("\n| attack | aim | honest | this course | breach | stock, honest | stock nbgrader | breach |")
    print("|---|---|---|---|---|---|---|---|")
    for attack in ATTACKS:
        about, copy = re.sub(r"\s+", " ", aim(attack)).replace("|", "\\|"), honest_copy(attack)
        theirs = stock_honest[copy].points if copy in stock_honest else None
        theirs = "" if theirs is None else f"{theirs:g}"
        mine = f"{everybody[copy].points:g} | {shown(ours[attack], attack)}"
        print(f"| {attack} | {about} | {mine} | {theirs} | {shown(stock.get(attack), attack)} |")


if __name__ == "__main__":
    main(sys.argv[1:])
