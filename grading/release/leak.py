"""Look for the course's secrets in what a student is given: solutions, mistakes, alternatives, model answers.

Texts are compared without white space, comments and kinds of quotes, so that a copy is found however it
was laid out. A secret is two lines of code in a row, or one long line.
"""

import ast
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from check.mistake import Mistake, lines_of
from grading.assignment import Assignment
from grading.errors import CourseError

from .stub import solutions, stub

MIN_PAIR, MIN_LINE = 30, 45  # characters; anything shorter can be the same by accident


class Leak(CourseError):
    """Something that must stay with the instructor is in a student's folder."""


def check_no_leak(assignment: Assignment, folder: Path, notebook: dict) -> None:
    """Raise Leak, naming the file and the secret, if any released file or the notebook holds a secret."""
    released = {path.relative_to(folder).as_posix(): _texts(path) for path in _files(folder)}
    released[f"{assignment.name}.ipynb"] = list(_strings(notebook))
    known = secrets(assignment)
    for name, texts in released.items():
        for text in texts:
            searched = _squeeze(text) + _squeeze(text.replace("#", " "))  # code can hide in comments
            for secret, source in known.items():
                if secret in searched:
                    raise Leak(f"{name} of the release holds code or text from {source}: {secret[:60]}")


def secrets(assignment: Assignment) -> dict[str, str]:
    """Return every secret, squeezed, with the file that it comes from."""
    public = "".join(_squeeze(text) for text in _public_texts(assignment))
    found: dict[str, str] = {}
    for lines, source in _secret_lines(assignment):
        for needle in _needles(lines):
            found.setdefault(needle, source)
    return {secret: source for secret, source in found.items() if secret not in public}


def _public_texts(assignment: Assignment) -> Iterator[str]:
    for name in assignment.modules:
        text = assignment.source(name)
        yield stub(text, f"lib/{name}.py") if name in assignment.student_modules else text


def _secret_lines(assignment: Assignment) -> Iterator[tuple[list[str], str]]:
    """Yield lines that belong together, with the name of what they come from."""
    for name in assignment.student_modules:
        text = assignment.source(name)
        for begin, end in solutions(text, f"lib/{name}.py"):
            yield text.splitlines()[begin + 1 : end], f"lib/{name}.py"
    for path in assignment.alternatives.values():
        yield _code(path), path.relative_to(assignment.folder).as_posix()
    for mistake in assignment.mistakes.values():
        for lines in _wrong_functions(assignment, mistake):
            yield lines, f"the mistake {mistake.name}"
    yield _model_answers(assignment.folder / f"{assignment.name}.ipynb"), "a model answer"


def _needles(lines: list[str]) -> list[str]:
    squeezed = [line for line in map(_squeeze, lines) if line]
    pairs = [first + second for first, second in pairwise(squeezed)]
    long = [line for line in squeezed if len(line) >= MIN_LINE]
    return [pair for pair in pairs if len(pair) >= MIN_PAIR] + long


def _wrong_functions(assignment: Assignment, mistake: Mistake) -> Iterator[list[str]]:
    """Yield the lines of each function that a mistake changes, as it has them."""
    texts = assignment.with_mistake(mistake)
    for function in mistake.functions:
        text = texts[assignment.module_of(function)]
        begin, end = lines_of(text, function)
        yield text.splitlines()[begin:end]


def _squeeze(text: str) -> str:
    without_comments = re.sub(r"(?m)(^|\s)#.*$", "", text)
    return re.sub(r"\s+", "", without_comments).replace('"', "'")


def _code(path: Path) -> list[str]:
    """Return a file's lines without its docstring, which is no code."""
    text = path.read_text("utf8")
    tree = ast.parse(text)
    return text.splitlines()[tree.body[0].end_lineno if ast.get_docstring(tree) else 0 :]


def _model_answers(notebook: Path) -> list[str]:
    """Return the lines that nbgrader takes out of the written answers and the marking schemes."""
    lines = []
    for cell in json.loads(notebook.read_text("utf8"))["cells"]:
        text, inside = "".join(cell["source"]).splitlines(), False
        marked = any("### BEGIN" in line for line in text)
        for line in text:
            if re.search(r"### BEGIN|### END", line):
                inside = "BEGIN" in line
            elif inside or (not marked and cell["metadata"].get("nbgrader", {}).get("solution")):
                lines.append(line)
    return lines


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _texts(path: Path) -> list[str]:
    """Return the texts of a file: a safetensors file holds them as JSON within JSON in its header."""
    data = path.read_bytes()
    if path.suffix != ".safetensors":
        return [data.decode("utf8", "replace")]
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    return [*_strings(header), *_strings(json.loads(header["__metadata__"]["rest"]))]


def _strings(value) -> Iterator[str]:
    """Yield every text in nested lists and dicts, a list of lines as one text."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, list):
        if value and all(isinstance(line, str) for line in value):
            yield "".join(value)
        else:
            for inner in value:
                yield from _strings(inner)
