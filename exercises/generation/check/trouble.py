"""What stands in the way of a check and is not the student's fault: one sentence, in place of a traceback of ours."""

import importlib
import sys
from functools import wraps
from typing import Any

NEEDED = ("numpy", "torch", "safetensors")  # in this order, since torch warns where numpy is missing


class CannotCheck(Exception):
    """The sentence says what to do. A notebook and a terminal show it alone."""

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows of this error."""
        return [str(self)]


class NoSuchExercise(CannotCheck, ValueError):
    """There is neither an exercise nor a probe of this name."""


class IncompleteFolder(CannotCheck, FileNotFoundError):
    """Something is missing that came with the assignment."""


def require_packages() -> None:
    """Raise CannotCheck unless this Python has what a check needs."""
    for name in NEEDED:
        try:
            importlib.import_module(name)
        except (ImportError, OSError) as error:
            raise CannotCheck(
                f"The check cannot run: this Python ({sys.executable}) cannot import {name} ({error})."
                f" Nothing is wrong with your code. Install it there, with `{sys.executable} -m pip install"
                f" {' '.join(NEEDED)}` or in a notebook `%pip install {' '.join(NEEDED)}`, or choose the kernel of"
                " the Python that has it; then restart the kernel."
            ) from None


def require_numpy_in_torch() -> None:
    """Raise CannotCheck where torch was built for an older numpy than the one that is there."""
    import numpy
    import torch

    try:
        torch.from_numpy(numpy.zeros(1))
    except RuntimeError as error:
        raise CannotCheck(
            f"The check cannot run: PyTorch {torch.__version__} and NumPy {numpy.__version__} do not work together"
            f" ({error}). Nothing is wrong with your code. Install an older NumPy, with `{sys.executable} -m pip"
            " install 'numpy<2'`, and restart the kernel."
        ) from None


def _show_the_sentence_alone() -> None:
    """Let a terminal show of a CannotCheck no traceback, as a notebook does by itself."""
    before = sys.excepthook

    @wraps(before)
    def hook(kind: type[BaseException], error: BaseException, trace: Any) -> None:
        if isinstance(error, CannotCheck):
            print(error, file=sys.stderr)
        else:
            before(kind, error, trace)

    sys.excepthook = hook


_show_the_sentence_alone()
