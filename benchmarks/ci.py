"""Where the time of `make course` and `make test` goes, and what both will take with the whole course.

An assignment may cost continuous integration 45 seconds in all, and a chapter 20: `python -m benchmarks.ci`, the last
line of `make test`, fails where one takes more than 1.5 times its share. What belongs to an assignment or a chapter is
counted in processor time, half of it on two cores, since other work on the machine stretches the clock's. The seconds
of a step are those of the last time it was done, so the whole picture comes after `make clean test`.
"""

import re
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import torch

from grading.assignment import ROOT, assignment_names
from grading.reports.text_table import text_table
from tests.support.parts import ASSIGNMENT, CHAPTER, EVERY_CHAPTER, chapters, page_of

COURSE = ("environment", "data", "assets", "book", "release", "class", "grade")  # the steps of make course
TEST = ("packages", "lint", "types", "tests")  # what make test does besides
SHARE = {ASSIGNMENT: 45, CHAPTER: 20}  # seconds of continuous integration, both commands together
TOLERANCE = 1.5
CORES = 2  # of the machine for which the shares are set, on which each part uses all of them
PRODUCTS, PRODUCTS_SECONDS = 30_000, 0.085  # of small matrices, on that machine
PLANNED = {ASSIGNMENT: 17, CHAPTER: 35}


@dataclass
class Costs:
    """Seconds of each step of the Makefile by the clock, and of each part by its processor time.

    parts[kind][name][step] stands in the steps' place for what belongs to an assignment or a chapter.
    """

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
    costs.parts[CHAPTER] = book_seconds(build / "processor_seconds")
    tests, costs.folders = test_seconds(build / "tests.xml")
    for kind, parts in costs.parts.items():
        for name, seconds in parts.items():
            shared = tests[EVERY_CHAPTER] / len(parts) if kind == CHAPTER else 0.0
            seconds["tests"] = tests[f"{kind} {name}"] + shared
    return costs


def grading_seconds(build: Path, class_seconds: float) -> dict[str, dict[str, float]]:
    """Return what each assignment took when it was last released and graded, from the logs of these steps."""
    text = "\n".join((build / f"{step}.log").read_text("utf8") for step in ("release", "grade"))
    lines = re.findall(r"^(\w+): (\w+) took .* ([\d.]+) s of processor time$", text, re.MULTILINE)
    took = {(name, step): float(seconds) / CORES for name, step, seconds in lines}  # the last one counts
    names = assignment_names()
    return {
        name: {
            "release": took[name, "GenerateAssignment"],
            "class": class_seconds / len(names),
            "grade": took[name, "Autograde"] + took[name, "GenerateFeedback"],
        }
        for name in names
    }


def book_seconds(processor: Path) -> dict[str, dict[str, float]]:
    """Return what each chapter takes: its cells, and a share of what Sphinx, which has one process, takes for all."""
    pages = float((processor / "all pages").read_text()) / len(chapters())
    cells = {name: float((processor / page_of(name)).read_text()) for name in chapters()}
    return {name: {"book": seconds / CORES + pages} for name, seconds in cells.items()}


def test_seconds(path: Path) -> tuple[Counter[str], Counter[str]]:
    """Return what the tests take by part and by folder."""
    parts: Counter[str] = Counter()
    folders: Counter[str] = Counter()
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        properties = {one.attrib["name"]: one.attrib["value"] for one in case.iter("property")}
        # A doctest beside the library is timed by the clock alone: it is no test of tests/.
        seconds = float(properties.get("processor", case.attrib["time"])) / CORES
        names = case.attrib["classname"].split(".")
        folders["/".join(names[: 2 if names[0] == "tests" else 1])] += seconds
        parts[properties["part"]] += seconds
    return parts, folders


def slowness() -> float:
    """Return how many times as long as on the machine for which the shares were set a fixed piece of work takes here.

    At least 1. A slower machine is no fault of a chapter. The work is that of most cells and probes, many small steps
    of torch: how fast a processor hashes, for which it may have instructions of its own, says nothing of it.
    """
    torch.set_num_threads(1)  # a second one would only wait, in processor time
    return max(1.0, min(_seconds_of_products() for _ in range(5)) / PRODUCTS_SECONDS)


def _seconds_of_products() -> float:
    x, start = torch.eye(8), time.process_time()
    for _ in range(PRODUCTS):
        (x @ x).softmax(dim=-1)
    return time.process_time() - start


def over_share(costs: Costs, slowness: float = 1.0) -> list[str]:
    """Return a sentence for each assignment and chapter that takes far more than its share on so slow a machine."""
    totals = [
        (kind, name, sum(part.values()))
        for kind, parts in costs.parts.items()
        for name, part in parts.items()
    ]
    return [
        f"the {kind} {name} takes {seconds:.0f} s of continuous integration; its share is {SHARE[kind]} s"
        for kind, name, seconds in totals
        if seconds > TOLERANCE * slowness * SHARE[kind]
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
    found = read_costs(ROOT / "_build")
    print(report(found))
    dear = over_share(found, slowness())
    print(*dear, sep="\n", end="\n" * bool(dear), file=sys.stderr)
    sys.exit(1 if dear else 0)
