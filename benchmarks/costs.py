"""What does each known mistake cost, with and without the rule that one mistake costs once?

python -m benchmarks.costs                 a line for each assignment
python -m benchmarks.costs attention       and one for each of its mistakes
"""

import sys
from statistics import mean, median

from check import AnswerKey
from grading.assignment import Assignment, assignment_names, load_assignment
from grading.key.key import answer_key
from grading.release.student_folder import PUBLIC_SEEDS
from grading.reports.text_table import text_table
from tests.support.costs import cost_alone, cost_by_rule

HEAD = [
    "mistakes",
    *(f"{what} {when}" for what in ("median", "mean", "worst") for when in ("alone", "by rule")),
]


def costs(assignment: Assignment, key: AnswerKey) -> dict[str, tuple[int, int]]:
    """Return for each mistake the points of the probes that it fails, and what it costs."""
    return {
        name: (cost_alone(assignment, key, name), cost_by_rule(assignment, key, name))
        for name in key.mistakes
    }


def row(assignment: Assignment, found: dict[str, tuple[int, int]]) -> list[object]:
    """Return a line of the table: each figure without the rule and with it."""
    points = sum(probe.points for probe in assignment.probes)
    pairs = list(zip(*found.values(), strict=True))
    numbers = [round(of(pair), 1) for of in (median, mean, max) for pair in pairs]
    return [assignment.name, points, len(found), *numbers]


def main(names: list[str]) -> None:
    """Print the table and, for the assignments that were named, every mistake."""
    found = {
        one: costs(one, answer_key(one, PUBLIC_SEEDS))
        for one in map(load_assignment, names or assignment_names())
    }
    print(text_table(["assignment", "points", *HEAD], [row(*pair) for pair in found.items()]))
    for assignment, each in found.items() if names else ():
        rows = [[assignment.exercise_of_mistake[name], name, *pair] for name, pair in each.items()]
        print(
            "",
            text_table(["exercise", "mistake", "alone", "by the rule"], sorted(rows, key=lambda r: -r[2])),
            sep="\n",
        )


if __name__ == "__main__":
    main(sys.argv[1:])
