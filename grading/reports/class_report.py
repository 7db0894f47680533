"""What a class's verdicts say of the assignment: probe by probe, and mistake by mistake.

How well a probe tells strong work from weak is its point-biserial correlation with the rest of the score,

    r = (M1 - M0) / s · sqrt(p (1 - p)),

where p is the share of students who pass the probe, M1 and M0 are the mean points, on all other probes, of those who
pass it and of those who do not, and s is the standard deviation of these points over all students. It runs from -1 to
1; for a probe that everyone or nobody passes, or if s is 0, there is none.
"""

from collections import Counter
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from statistics import fmean, median, pstdev
from textwrap import fill

from grading.verdict import GRADER_ERROR, Verdict

from .page import bars, html_table, text_table, write_page

FORMULA = (
    "Discrimination is the point-biserial correlation of passing a probe with the points on all others: "
    "(M1 − M0) / s · √(p (1 − p)), with p the share who pass, M1 and M0 the mean of the other points of those who pass "
    "and of those who do not, s their standard deviation. A verdict that is held does not count."
)
PROBE_HEAD = ["exercise", "probe", "points", "students", "pass", "discrimination", "median ms", "look at it"]
MISTAKE_HEAD = ["students", "mistake", "hint"]


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
    scores = {}  # by probe: whether each student passed, and the points on all others
    about, seconds = {}, {}
    for verdict in verdicts:
        total = sum(mark.earned for mark in verdict.marks)
        for mark in verdict.marks:
            about[mark.probe] = mark
            if mark.probe in verdict.seconds:
                seconds.setdefault(mark.probe, []).append(verdict.seconds[mark.probe])
            if mark.reason != GRADER_ERROR:
                scores.setdefault(mark.probe, []).append((mark.earned > 0, total - mark.earned))
    return [
        ProbeReport(
            exercise=about[probe].of,
            probe=probe,
            points=about[probe].points,
            students=len(pairs),
            passed=sum(passed for passed, _ in pairs),
            discrimination=point_biserial(pairs),
            median_seconds=median(seconds[probe]) if probe in seconds else None,
        )
        for probe, pairs in scores.items()
    ]


def point_biserial(pairs: list[tuple[bool, float]]) -> float | None:
    """Return the correlation of the first with the second, or None where it is not defined.

    >>> round(point_biserial([(True, 4), (True, 2), (False, 2), (False, 0)]), 4)
    0.7071
    """
    high, low = ([rest for passed, rest in pairs if passed is wanted] for wanted in (True, False))
    spread = pstdev([rest for _, rest in pairs]) if pairs else 0
    if not high or not low or not spread:
        return None
    share = len(high) / len(pairs)
    return (fmean(high) - fmean(low)) / spread * sqrt(share * (1 - share))


def mistakes(verdicts: list[Verdict]) -> list[tuple[int, str, str]]:
    """Return how many students made each named mistake, most first, with its name and hint."""
    made = Counter()
    for verdict in verdicts:
        made.update(
            {named for mark in verdict.marks for named in zip(mark.mistakes, mark.hints, strict=True)}
        )
    return sorted(((count, name, hint) for (name, hint), count in made.items()), key=lambda m: (-m[0], m[1]))


def text(verdicts: list[Verdict]) -> str:
    """Return the report as text."""
    return "\n\n".join(
        (
            text_table(PROBE_HEAD, _probe_rows(verdicts)),
            fill(FORMULA, 100),
            text_table(MISTAKE_HEAD[:2], [[count, name] for count, name, _ in mistakes(verdicts)]),
        )
    )


def write(path: Path, title: str, verdicts: list[Verdict]) -> None:
    """Write the report as one page with plots."""
    reports, made = probe_reports(verdicts), mistakes(verdicts)
    rates = {f"{report.exercise} · {report.probe}": 100 * report.rate for report in reports}
    totals = Counter(sum(mark.earned for mark in verdict.marks) for verdict in verdicts)
    write_page(
        path,
        f"{title}: {len(verdicts)} submissions",
        bars("Who passes which probe", rates, "% of the students", 100),
        bars("Points for probes", {str(n): totals[n] for n in sorted(totals)}, "students"),
        bars("Mistakes that were named", {name: count for count, name, _ in made}, "students")
        if made
        else "",
        "<h2>Probes</h2>",
        html_table(PROBE_HEAD, _probe_rows(verdicts)),
        f"<p>{FORMULA}</p><h2>Mistakes</h2>",
        html_table(MISTAKE_HEAD, [list(row) for row in made]),
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
