"""python -m grading: everything an instructor does, for the course in this folder; --help lists it."""

import argparse
import re
import sys
from pathlib import Path
from typing import Any

from nbgrader.apps.baseapp import NbGrader

from grading import commands
from grading.assignment import load_assignment
from grading.collect.collect import collect
from grading.errors import CourseError
from grading.reports.export import FORMATS

VERBS: dict[str, commands.Verb] = {
    verb.__name__: verb
    for verb in (
        commands.release,
        commands.sample,
        collect,
        commands.grade,
        commands.table,
        commands.audit,
        commands.reconcile,
        commands.regrade,
        commands.report,
        commands.export,
        commands.similar,
    )
}
DEFAULT = "default: every assignment; from grade on, every one of which something was handed in or graded"
ALL = {"nargs": "*", "metavar": "assignment", "help": DEFAULT}
ONE = {"nargs": "?", "metavar": "assignment", "help": DEFAULT}
OPTIONS: dict[str, dict[str, dict[str, Any]]] = {  # what a verb takes, if it is not assignments alone
    "sample": {
        "assignments": ALL,
        "--whole": {"action": "store_true", "help": "every alternative and every mistake"},
    },
    "collect": {
        "source": {"help": "the download: a zip file or a folder"},
        "assignments": {"metavar": "assignment"},
        "--roster": {"help": "a CSV file of nbgrader, Canvas or Moodle; default: the gradebook's students"},
        "--yes": {"action": "store_true", "help": "do it without asking"},
        "--dry-run": {"action": "store_true", "help": "only say what was found"},
    },
    "regrade": {
        "assignments": ONE,
        "students": {"nargs": "*", "help": "default: everyone who has handed in"},
        "--seed": {"default": "recorded", "help": "recorded (the default), fresh, or any text"},
    },
    "export": {
        "assignments": ALL,
        "--format": {"choices": list(FORMATS), "default": "csv", "help": "default: csv"},
    },
    "similar": {
        "assignments": ALL,
        "--limit": {"type": int, "default": 20, "help": "how many pairs; default: 20"},
    },
}
SETTING = re.compile(r"--[A-Z]\w*\.\w+=.*", re.DOTALL)  # --Class.trait=value
SETTINGS = (
    "--Class.trait=value, such as --Judge.workers=4 or --CourseDirectory.db_url=postgresql://…, sets for this run what "
    "nbgrader_config.py sets for all."
)


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; return the exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    settings = [argument for argument in arguments if SETTING.fullmatch(argument)]
    options = vars(_parser().parse_args([a for a in arguments if a not in settings]))
    app = NbGrader()
    app.raise_config_file_errors = (
        True  # without the settings nbgrader would grade by itself, and in no sandbox
    )
    app.initialize(settings)
    try:
        return 0 if _run(app, **options) else 1
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1


def _run(app: NbGrader, verb: str, **options: Any) -> bool:
    root = Path(app.coursedir.root)
    if verb == "new":
        return commands.new(root, **options)
    chosen = options.pop("assignments")
    names = [chosen] if isinstance(chosen, str) else chosen or commands.default_names(verb, app.coursedir)
    return VERBS[verb](app.coursedir, [load_assignment(name, root) for name in names], **options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m grading", description="Grade the course in this folder.", epilog=SETTINGS
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("new", help=commands.new.__doc__, description=commands.new.__doc__)
    one.add_argument("name", help="of the assignment: small letters, digits and _")
    one.add_argument(
        "--module", help="the module in lib/ that students write; default: the assignment's name"
    )
    for verb, function in VERBS.items():
        one = verbs.add_parser(verb, help=function.__doc__, description=function.__doc__, epilog=SETTINGS)
        for name, option in OPTIONS.get(verb, {"assignments": ALL}).items():
            one.add_argument(name, **option)
    return parser


if __name__ == "__main__":
    sys.exit(main())
