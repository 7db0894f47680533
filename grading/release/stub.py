"""A module as the student gets it: the solutions taken out, everything else untouched."""

import ast

from grading.errors import CourseError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


def solutions(text: str, where: str) -> list[tuple[int, int]]:
    """Return the line numbers, from 0, of each solution's two markers.

    Raises CourseError for a marker without its partner; where names the file in the message.
    """
    regions: list[tuple[int, int]] = []
    begin = None
    for number, line in enumerate(text.splitlines()):
        if line.strip() == BEGIN:
            if begin is not None:
                raise CourseError(f"{where}, line {number + 1}: a solution begins inside another one")
            begin = number
        elif line.strip() == END:
            if begin is None:
                raise CourseError(f"{where}, line {number + 1}: a solution ends that never began")
            regions.append((begin, number))
            begin = None
    if begin is not None:
        raise CourseError(f"{where}, line {begin + 1}: this solution has no {END!r}")
    return regions


def stub(text: str, where: str) -> str:
    """Replace each solution by one comment and a NotImplementedError that says what to write.

    Raises CourseError when a marker has no partner or a solution does not stand inside a function.

    >>> print(stub("def f(x):\\n    ### BEGIN SOLUTION\\n    return x\\n    ### END SOLUTION", "lib/a.py"))
    def f(x):
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write f() in lib/a.py")
    <BLANKLINE>
    """
    lines = text.splitlines()
    for begin, end in reversed(solutions(text, where)):
        name = _function_around(ast.parse(text), begin + 1)
        if not name:
            raise CourseError(f"{where}, line {begin + 1}: a solution must stand inside a function")
        indent = lines[begin][: len(lines[begin]) - len(lines[begin].lstrip())]
        lines[begin : end + 1] = [
            f"{indent}# Write your solution here, in place of the next line.",
            f'{indent}raise NotImplementedError("write {name}() in {where}")',
        ]
    return "\n".join(lines) + "\n"


def _function_around(tree: ast.AST, line: int) -> str:
    """Return the dotted name of the innermost function that holds this line, or an empty text."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        if not node.lineno <= line <= (node.end_lineno or node.lineno):
            continue
        inner = _function_around(node, line)
        if inner:
            return f"{node.name}.{inner}"
        return node.name if isinstance(node, ast.FunctionDef) else ""
    return ""
