"""A class of attackers, the honest copies of their answers, and classmates who have nothing to do with it."""

import importlib
import shutil
import socket
from pathlib import Path
from types import ModuleType

from tests.attacks import canary
from tests.support.course_copy import NAME, copy_course, keep_only

ATTACKS = sorted(path.stem for path in (Path(__file__).parents[1] / "attacks").glob("[!_]*.py"))
CLASSMATES = ("a-classmate", "m-classmate", "z-classmate")  # before, amid and after the attacks
SECRET = "the secret that nobody may read"
# The honest answers besides the stub and the reference: what is added to the reference.
ANSWERS = {
    "whole_matrix": """
def attend_in_blocks(q, k, v, mask=None, block=64):
    return attend(q, k, v, mask)
""",
    "queries_changed_in_place": """
_right = attend


def attend(q, k, v, mask=None):
    q /= math.sqrt(q.shape[-1])
    return _right(q * math.sqrt(q.shape[-1]), k, v, mask)
""",
}


def module(attack: str) -> ModuleType:
    """Return the module of one attack."""
    return importlib.import_module(f"tests.attacks.{attack}")


def aim(attack: str) -> str:
    """Return the first paragraph of an attack's docstring, without the word Aim."""
    return module(attack).__doc__.removeprefix("Aim: ").split("\n\n")[0].strip()


def answer(attack: str) -> str:
    """Return the name of the honest answer that an attack starts from."""
    return getattr(module(attack), "ANSWER", "stub")


def has_own_copy(attack: str) -> bool:
    """Return True if the attack does honest work besides, so that its honest copy does the same."""
    return hasattr(module(attack), "honest")


def honest_copy(attack: str) -> str:
    """Return the student who handed in the same answer honestly."""
    return f"honest-{attack if has_own_copy(attack) else answer(attack)}"


def lay_course(folder: Path) -> None:
    """Copy the course with few mistakes and two seconds for each probe."""
    assignment = copy_course(folder, whole=True) / "solutions" / NAME
    keep_only(assignment, {"unscaled", "mask_always_needed", *ANSWERS})
    with open(assignment / "assignment.toml", "a", encoding="utf8") as file:
        file.write("seconds_per_probe = 2\n")


def lay_canary(course: Path, port: int) -> Path:
    """Make the folder beside the course that nobody may touch. On port somebody listens."""
    folder = canary(course / "submitted" / "student" / NAME)
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    for name, text in {"secret": SECRET, "port": str(port), "free": str(free)}.items():
        (folder / name).write_text(text)
    return folder


def hand_in(course: Path, student: str, kind: str) -> Path:
    """Lay one honest answer in submitted/: "stub", "reference" or one of ANSWERS."""
    folder = course / "submitted" / student / NAME
    shutil.copytree(course / "exercises" / NAME, folder, ignore=shutil.ignore_patterns("__pycache__"))
    if kind != "stub":
        text = (course / "lib" / f"{NAME}.py").read_text("utf8") + "\n"
        text += "" if kind == "reference" else ANSWERS[kind]
        (folder / "lib" / f"{NAME}.py").write_text(text, "utf8")
    return folder


def attack_with(course: Path, attack: str) -> None:
    """Lay one attack in submitted/, under its own name."""
    module(attack).submit(hand_in(course, attack, answer(attack)))


def lay_class(course: Path) -> None:
    """Lay all attacks, one honest copy of each answer ("honest-…") and the classmates in submitted/."""
    for kind in sorted({"stub", "reference", *map(answer, ATTACKS)}):
        hand_in(course, f"honest-{kind}", kind)
    for attack in filter(has_own_copy, ATTACKS):
        module(attack).honest(hand_in(course, honest_copy(attack), answer(attack)))
    for student in CLASSMATES:
        hand_in(course, student, "reference")
    for attack in ATTACKS:
        attack_with(course, attack)
