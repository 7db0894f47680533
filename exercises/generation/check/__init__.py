"""Check your own work: `check("attend")` asks your `lib/` the questions that grading asks, and says what
differs and, where it knows the mistake, how to find it. It needs no network and no kernel restart.

Grading asks the same questions about other numbers, drawn afresh.
"""

# ruff: noqa: E402  what is missing is said before anything needs it
from .trouble import require_packages

require_packages()

from .check import check
from .draw import Draw
from .key import AnswerKey, read_key, run_probes, write_key
from .limit import NoTensorAbove, Without
from .mark import Mark
from .mistake import Mistake, also, mistake, redefine, replace
from .probe import Probe, probe, raised, value_or

__all__ = [
    "AnswerKey",
    "Draw",
    "Mark",
    "Mistake",
    "NoTensorAbove",
    "Probe",
    "Without",
    "also",
    "check",
    "mistake",
    "probe",
    "raised",
    "read_key",
    "redefine",
    "replace",
    "run_probes",
    "value_or",
    "write_key",
]
