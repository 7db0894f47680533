"""An assignment as its folder under solutions/ describes it."""

import ast
import hashlib
import json
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

from check import Mistake, Probe
from check.mistake import defines, load_mistakes
from check.probe import load_probes

from .errors import CourseError

T = TypeVar("T")
ROOT = Path(__file__).resolve().parent.parent
# On these files and folders of grading/ a verdict depends, besides check/.
JUDGING = ("assignment.py", "verdict.py", "key", "sandbox", "judge")


@dataclass(frozen=True)
class Assignment:
    """One folder solutions/<name>; the fields are those of its assignment.toml."""

    folder: Path
    title: str
    student_modules: tuple[str, ...]  # which a student writes and hands in, as "attention"
    provided_modules: tuple[str, ...] = ()  # which arrive complete
    seconds_per_probe: float = 10.0  # wall time
    memory_mb: int = 1024  # memory that a submission may take on top of torch's own
    root: Path = ROOT  # the folder that holds lib/

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def modules(self) -> list[str]:
        return [*self.provided_modules, *self.student_modules]

    @cached_property
    def exercises(self) -> dict[str, list[Probe]]:
        """The probes by exercise, in the order of the notebook's test cells."""
        tests, folders = self._test_cells(), sorted(self.probe_files)
        if sorted(tests) != folders:
            where = self.folder.relative_to(self.root)
            raise CourseError(
                f"{where}: the notebook tests {sorted(tests)}, but there are probes for {folders}"
            )
        return {name: self._probes_of(name) for name in tests}

    @property
    def probes(self) -> list[Probe]:
        return [probe for probes in self.exercises.values() for probe in probes]

    @property
    def probe_files(self) -> dict[str, Path]:
        """The file of probes of each exercise."""
        return probe_files(self.folder)

    @cached_property
    def mistakes(self) -> dict[str, Mistake]:
        """The mistakes of all exercises by their names."""
        found: dict[str, Mistake] = {}
        for path in self.mistake_files:
            for mistake in _load(path, load_mistakes):
                if mistake.name in found:
                    raise CourseError(f"{path}: there is another mistake with the name {mistake.name!r}")
                found[mistake.name] = mistake
        return dict(sorted(found.items()))

    @cached_property
    def exercise_of_mistake(self) -> dict[str, str]:
        """The exercise of each mistake: that in whose folder it lies."""
        return {
            one.name: path.parent.name for path in self.mistake_files for one in _load(path, load_mistakes)
        }

    @property
    def mistake_files(self) -> list[Path]:
        return sorted(self.folder.glob("*/mistakes.py"))

    @property
    def alternatives(self) -> dict[str, Path]:
        return {path.stem: path for path in sorted(self.folder.glob("*/alternatives/*.py"))}

    def source(self, module: str) -> str:
        """Return the text of a module of the reference."""
        return (self.root / "lib" / f"{module}.py").read_text("utf8")

    def module_of(self, function: str) -> str:
        """Return the student's module that defines a function or class of the reference."""
        if function not in self._modules_of:
            self._modules_of[function] = self._look_for(function)
        return self._modules_of[function]

    @cached_property
    def _modules_of(self) -> dict[str, str]:
        """What module_of has found: each look reads and parses all modules."""
        return {}

    def _look_for(self, function: str) -> str:
        found = [name for name in self.student_modules if defines(self.source(name), function)]
        if len(found) != 1:
            where = " and ".join(found) or "none"
            raise CourseError(
                f"{self.name}: {function} must be in one of {self.student_modules}; it is in {where}"
            )
        return found[0]

    def with_mistake(self, mistake: Mistake) -> dict[str, str]:
        """Return the text of each module that differs from the reference's."""
        texts: dict[str, str] = {}
        for replacement in mistake.replacements:
            module = self.module_of(replacement.function)
            try:
                texts[module] = replacement.apply(texts.get(module, self.source(module)))
            except ValueError as error:
                raise CourseError(f"{self.name}: the mistake {mistake.name}: {error}") from error
        return texts

    def with_alternative(self, path: Path) -> dict[str, str]:
        """Return the text of the module of which an alternative redefines some functions."""
        text = path.read_text("utf8")
        modules = [name for name in self.student_modules if _names(text) & _names(self.source(name))]
        if len(modules) != 1:
            raise CourseError(
                f"{path} must redefine functions of one of {self.student_modules}, not of {modules}"
            )
        return {modules[0]: f"{self.source(modules[0])}\n\n{text}"}

    @cached_property
    def digest(self) -> str:
        """The hash of all that decides a verdict besides the submission and the seed."""
        together = hashlib.sha256()
        for path in self._decisive():
            together.update(f"{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
        return together.hexdigest()

    def _decisive(self) -> Iterator[Path]:
        yield self.folder / "assignment.toml"
        yield from sorted(self.folder.glob("*.py"))
        yield from self.probe_files.values()
        yield from self.mistake_files
        yield from (self.root / "lib" / f"{name}.py" for name in self.modules)
        yield from sorted((self.root / "check").glob("*.py"))
        for part in JUDGING:
            path = ROOT / "grading" / part
            yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]

    def _test_cells(self) -> list[str]:
        """Return the grade_id of each test cell of the notebook."""
        notebook = json.loads((self.folder / f"{self.name}.ipynb").read_text("utf8"))
        about = [cell["metadata"].get("nbgrader", {}) for cell in notebook["cells"]]
        return [cell["grade_id"] for cell in about if cell.get("grade") and not cell.get("solution")]

    def _probes_of(self, exercise: str) -> list[Probe]:
        path = self.probe_files[exercise]
        probes = _load(path, partial(load_probes, inputs=self.folder / "inputs.py"))
        if {probe.exercise for probe in probes} != {exercise}:
            raise CourseError(f"{path}: its probes must belong to the exercise {exercise!r}")
        return probes


def _load(path: Path, load: Callable[[Path], list[T]]) -> list[T]:
    """Return what a file of the assignment defines. Raises CourseError for what it must not define."""
    try:
        return load(path)
    except ValueError as error:
        raise CourseError(f"{path}: {error}") from error


def probe_files(folder: Path) -> dict[str, Path]:
    """Return the file of probes of each exercise of an assignment's folder."""
    return {path.parent.name: path for path in sorted(folder.glob("*/probes.py"))}


def load_assignment(name: str, root: Path = ROOT) -> Assignment:
    """Read solutions/<name>/assignment.toml. Raises CourseError, with the names there are, for any other."""
    path = root / "solutions" / name / "assignment.toml"
    if not path.is_file():
        raise CourseError(f"there is no assignment {name!r}; there is {', '.join(assignment_names(root))}")
    try:
        fields = tomllib.loads(path.read_text("utf8"))
        fields = {
            field: tuple(value) if isinstance(value, list) else value for field, value in fields.items()
        }
        return Assignment(folder=path.parent, root=root, **fields)
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise CourseError(f"{path}: {error}") from error


def assignment_names(root: Path = ROOT) -> list[str]:
    """Return the names of all assignments."""
    return sorted(path.parent.name for path in root.glob("solutions/*/assignment.toml"))


def _names(source: str) -> set[str]:
    """Return the names of a module's functions and classes, and of those whose attributes it sets."""
    body = ast.parse(source).body
    targets = [target for node in body if isinstance(node, ast.Assign) for target in node.targets]
    parts = [part for target in targets for part in ast.walk(target) if isinstance(part, ast.Attribute)]
    attributes = {part.value.id for part in parts if isinstance(part.value, ast.Name)}
    return attributes | {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
