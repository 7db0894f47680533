"""A sample class whose grades are known: the stub, the reference, every alternative, every mistake, bad form.

It is there to try grading out, and to see that all the way into the gradebook each gets what it should.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from check import read_key
from check.key import output_names
from grading.assignment import Assignment

from .stub import BEGIN, END

ANSWER = "This answer waits for a human."


@dataclass(frozen=True)
class Work:
    """What one student hands in: texts to put in place of the released files, None to leave a file out."""

    files: dict[str, str | None] = field(default_factory=dict)
    answers: bool = False


@dataclass(frozen=True)
class SampleClass:
    """The sample class of one assignment."""

    assignment: Assignment

    @cached_property
    def submissions(self) -> dict[str, Work]:
        """What each student hands in, by student id."""
        a, reference = self.assignment, self._reference()
        notebook, module = f"{a.name}.ipynb", f"lib/{a.student_modules[0]}.py"
        return {
            "stub": Work(),
            "reference": Work(reference, answers=True),
            **{
                f"alternative-{n}": Work(self._with(a.with_alternative(p)), answers=True)
                for n, p in a.alternatives.items()
            },
            **{f"mistake-{n}": Work(self._with(a.with_mistake(m))) for n, m in a.mistakes.items()},
            "form-no-notebook": Work({**reference, notebook: None}),
            "form-not-a-notebook": Work({**reference, notebook: "not a notebook"}),
            "form-extra-file": Work({**reference, "lib/torch.py": "raise SystemExit\n"}, answers=True),
            "form-no-module": Work({module: None}),
            "form-syntax-error": Work({module: reference[module] + "\ndef broken(:\n"}),
        }

    def write_submissions(self, released: Path, folder_of: Callable[[str], str]) -> None:
        """Write each student's folder, in place of an older one; folder_of gives it by student id."""
        for student, work in self.submissions.items():
            folder = Path(folder_of(student))
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(released, folder)
            for name, text in work.files.items():
                (folder / name).unlink(missing_ok=True)
                if text is not None:
                    (folder / name).write_text(text, "utf8")
            if work.answers:
                _answer(folder / f"{self.assignment.name}.ipynb")

    def expected(self) -> dict[str, dict[str, float]]:
        """Return what each student should earn in each exercise, from the released answer key alone."""
        key = read_key(self.assignment.root / "exercises" / self.assignment.name / "expected.safetensors")
        points = {}
        for student in self.submissions:
            kind, _, name = student.partition("-")
            if kind == "mistake":
                right = {
                    p.name
                    for p in self.assignment.probes
                    if not set(output_names(p, key.seeds)) & set(key.mistakes[name])
                }
            elif student in ("stub", "form-no-module", "form-syntax-error"):
                right = set()
            else:
                right = {p.name for p in self.assignment.probes}
            points[student] = {
                exercise: float(sum(p.points for p in probes if p.name in right))
                for exercise, probes in self.assignment.exercises.items()
            }
        return points

    def _reference(self) -> dict[str, str]:
        return self._with({})

    def _with(self, changed: dict[str, str]) -> dict[str, str]:
        """Return the reference's files, some of them with these texts instead, without the markers of solutions."""
        texts = {name: self.assignment.source(name) for name in self.assignment.student_modules} | changed
        return {
            f"lib/{name}.py": "".join(
                line for line in text.splitlines(keepends=True) if line.strip() not in (BEGIN, END)
            )
            for name, text in texts.items()
        }


def _answer(notebook: Path) -> None:
    """Write something into each cell that a student answers in words."""
    content = json.loads(notebook.read_text("utf8"))
    for cell in content["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = [ANSWER]
    notebook.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf8")
