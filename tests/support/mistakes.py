"""A module of a reference, and what makes mistakes out of it."""

from pathlib import Path

from check import Mistake
from check.mistake import load_mistakes

SOURCE = '''import functools


@functools.cache
def first(
    x: int,
    scale: float = 2.0,
) -> float:
    """Return x times scale."""
    # the only comment
    return x * scale


def second(x):
    """Return x, twice."""
    x = x + x
    return x


class Layer:
    size = 4

    def __init__(self, width):
        self.width = width

    @property
    def area(self):
        return self.width * self.size

    def forward(self, x):
        return x * self.area


def second_thoughts(x):
    return second(x)
'''


def loaded(folder: Path, text: str) -> dict[str, Mistake]:
    """Return the mistakes of a file with this text, by name."""
    path = folder / "mistakes.py"
    path.write_text("from check import also, mistake, redefine, replace\n" + text)
    return {found.name: found for found in load_mistakes(path)}


def redefined(folder: Path, function: str, text: str) -> str:
    """Return the source with one redefinition."""
    (found,) = loaded(folder, f"\n\n@redefine({function!r})\n{text}").values()
    return found.replacements[0].apply(SOURCE)


def namespace(source: str) -> dict:
    names: dict = {}
    exec(compile(source, "source", "exec"), names)  # noqa: S102
    return names
