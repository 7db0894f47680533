"""A sample class whose grades are known: the stub, the reference, alternatives, mistakes, bad form.

It is there to try grading out, and to see that all the way into the gradebook each gets what it should. The whole class
has every alternative and every mistake, the small one a few of each exercise.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest
from pathlib import Path

from check import AnswerKey, read_key
from check.compare import Values
from check.mistake import load_mistakes
from check.once import mark_exercises
from grading.assignment import Assignment
from grading.errors import CourseError

from .stub import BEGIN, END

ANSWER = "This answer waits for a human."
MISTAKES_OF_SMALL_CLASS = 12
NOTHING_RUNS = ("stub", "form-no-module", "form-syntax-error")


@dataclass(frozen=True)
class Work:
    """What one student hands in: texts to put in place of the released files, None to leave a file out."""

    files: Mapping[str, str | None] = field(default_factory=dict)
    answers: bool = False


@dataclass(frozen=True)
class SampleClass:
    """The sample class of one assignment; all that is said of the whole class holds for the small one."""

    assignment: Assignment

    @cached_property
    def submissions(self) -> dict[str, Work]:
        """What each student hands in, by student id."""
        a, reference = self.assignment, self._reference()
        notebook = f"{a.name}.ipynb"
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
            "form-no-module": Work(dict.fromkeys(reference)),
            "form-syntax-error": Work({path: text + "\ndef broken(:\n" for path, text in reference.items()}),
        }

    @cached_property
    def small(self) -> list[str]:
        """The students of the small class: one alternative an exercise, a dozen mistakes, and the few others."""
        a = self.assignment
        names = {path.parent.name: [one.name for one in load_mistakes(path)] for path in a.mistake_files}
        rooms = [names[exercise] for exercise in a.exercises if exercise in names]
        # The first of each exercise, then the second of each, and so on.
        in_turn = [f"mistake-{name}" for names in zip_longest(*rooms) for name in names if name]
        first = {path.parent: f"alternative-{name}" for name, path in reversed(a.alternatives.items())}
        left_out = {s for s in self.submissions if s.startswith(("mistake-", "alternative-"))}
        left_out -= {*in_turn[:MISTAKES_OF_SMALL_CLASS], *first.values()}
        return [student for student in self.submissions if student not in left_out]

    def write_submissions(
        self, released: Path, folder_of: Callable[[str], str], students: Iterable[str] | None = None
    ) -> None:
        """Write these students' folders, by default everybody's, in place of older ones; folder_of gives them by id."""
        for student in self.submissions if students is None else students:
            work, folder = self.submissions[student], Path(folder_of(student))
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(released, folder)
            for name, text in work.files.items():
                (folder / name).unlink(missing_ok=True)
                if text is not None:
                    (folder / name).write_text(text, "utf8")
            if work.answers:
                _answer(folder / f"{self.assignment.name}.ipynb")

    def expected(self) -> dict[str, dict[str, float]]:
        """Return what each student should earn in each exercise; see `expected_points`."""
        return {student: self.expected_points(student) for student in self.submissions}

    def expected_points(self, student: str) -> dict[str, float]:
        """Return what one student should earn in each exercise, from the released answer key alone.

        Raises CourseError for an old release.
        """
        mistake = student.partition("mistake-")[2]
        key = self._key
        return self._points({} if student in NOTHING_RUNS else key.want | key.mistakes.get(mistake, {}))

    @cached_property
    def _key(self) -> AnswerKey:
        a = self.assignment
        key = read_key(a.root / "exercises" / a.name / "expected.safetensors")
        counted = {name: a.exercise_of_mistake[name] for name, one in a.mistakes.items() if one.forgiven}
        if key.mistakes.keys() != a.mistakes.keys() or key.exercises != counted:
            where = f"exercises/{a.name}"
            raise CourseError(
                f"{where} is older than solutions/{a.name}; run: python -m grading release {a.name}"
            )
        return key

    def _points(self, got: dict[str, Values]) -> dict[str, float]:
        """Return the points of each exercise for what a lib answers, which may be nothing."""
        marks, kept = mark_exercises(self.assignment.probes, self._key, got)
        points = dict.fromkeys(self.assignment.exercises, 0.0)
        for found in marks:
            points[found.exercise] += found.earned
        for one in kept:
            points[one.exercise] += one.points
        return points

    def difference(self, student: str, points: dict[str, float | None], named: set[str]) -> str | None:
        """Say what of one student is other than it should be: the points by exercise, or the mistake that is named."""
        wanted, mistake = self.expected_points(student), student.partition("mistake-")[2]
        found = [
            f"{'no grade' if points[name] is None else f'{points[name]:g}'} in {name}, not {wanted[name]:g}"
            for name in wanted
            if points[name] != wanted[name]
        ]
        if mistake and mistake not in named:
            found.append(f"named is {', '.join(sorted(named)) or 'no mistake'}, not {mistake}")
        return f"{student}: {'; '.join(found)}" if found else None

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
