"""A mistake says only what is wrong: what it replaces in the reference, and the hint that a student reads."""

import ast
import dataclasses
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .probe import load_file


@dataclass(frozen=True)
class Replacement:
    """Put new in place of old, or of the whole function where old is None, in a function of the reference.

    function is a name such as "attend" or "MultiHeadAttention.forward".
    """

    function: str
    old: str | None
    new: str

    def apply(self, source: str) -> str:
        """Return a module's source with the replacement. Raises ValueError where old does not stand there once."""
        lines = source.splitlines(keepends=True)
        begin, end = lines_of(source, self.function)
        text = "".join(lines[begin:end])
        if self.old is None:
            indent = text[: len(text) - len(text.lstrip())]
            return "".join([*lines[:begin], textwrap.indent(self.new, indent), *lines[end:]])
        count = text.count(self.old)
        if count != 1:
            raise ValueError(f"{self.old!r} stands {count} times in {self.function}, not once")
        return "".join([*lines[:begin], text.replace(self.old, self.new), *lines[end:]])


@dataclass(frozen=True)
class Mistake:
    """What a student gets wrong: the hint names it, the replacements make it out of the reference."""

    hint: str
    replacements: tuple[Replacement, ...]
    name: str = ""

    @property
    def functions(self) -> list[str]:
        """The functions that differ from the reference."""
        return [replacement.function for replacement in self.replacements]


def replace(function: str, old: str, new: str) -> Replacement:
    """Return a replacement of old, which must stand just once in the reference's function, by new."""
    if old == new:
        raise ValueError(f"{old!r} in {function} is replaced by itself")
    return Replacement(function, old, new)


def mistake(hint: str, *replacements: Replacement) -> Mistake:
    """Return a mistake, which is named after the variable that it is assigned to.

    unscaled = mistake("Divide by the root of the width …", replace("attend", " / math.sqrt(q.shape[-1])", ""))
    """
    return Mistake(" ".join(hint.split()), replacements)


def redefine(function: str) -> Callable[[Callable], Mistake]:
    """Turn a function into a mistake that puts it in place of the reference's. Its docstring is the hint.

    It is for what is another program altogether. Its body finds the names of the reference's module.
    """

    def made(wrong: Callable) -> Mistake:
        text = _without_docstring(textwrap.dedent(inspect.getsource(wrong)), function.rpartition(".")[2])
        hint = " ".join((wrong.__doc__ or "").split())
        return Mistake(hint, (Replacement(function, None, text),), wrong.__name__)

    return made


def load_mistakes(path: Path) -> list[Mistake]:
    """Return the mistakes that a file defines, in its order. Raises ValueError for one without a hint."""
    found = [
        dataclasses.replace(value, name=value.name or name)
        for name, value in vars(load_file(path)).items()
        if type(value) is Mistake
    ]
    for one in found:
        if not one.hint or not one.replacements:
            raise ValueError(f"{path}: the mistake {one.name!r} needs a hint and something that it replaces")
    return found


def lines_of(source: str, function: str) -> tuple[int, int]:
    """Return where a function's lines begin and end, from 0. Raises ValueError if it is not there."""
    nodes: list[ast.stmt] = ast.parse(source).body
    found: ast.stmt | None = None
    for name in function.split("."):
        found = next((node for node in nodes if getattr(node, "name", None) == name), None)
        if not isinstance(found, ast.FunctionDef | ast.ClassDef):
            raise ValueError(f"there is no {function}")
        nodes = found.body
    assert found is not None
    assert found.end_lineno is not None
    first = min([found.lineno, *(decorator.lineno for decorator in found.decorator_list)])  # type: ignore[attr-defined]
    return first - 1, found.end_lineno


def _without_docstring(text: str, name: str) -> str:
    """Return a decorated function's text under this name, without decorators and docstring."""
    (node,) = ast.parse(text).body
    assert isinstance(node, ast.FunctionDef)
    lines = text.splitlines(keepends=True)
    head = "".join(lines[node.lineno - 1 : node.body[0].lineno - 1])
    body = "".join(lines[node.body[0].end_lineno if ast.get_docstring(node) else node.body[0].lineno - 1 :])
    return head.replace(f"def {node.name}(", f"def {name}(", 1) + body
