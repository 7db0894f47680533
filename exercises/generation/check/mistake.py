"""A mistake says only what is wrong: what it replaces in the reference, and the hint that a student reads."""

import ast
import dataclasses
import inspect
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .probe import load_file

Definition = ast.FunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Replacement:
    """Put new in place of old in a function of the reference; where old is None, in place of all but its decorators.

    function is a name such as "attend" or "MultiHeadAttention.forward".
    """

    function: str
    old: str | None
    new: str

    def apply(self, source: str) -> str:
        """Return a module's source with the replacement. Raises ValueError where old does not stand there once."""
        lines = source.splitlines(keepends=True)
        if self.old is None:
            node = _find(source, self.function)
            indented = textwrap.indent(self.new, " " * node.col_offset)
            return "".join([*lines[: node.lineno - 1], indented, *lines[node.end_lineno :]])
        begin, end = lines_of(source, self.function)
        text = "".join(lines[begin:end])
        count = text.count(self.old)
        if count != 1:
            raise ValueError(f"{self.old!r} stands {count} times in {self.function}, not once")
        return "".join([*lines[:begin], text.replace(self.old, self.new), *lines[end:]])


@dataclass(frozen=True)
class Mistake:
    """What a student gets wrong: the hint names it, the replacements make it out of the reference.

    forgiven: whoever makes it has done most of the exercise, so that it need not cost all of it.
    """

    hint: str
    replacements: tuple[Replacement, ...]
    name: str = ""
    forgiven: bool = True

    @property
    def functions(self) -> list[str]:
        """The functions that differ from the reference."""
        return [replacement.function for replacement in self.replacements]


def replace(function: str, old: str, new: str) -> Replacement:
    """Return a replacement of old, which must stand just once in the reference's function, by new."""
    if old == new:
        raise ValueError(f"{old!r} in {function} is replaced by itself")
    return Replacement(function, old, new)


def mistake(hint: str, *replacements: Replacement, forgiven: bool = True) -> Mistake:
    """Return a mistake, which is named after the variable that it is assigned to.

    It is not forgiven where nobody has worked for it, such as an input returned as it was, and where it makes a later
    exercise easy, such as a draw that looks at no probability: then it costs whatever it fails, in every exercise.

    unscaled = mistake("Divide by the root of the width …", replace("attend", " / math.sqrt(q.shape[-1])", ""))
    """
    return Mistake(" ".join(hint.split()), replacements, forgiven=forgiven)


def also(first: Mistake, *replacements: Replacement) -> Mistake:
    """Return the same mistake in another program: it has the first one's hint, which must be true of both.

    scaled_by_the_width = also(unscaled, replace("attend", "math.sqrt(q.shape[-1])", "q.shape[-1]"))
    """
    return dataclasses.replace(first, replacements=replacements, name="")


def redefine(function: str, *, forgiven: bool = True) -> Callable[[Callable], Mistake]:
    """Turn a function into a mistake that puts it in place of the reference's. Its docstring is the hint.

    It is for what is another program altogether. Its body finds the names of the reference's module, and the
    decorators of the reference stay. forgiven is that of `mistake`.
    """

    def as_mistake(wrong: Callable) -> Mistake:
        text = _definition(textwrap.dedent(inspect.getsource(wrong)), function.rpartition(".")[2])
        hint = " ".join((wrong.__doc__ or "").split())
        return Mistake(hint, (Replacement(function, None, text),), wrong.__name__, forgiven)

    return as_mistake


def load_mistakes(path: Path) -> list[Mistake]:
    """Return the mistakes that a file defines, in its order. Raises ValueError for one without a hint."""
    found = [
        dataclasses.replace(value, name=value.name or name)
        for name, value in vars(load_file(path)).items()
        if type(value) is Mistake
    ]
    for one in found:
        if not one.hint or not one.replacements:
            raise ValueError(f"the mistake {one.name!r} needs a hint and something that it replaces")
    return found


def lines_of(source: str, function: str) -> tuple[int, int]:
    """Return where the lines of a function begin and end, from 0, decorators included.

    Raises ValueError if it is not there once.
    """
    node = _find(source, function)
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return first - 1, node.end_lineno or first


def defines(source: str, function: str) -> bool:
    """Return True if a module's source has this function, class or method."""
    try:
        _find(source, function)
    except ValueError:
        return False
    return True


def _find(source: str, function: str) -> Definition:
    """Return where a function, class or method is defined. Raises ValueError if it is not there once."""
    body: list[ast.stmt] = ast.parse(source).body
    *outer, last = function.split(".")
    for name in outer:
        body = _named(body, name, function).body
    return _named(body, last, function)


def _named(body: list[ast.stmt], name: str, function: str) -> Definition:
    found = [node for node in body if isinstance(node, Definition) and node.name == name]
    if len(found) != 1:
        raise ValueError(
            f"there is no {function}" if not found else f"{function} is defined {len(found)} times"
        )
    return found[0]


def _definition(text: str, name: str) -> str:
    """Return a decorated function's text under this name, without decorators and docstring."""
    (node,) = ast.parse(text).body
    if not isinstance(node, ast.FunctionDef):
        raise ValueError(f"a function is redefined by a function, not by {text.splitlines()[0]!r}")
    lines = text.splitlines(keepends=True)
    first = node.body[0]
    head = "".join(lines[node.lineno - 1 : first.lineno - 1])
    body = "".join(lines[first.end_lineno if ast.get_docstring(node) else first.lineno - 1 :])
    return re.sub(rf"\bdef\s+{node.name}\b", f"def {name}", head, count=1) + body.rstrip("\n") + "\n"
