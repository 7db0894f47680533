"""Aim: sitecustomize, usercustomize, conftest, .pth and nbgrader_config files, which are read by themselves."""

from pathlib import Path

from tests.attacks import touch


def submit(folder: Path) -> None:
    for name in (
        "sitecustomize.py",
        "usercustomize.py",
        "conftest.py",
        "nbgrader_config.py",
        "lib/sitecustomize.py",
    ):
        (folder / name).write_text(touch(folder))
    (folder / "evil.pth").write_text("import builtins; " + touch(folder))
