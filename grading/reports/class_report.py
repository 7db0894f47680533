"""What a class's verdicts say of the assignment: probe by probe, and mistake by mistake.

How well a probe tells strong work from weak is the correlation of passing it, 0 or 1, with the points on all other
probes: the point-biserial correlation. It runs from -1 to 1; for a probe that everyone or nobody passes, or if all have
the same points otherwise, there is none.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import StatisticsError, correlation, median
from textwrap import fill

from check.mark import Mark
from grading.verdict import GRADER_ERROR, Verdict

from .bar_chart import bar_chart
from .page import write_page
from .text_table import text_table

NOTE = (
    "Discrimination is the point-biserial correlation of passing a probe with the points on all others, from -1 to 1. "
    "A probe in which the grader failed does not count."
)
PROBE_HEAD = ["exercise", "probe", "points", "students", "pass", "discrimination", "median ms", "look at it"]
MISTAKE_HEAD = ["students", "mistake", "hint"]
IMPORT_HEAD = ["students", "who could not import"]
IMPORT_ERRORS = ("ModuleNotFoundError:", "ImportError:")


@dataclass(frozen=True)
class ProbeReport:
    """How a class did on one probe; discrimination is None where there is none, and so is median_seconds."""

    exercise: str
    probe: str
    points: int
    students: int
    passed: int
    discrimination: float | None
    median_seconds: float | None

    @property
    def rate(self) -> float:
        return self.passed / self.students

    @property
    def flag(self) -> str:
        """Why to look at this probe, or nothing."""
        if self.passed == self.students:
            return "everyone passes"
        if self.passed == 0:
            return "nobody passes"
        return "weaker work passes more often" if (self.discrimination or 0) < 0 else ""


def probe_reports(verdicts: list[Verdict]) -> list[ProbeReport]:
    """Return a report for each probe, in the order in which they are asked."""
    # Of each probe, whether each student passed and the points on all others.
    scores: dict[str, list[tuple[bool, float]]] = {}
    seconds: dict[str, list[float]] = {}
    about: dict[str, Mark] = {}
    for verdict in verdicts:
        total = sum(mark.earned for mark in verdict.marks)
        for mark in verdict.marks:
            about[mark.probe] = mark
            if mark.probe in verdict.seconds:
                seconds.setdefault(mark.probe, []).append(verdict.seconds[mark.probe])
            if mark.reason != GRADER_ERROR:
                scores.setdefault(mark.probe, []).append((mark.earned > 0, total - mark.earned))
    return [_probe_report(about[probe], pairs, seconds.get(probe)) for probe, pairs in scores.items()]


def _probe_report(mark: Mark, pairs: list[tuple[bool, float]], seconds: list[float] | None) -> ProbeReport:
    return ProbeReport(
        exercise=mark.exercise,
        probe=mark.probe,
        points=mark.points,
        students=len(pairs),
        passed=sum(passed for passed, _ in pairs),
        discrimination=point_biserial(pairs),
        median_seconds=median(seconds) if seconds else None,
    )


def point_biserial(pairs: list[tuple[bool, float]]) -> float | None:
    """Return the correlation of the first with the second, or None where it is not defined.

    >>> round(point_biserial([(True, 4), (True, 2), (False, 2), (False, 0)]), 4)
    0.7071
    """
    try:
        return correlation([float(passed) for passed, _ in pairs], [rest for _, rest in pairs])
    except StatisticsError:  # all values of the one or the other are the same
        return None


def mistakes(verdicts: list[Verdict]) -> list[tuple[int, str, str]]:
    """Return how many students made each named mistake, most first, with its name and hint."""
    made: Counter[tuple[str, str]] = Counter()
    for verdict in verdicts:
        made.update(
            {named for mark in verdict.marks for named in zip(mark.mistakes, mark.hints, strict=True)}
        )
    return sorted(((count, name, hint) for (name, hint), count in made.items()), key=lambda m: (-m[0], m[1]))


def failed_imports(verdicts: list[Verdict]) -> list[tuple[int, str]]:
    """Return how many students failed by each import, most first, with what Python said: one cause for many zeros."""
    failed: Counter[str] = Counter()
    for verdict in verdicts:
        errors = {mark.error for mark in verdict.marks if mark.error.startswith(IMPORT_ERRORS)}
        failed.update({fill(error.partition(": ")[2] or error, 100).splitlines()[0] for error in errors})
    return sorted(((count, error) for error, count in failed.items()), key=lambda row: (-row[0], row[1]))


def text(verdicts: list[Verdict]) -> str:
    """Return the report as text."""
    imports = failed_imports(verdicts)
    return "\n\n".join(
        (
            *([text_table(IMPORT_HEAD, [list(row) for row in imports])] if imports else []),
            text_table(PROBE_HEAD, _probe_rows(verdicts)),
            fill(NOTE, 100),
            text_table(MISTAKE_HEAD[:2], [[count, name] for count, name, _ in mistakes(verdicts)]),
        )
    )


def write(path: Path, title: str, verdicts: list[Verdict]) -> None:
    """Write the report as one page with plots."""
    reports, made = probe_reports(verdicts), mistakes(verdicts)
    rates = {f"{report.exercise} · {report.probe}": 100 * report.rate for report in reports}
    totals = Counter(verdict.total for verdict in verdicts)
    charts: dict[str, tuple[dict[str, float], str, float | None]] = {
        "Who passes which probe": (rates, "% of the students", 100),
        "Points for probes": ({str(n): totals[n] for n in sorted(totals)}, "students", None),
        "Mistakes that were named": ({name: count for count, name, _ in made}, "students", None),
    }
    write_page(
        path,
        "class_report.html",
        title=f"{title}: {len(verdicts)} submissions",
        plots={name: bar_chart(name, *chart) for name, chart in charts.items() if chart[0]},
        probe_head=PROBE_HEAD,
        probes=_probe_rows(verdicts),
        note=NOTE,
        import_head=IMPORT_HEAD,
        imports=failed_imports(verdicts),
        mistake_head=MISTAKE_HEAD,
        mistakes=made,
    )


def _probe_rows(verdicts: list[Verdict]) -> list[list]:
    rows = []
    for r in probe_reports(verdicts):
        discrimination = "" if r.discrimination is None else f"{r.discrimination:.2f}"
        time = "" if r.median_seconds is None else f"{1000 * r.median_seconds:.1f}"
        rows.append(
            [r.exercise, r.probe, r.points, r.students, f"{r.rate:.0%}", discrimination, time, r.flag]
        )
    return rows
