"""Where the time of `make course` and `make test` goes, and what both will take with the whole course.

An assignment may cost continuous integration 45 seconds in all, and a chapter 20. The seconds of a step are those of
the last time it was done, so the whole picture comes after `make clean test`.

    python -m benchmarks.ci            print it
    python -m benchmarks.ci --check    and fail where an assignment or a chapter takes more than 1.5 times its share
"""

import argparse
import os
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from jupyter_cache import get_cache

from grading.assignment import ROOT, assignment_names
from grading.reports.text_table import text_table
from tests.support.parts import ASSIGNMENT, CHAPTER, EVERY_CHAPTER, chapters, page_of

COURSE = ("environment", "data", "assets", "book", "release", "class", "grade")  # the steps of make course
TEST = ("packages", "lint", "types", "tests")  # what make test does besides
SHARE = {ASSIGNMENT: 45, CHAPTER: 20}  # seconds of continuous integration, both commands together
TOLERANCE = 1.5
PLANNED = {ASSIGNMENT: 17, CHAPTER: 35}


@dataclass
class Costs:
    """Wall seconds, of each step of the Makefile and, in its place, of each part: parts[kind][name][step]."""

    steps: dict[str, float]
    parts: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)
    folders: Counter[str] = field(default_factory=Counter)  # of tests

    def mean(self, kind: str, steps: tuple[str, ...]) -> float:
        """Return what a part of this kind takes in these steps."""
        parts = self.parts[kind].values()
        return sum(seconds for part in parts for step, seconds in part.items() if step in steps) / len(parts)

    def fixed(self, steps: tuple[str, ...]) -> float:
        """Return what is left of these steps without all parts."""
        whole = sum(self.steps.get(step, 0.0) for step in steps)
        return whole - sum(self.mean(kind, steps) * len(parts) for kind, parts in self.parts.items())

    def planned(self, steps: tuple[str, ...]) -> float:
        """Return what these steps will take with all assignments and chapters that are planned."""
        return self.fixed(steps) + sum(count * self.mean(kind, steps) for kind, count in PLANNED.items())


def read_costs(build: Path) -> Costs:
    """Return what the last run of each step has left in _build. Raises SystemExit where one is missing."""
    costs = Costs({path.name: float(path.read_text()) for path in (build / "seconds").glob("*")})
    missing = [step for step in ("book", "release", "class", "grade", "tests") if step not in costs.steps]
    if missing:
        raise SystemExit(f"what {', '.join(missing)} takes is not known yet; run: make test")
    costs.parts[ASSIGNMENT] = grading_seconds(build, costs.steps["class"])
    costs.parts[CHAPTER] = book_seconds(build, costs.steps["book"])
    tests, costs.folders = test_seconds(build / "tests.xml")
    for kind, parts in costs.parts.items():
        for name, seconds in parts.items():
            shared = tests[EVERY_CHAPTER] / len(parts) if kind == CHAPTER else 0.0
            seconds["tests"] = tests[f"{kind} {name}"] + shared
    return costs


def grading_seconds(build: Path, class_seconds: float) -> dict[str, dict[str, float]]:
    """Return what each assignment took when it was last released and graded, from the logs of these steps."""
    text = "\n".join((build / f"{step}.log").read_text("utf8") for step in ("release", "grade"))
    lines = re.findall(r"^(\w+): (\w+) took ([\d.]+) s$", text, re.MULTILINE)
    took = {(name, step): float(seconds) for name, step, seconds in lines}  # the last one counts
    names = assignment_names()
    return {
        name: {
            "release": took[name, "GenerateAssignment"],
            "class": class_seconds / len(names),
            "grade": took[name, "Autograde"] + took[name, "GenerateFeedback"],
        }
        for name in names
    }


def book_seconds(build: Path, wall: float) -> dict[str, dict[str, float]]:
    """Return what each chapter takes: its cells, which run on all cores at once, and a share of all else in the book."""
    cells = {page: seconds / (os.cpu_count() or 1) for page, seconds in cell_seconds(build).items()}
    ran = re.findall(r"^ +(\S+): \d+ s$", (build / "book.log").read_text("utf8"), re.MULTILINE)
    pages = max(0.0, wall - sum(cells.get(page, 0.0) for page in ran)) / len(chapters())
    return {name: {"book": cells.get(page_of(name), 0.0) + pages} for name in chapters()}


def cell_seconds(build: Path) -> dict[str, float]:
    """Return what the cells of each page took when they last ran, from the cache of their results."""
    records = get_cache(build / ".jupyter_cache").list_cache_records()
    return {Path(record.uri).stem: record.data.get("execution_seconds", 0.0) for record in records}


def test_seconds(path: Path) -> tuple[Counter[str], Counter[str]]:
    """Return the wall seconds of the tests by part and by folder; several run at once, so each counts for less."""
    suite = ElementTree.parse(path).getroot()[0]
    parts: Counter[str] = Counter()
    folders: Counter[str] = Counter()
    cases = list(suite.iter("testcase"))
    scale = float(suite.attrib["time"]) / sum(float(case.attrib["time"]) for case in cases)
    for case in cases:
        seconds = scale * float(case.attrib["time"])
        properties = {one.attrib["name"]: one.attrib["value"] for one in case.iter("property")}
        names = case.attrib["classname"].split(".")
        folders["/".join(names[: 2 if names[0] == "tests" else 1])] += seconds
        parts[properties["part"]] += seconds
    return parts, folders


def over_share(costs: Costs) -> list[str]:
    """Return a sentence for each assignment and chapter that takes far more than its share."""
    totals = [
        (kind, name, sum(part.values()))
        for kind, parts in costs.parts.items()
        for name, part in parts.items()
    ]
    return [
        f"the {kind} {name} takes {seconds:.0f} s of continuous integration; its share is {SHARE[kind]} s"
        for kind, name, seconds in totals
        if seconds > TOLERANCE * SHARE[kind]
    ]


def report(costs: Costs) -> str:
    """Return all that is known as text."""
    steps = [[step, round(costs.steps[step])] for step in (*COURSE, *TEST) if step in costs.steps]
    folders = [[folder, round(seconds)] for folder, seconds in costs.folders.most_common()]
    tables = [text_table(["step", "seconds"], steps), text_table(["tests in", "seconds"], folders)]
    for kind, parts in costs.parts.items():
        columns = list(next(iter(parts.values())))
        rows = [
            [name, *map(round, part.values()), round(sum(part.values()))]
            for name, part in sorted(parts.items())
        ]
        tables.append(text_table([kind, *columns, f"of {SHARE[kind]}"], rows))
    return "\n\n".join([*tables, "\n".join(outlook(costs))])


def outlook(costs: Costs) -> list[str]:
    """Return a sentence for each command: what it takes now and with the whole course."""
    lines = []
    for command, steps in (("course", COURSE), ("test", (*COURSE, *TEST))):
        now, then = sum(costs.steps.get(step, 0.0) for step in steps), costs.planned(steps)
        terms = [f"{count} × {costs.mean(kind, steps):.0f} s" for kind, count in PLANNED.items()]
        lines.append(
            f"make {command}: {now / 60:.1f} min; with {PLANNED[ASSIGNMENT]} assignments and {PLANNED[CHAPTER]} chapters"
            f" {costs.fixed(steps):.0f} s + {' + '.join(terms)} = {then / 60:.1f} min"
        )
    return lines


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--check", action="store_true", help="fail where a share is exceeded; print no tables"
    )
    check, found = parser.parse_args().check, read_costs(ROOT / "_build")
    print("\n".join(outlook(found)) if check else report(found))
    dear = over_share(found)
    print(*dear, sep="\n", end="\n" * bool(dear), file=sys.stderr)
    sys.exit(1 if check and dear else 0)
