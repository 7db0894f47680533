"""What somebody would gain by what known mistakes are forgiven, who has not done the work.

Somebody may write next to nothing and hope that it is a known mistake, or plant a known mistake of one exercise so that
what is wrong in another no longer shows.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property

from check import AnswerKey, run_probes
from check.allowance import NOTHING
from check.compare import Values
from check.load import load_lib
from check.mistake import Replacement
from check.once import mark_exercises
from grading.assignment import Assignment
from grading.key.affected import affected_probes, run_and_trace
from grading.key.key import answer_key

Change = tuple[Replacement, ...]
TRIVIAL_BESIDE_PLANTED = 4  # of the trivial bodies of a function so many are tried with each planted mistake


@dataclass(frozen=True)
class Planting:
    """An assignment asked on one seed."""

    assignment: Assignment
    seed: str

    @cached_property
    def key(self) -> AnswerKey:
        return answer_key(self.assignment, [self.seed])

    @cached_property
    def executed(self) -> dict[str, set[str]]:
        """The functions that each probe makes the reference run."""
        a = self.assignment
        return run_and_trace(a.probes, load_lib(a.root, names=a.modules), [self.seed])[1]

    def for_nothing(self) -> list[str]:
        """Return a sentence for each trivial function that is forgiven anything."""
        off = replace(self.key, allowance=NOTHING)
        found = []
        for name, change in self._trivial_functions():
            got = self.key.want | self._ask(change)
            alone, forgiven = self._points(got, off), self._points(got, self.key)
            if alone != forgiven:
                found.append(f"{name} earns {forgiven} and without a known mistake {alone}")
        return found

    def by_planting(self) -> list[str]:
        """Return a sentence for each fault of one exercise that costs less with a mistake planted in another."""
        return [
            f"with {planted} in {self.assignment.exercise_of_mistake[planted]}, {name} earns {both} and alone {alone}"
            for exercise in self.assignment.exercises
            for name, fault in self._faults(exercise)
            for answers in [self.key.want | self._ask(fault)]
            for alone in [self._points(answers)]
            for planted in self._carriers(exercise)
            for both in [self._points(answers | self._both(planted, fault))]
            if both > alone
        ]

    def _carriers(self, exercise: str) -> list[str]:
        """Return the mistakes of other exercises that change an answer here and may be forgiven."""
        here = {f"{probe.name}@0" for probe in self.assignment.exercises[exercise]}
        return [
            name
            for name, home in self.key.exercises.items()
            if home != exercise and here & self.key.mistakes[name].keys()
        ]

    def _faults(self, exercise: str) -> Iterator[tuple[str, Change]]:
        """Yield all that can be wrong in an exercise: its mistakes, and its functions made trivial."""
        a, functions = self.assignment, set()
        for name, home in a.exercise_of_mistake.items():
            if home == exercise:
                functions |= set(a.mistakes[name].functions)
                yield name, a.mistakes[name].replacements
        for function in functions:
            trivial = [one for one in self._trivial_functions() if one[1][0].function == function]
            yield from trivial[:TRIVIAL_BESIDE_PLANTED]

    def _trivial_functions(self) -> Iterator[tuple[str, Change]]:
        for module in self.assignment.student_modules:
            source = self.assignment.source(module)
            for function, node in _functions(source):
                if "### BEGIN SOLUTION" in ast.get_source_segment(source, node):
                    for body in _trivial_bodies(node):
                        text = f"def {node.name}({ast.unparse(node.args)}):\n    {body}\n"
                        yield f"{function}: {body}", (Replacement(function, None, text),)

    def _both(self, planted: str, fault: Change) -> dict[str, Values]:
        """Return what a fault with a planted mistake answers to the probes that the mistake changes."""
        wrong, change = self.key.mistakes[planted], self.assignment.mistakes[planted].replacements
        both = self._affected(fault) & {name.removesuffix("@0") for name in wrong}
        return wrong | self._ask((*change, *fault), both)

    @cache  # noqa: B019  there are few of them, and a look-up parses every module
    def _module_of(self, function: str) -> str:
        return self.assignment.module_of(function)

    def _affected(self, change: Change) -> set[str]:
        changed = {f"{self._module_of(one.function)}.{one.function}" for one in change}
        return affected_probes(changed, self.executed)

    def _ask(self, change: Change, names: set[str] | None = None) -> dict[str, Values]:
        """Return what a changed reference answers to these probes, or to all that run what is changed."""
        a, texts = self.assignment, {}
        names = self._affected(change) if names is None else names
        if not names:
            return {}
        for one in change:
            module = self._module_of(one.function)
            texts[module] = one.apply(texts.get(module, a.source(module)))
        lib = load_lib(a.root, texts, a.modules)
        return run_probes([probe for probe in a.probes if probe.name in names], lib, [self.seed])

    def _points(self, got: dict[str, Values], key: AnswerKey | None = None) -> int:
        marks, kept = mark_exercises(self.assignment.probes, key or self.key, got)
        return sum(mark.earned for mark in marks) + sum(one.points for one in kept)


def _functions(source: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the functions and methods of a module, by names such as "attend" or "MultiHeadAttention.forward"."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{n.name}", n) for n in node.body if isinstance(n, ast.FunctionDef))


def _trivial_bodies(node: ast.FunctionDef) -> list[str]:
    names = [argument.arg for argument in node.args.args if argument.arg != "self"]
    bodies = ["raise NotImplementedError", "return None", "return 0"]
    return (
        bodies + [f"return {name}" for name in names] + [f"return torch.zeros_like({name})" for name in names]
    )
