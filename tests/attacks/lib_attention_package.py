"""Aim: a package lib/attention/, which python prefers to the module lib/attention.py."""

from pathlib import Path

from tests.attacks import touch


def submit(folder: Path) -> None:
    package = folder / "lib" / "attention"
    package.mkdir()
    reference = (
        "from pathlib import Path\n"
        + f"exec(Path({str(folder.parents[2] / 'lib/attention.py')!r}).read_text())\n"
    )
    (package / "__init__.py").write_text(touch(folder) + "\n" + reference)
