"""What a student calls in the notebook: `check("attend")`."""

import os
import time
from pathlib import Path

from .allowance import Kept
from .answers import not_taken_over
from .compare import Values
from .fresh import fresh_torch
from .graded import Graded, notes, read_graded
from .key import AnswerKey, read_key, run_probes
from .load import load_lib
from .mark import Mark
from .memory import too_much_memory
from .once import exercises_to_ask, mark_exercises
from .own_files import OwnFiles
from .page import notebook, page
from .probe import Probe, load_folder
from .report import report
from .terminal import stream_for_report, write
from .trouble import IncompleteFolder, NoSuchExercise, require_numpy_in_torch

BESIDE = Path(__file__).resolve().parent.parent  # the folder that this check came in


def check(name: str, folder: Path | str | None = None) -> float:
    """Show how one exercise, or one probe of it, stands, and return the points it has earned.

    name is an exercise ("attend") or one of its probes ("causal"); folder is the assignment's folder, by default this
    one, or else the one that this check lies in.
    Raises NoSuchExercise for an unknown name, IncompleteFolder where something is missing, and CannotCheck where this
    Python cannot run it.
    """
    folder = _default_folder() if folder is None else Path(folder)
    require_numpy_in_torch()
    probes = load_folder(_require(folder / "probes"))
    chosen = [p for p in probes if p.exercise == name] or [p for p in probes if p.name == name]
    if not chosen:
        names = list(dict.fromkeys(p.exercise for p in probes))
        raise NoSuchExercise(f"there is no exercise or probe {name!r}; the exercises are {', '.join(names)}")
    # All of the exercise, since together its probes name a mistake.
    exercise = [p for p in probes if p.exercise == chosen[0].exercise]
    key = read_key(_require(folder / "expected.safetensors"))
    graded = read_graded(_require(folder / "lib").parent)
    got, costly = _run(exercise, key, folder, graded)
    others = exercises_to_ask(exercise, key, got)
    asked = [p for p in probes if p.exercise in others]
    more = _run(asked, key, folder, graded)[0] if asked else {}
    marks, kept = mark_exercises(exercise + asked, key, got | more)
    shown, kept = [m for m in marks if name in (m.exercise, m.probe)], [k for k in kept if k.exercise == name]
    lost = [f"Handing in loses something: {sentence}" for sentence in not_taken_over(folder)]
    _show(shown, kept, [*notes(graded, folder), *costly, *lost])
    return float(sum(m.earned for m in shown) + sum(k.points for k in kept))


def _default_folder() -> Path:
    """Return where this runs, or, where an editor has started it elsewhere, the folder that this check came in."""
    return Path() if Path("probes").is_dir() else BESIDE


def _run(
    exercise: list[Probe], key: AnswerKey, folder: Path, graded: Graded
) -> tuple[dict[str, Values], list[str]]:
    """Return what the student's lib answers as it will when it is graded, and a sentence for what costs more than it may."""
    got: dict[str, Values] = {}
    costly: list[str] = []
    files = OwnFiles(folder, graded)
    with fresh_torch(), files.hidden():
        lib = load_lib(folder, names=graded.modules, refuse=files.refuse, python=graded.python)
        with lib.importable():
            costly += filter(None, (too_much_memory(probe, lib.modules) for probe in exercise))
            for probe in exercise:
                start = time.monotonic()
                got |= run_probes([probe], lib, key.seeds)
                took, limit = time.monotonic() - start, graded.seconds_per_probe
                if limit and took > limit:
                    costly.append(
                        f"{probe.name} took {took:.2g} s here; when it is graded it has {limit:g} s."
                    )
    return got, costly


def _show(marks: list[Mark], kept: list[Kept], said: list[str]) -> None:
    """Show a report: as a table in a notebook, as text elsewhere."""
    text, display = report(marks, details=True, notes=said, kept=kept), notebook()
    failed = any(m.earned < m.points for m in marks)
    validating = os.environ.get("NBGRADER_EXECUTION") == "validate"
    if display and not validating:
        display({"text/html": page(marks, said, kept), "text/plain": text}, raw=True)
    else:
        write(text, stream_for_report(failed, validating))


def _require(path: Path) -> Path:
    """Return the path of a file or folder that must be there."""
    if not path.exists():
        raise IncompleteFolder(
            f"{path.name} is missing from {path.parent.resolve()}; run this in the assignment's whole folder"
        )
    return path
