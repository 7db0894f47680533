"""What must be true of every assignment, whatever the seed: the one implementation for the tests and for
benchmarks/seeds.py.

A seed is that of a grading, which draws several from it (`seeds_of`). What is said of a mistake must hold for each of
those alone, so that no mistake shows by luck.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from check import AnswerKey, Probe, run_probes
from check.compare import difference
from check.load import load_lib
from check.once import mark_exercises
from check.probe import Failure
from grading.assignment import Assignment
from grading.judge.judge import SEEDS, seeds_of
from grading.key.key import answer_key
from grading.release.student_folder import PUBLIC_SEEDS

from .alternatives import probes_that_run
from .costs import cost_by_rule

# The kinds of findings.
UNCAUGHT = "uncaught"  # a mistake that no probe tells from the reference
OTHER_POINTS = "other points"  # a mistake that loses other probes than on the public seed
MISNAMED = "misnamed"  # a mistake that is named as another one, or not at all in its own exercise
LOST = "lost"  # the reference, or an alternative, that is not right everywhere
OTHER_COST = "other cost"  # a mistake that does not cost what the rule on known mistakes says
KINDS = (UNCAUGHT, OTHER_POINTS, MISNAMED, LOST, OTHER_COST)


@dataclass(frozen=True)
class Finding:
    """Something that is not as it must be: who or what, and a sentence about it."""

    kind: str
    seed: str
    name: str
    sentence: str


def lost_probes(key: AnswerKey) -> dict[str, list[set[str]]]:
    """Return for each mistake, and for each of the key's seeds, the probes that it loses."""
    lost: dict[str, list[set[str]]] = {name: [set() for _ in key.seeds] for name in key.mistakes}
    for name, outputs in key.mistakes.items():
        for output in outputs:
            probe, number = output.rsplit("@", 1)
            lost[name][int(number)].add(probe)
    return lost


@dataclass(frozen=True)
class Usual:
    """What is so on a public seed, and must be so on all others."""

    lost: dict[str, set[str]]  # by mistake, the probes that it loses
    asked: dict[str, list[Probe]]  # by alternative, the probes that run its code

    @classmethod
    def of(cls, assignment: Assignment) -> "Usual":
        lost = lost_probes(answer_key(assignment, PUBLIC_SEEDS[:1]))
        alternatives = assignment.alternatives.items()
        return cls(
            {name: probes[0] for name, probes in lost.items()},
            {name: probes_that_run(assignment, path) for name, path in alternatives},
        )


def findings(assignment: Assignment, seeds: list[str], usual: Usual) -> list[Finding]:
    """Return all that is not as it must be in gradings on these seeds."""
    key = answer_key(assignment, [drawn for seed in seeds for drawn in seeds_of(seed)])
    return [
        *_mistakes(key, usual.lost, seeds),
        *(found for part, seed in _gradings(key, seeds) for found in _names(assignment, part, seed)),
        *_lost(assignment, usual.asked, key, seeds),
    ]


def _mistakes(key: AnswerKey, usual: dict[str, set[str]], seeds: list[str]) -> Iterator[Finding]:
    """Look whether each mistake loses what it usually does, on every drawn seed by itself."""
    for name, lost in lost_probes(key).items():
        for number, probes in enumerate(lost):
            drawn = key.seeds[number]
            if not probes:
                yield Finding(
                    UNCAUGHT, seeds[number // SEEDS], name, f"no probe tells it from the reference on {drawn}"
                )
            elif probes != usual[name]:
                passed, failed = _listed(usual[name] - probes), _listed(probes - usual[name])
                sentence = f"on {drawn} it passes {passed} and fails {failed}, other than on the public seed"
                yield Finding(OTHER_POINTS, seeds[number // SEEDS], name, sentence)


def _names(assignment: Assignment, key: AnswerKey, seed: str) -> Iterator[Finding]:
    """Look whether each mistake gets its own name in one grading, others only where they give just the same, and what
    it costs."""
    rooms = assignment.exercise_of_mistake
    for name, outputs in key.mistakes.items():
        marks, kept = mark_exercises(assignment.probes, key, key.want | outputs)
        for found in marks:
            if found.mistakes and name not in found.mistakes:
                yield Finding(
                    MISNAMED, seed, name, f"{found.probe} names {_listed(found.mistakes)} instead of it"
                )
            for other in set(found.mistakes) - {name}:
                if not _is_alike(key, found.probe, name, other):
                    yield Finding(
                        MISNAMED, seed, name, f"{found.probe} names {other}, which gives other values"
                    )
        if not any(name in found.mistakes for found in marks if found.exercise == rooms[name]):
            yield Finding(MISNAMED, seed, name, f"no probe of {rooms[name]} names it")
            continue
        cost = sum(one.points - one.earned for one in marks) - sum(one.points for one in kept)
        if cost != cost_by_rule(assignment, key, name):
            sentence = f"it costs {cost} points and not {cost_by_rule(assignment, key, name)}"
            yield Finding(OTHER_COST, seed, name, sentence)


def _is_alike(key: AnswerKey, probe: str, one: str, other: str) -> bool:
    """Return True if two mistakes give the same values on the seed that decides the probe's mark."""
    names = (f"{probe}@{number}" for number in range(len(key.seeds)))
    decisive = next(name for name in names if name in key.mistakes[one])
    theirs = key.mistakes[other].get(decisive)
    return theirs is not None and difference(key.mistakes[one][decisive], theirs) is None


def _lost(
    assignment: Assignment, asked: dict[str, list[Probe]], key: AnswerKey, seeds: list[str]
) -> Iterator[Finding]:
    """Ask the reference again and every alternative; look whether they are right on every drawn seed."""
    texts = {name: assignment.with_alternative(path) for name, path in assignment.alternatives.items()}
    for who, changed in {"reference": {}, **texts}.items():
        lib = load_lib(assignment.root, changed, assignment.modules)
        for name, values in run_probes(asked.get(who, assignment.probes), lib, key.seeds).items():
            found = difference(key.want[name], values)
            if found:
                probe, number = name.rsplit("@", 1)
                sentence = f"{probe} is wrong on {key.seeds[int(number)]}: {values if isinstance(values, Failure) else found}"
                yield Finding(LOST, seeds[int(number) // SEEDS], who, sentence)


def _gradings(key: AnswerKey, seeds: list[str]) -> Iterator[tuple[AnswerKey, str]]:
    """Cut a key that has the seeds of several gradings into those of each, and give the grading's seed besides."""
    for number, seed in enumerate(seeds):
        drawn = range(number * SEEDS, (number + 1) * SEEDS)
        want, mistakes = _cut(key.want, drawn), {name: _cut(got, drawn) for name, got in key.mistakes.items()}
        yield replace(key, seeds=[key.seeds[i] for i in drawn], want=want, mistakes=mistakes), seed


def _cut(outputs: dict, drawn: range) -> dict:
    parts = {name: name.rsplit("@", 1) for name in outputs}
    return {
        f"{probe}@{int(number) - drawn.start}": outputs[name]
        for name, (probe, number) in parts.items()
        if int(number) in drawn
    }


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"
