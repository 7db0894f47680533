"""What a newer Python can read, or has in its library, and the one that grades has not."""

import ast
import re

Version = tuple[int, int]

# Names of Python's own library that this course's code may want, by the version that they came with.
SINCE = {
    name: version
    for version, names in {
        (3, 12): """itertools.batched math.sumprod random.binomialvariate typing.override typing.TypeAliasType
            collections.abc.Buffer calendar.Month calendar.Day inspect.BufferFlags types.get_original_bases
            csv.QUOTE_STRINGS csv.QUOTE_NOTNULL logging.getHandlerByName logging.getHandlerNames""",
        (3, 13): """copy.replace math.fma statistics.kde statistics.kde_random typing.TypeIs typing.ReadOnly
            typing.NoDefault typing.is_protocol typing.get_protocol_members warnings.deprecated re.PatternError
            os.process_cpu_count queue.ShutDown glob.translate enum.EnumDict types.CapsuleType
            pathlib.UnsupportedOperation""",
        (3, 14): """annotationlib compression string.templatelib concurrent.interpreters pathlib.types
            functools.Placeholder operator.is_none operator.is_not_none io.Reader io.Writer uuid.uuid6 uuid.uuid7
            uuid.uuid8 fnmatch.filterfalse inspect.ispackage typing.evaluate_forward_ref""",
        (3, 15): """math.fmax math.fmin math.isnormal math.issubnormal math.signbit math.integer
            re.prefixmatch""",
    }.items()
    for name in names.split()
}

# A literal as Python read it before 3.12: it ends at the first quote like its own.
LITERAL = re.compile(
    r"""([A-Za-z]{0,2})("{3}(?:[^"\\]|\\.|"(?!""))*"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}"""
    r"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')""",
    re.DOTALL,
)
TEXT = re.compile(r"\\N\{[^}]*\}|\{\{|\}\}|[^{}]")  # a piece outside of the braces
BETWEEN = re.compile(r"(?:\s|\\\n|#[^\n]*\n)*")  # two literals that are one


def require_syntax(source: bytes | str, path: str, version: Version) -> None:
    """Raise SyntaxError, with the line, for what this Python can read and the given one, which grades, cannot."""
    try:
        ast.parse(source, path)
    except SyntaxError:
        return  # which says so by itself
    text = source if isinstance(source, str) else source.decode("utf-8-sig", "replace")
    place = path, version, text.splitlines()
    try:
        tree = ast.parse(source, path, feature_version=version)
    except SyntaxError as error:
        raise _not_read(error.msg, error.lineno, *place) from None
    for node in _format_strings(tree):
        literal = ast.get_source_segment(text, node)
        if literal and not is_old_format_string(literal):
            what = "quotes or backslashes within the braces of an f-string"
            raise _not_read(f"Python 3.12 is the first to read {what}", node.lineno, *place)


def _format_strings(tree: ast.AST) -> list[ast.JoinedStr]:
    """Return the format strings. What is behind a colon is none, though Python has it as one, since 3.12 with a place of its own."""
    nodes = list(ast.walk(tree))
    specs = {node.format_spec for node in nodes if isinstance(node, ast.FormattedValue)}
    return [node for node in nodes if isinstance(node, ast.JoinedStr) and node not in specs]


def _not_read(what: str, number: int | None, path: str, version: Version, lines: list[str]) -> SyntaxError:
    line = lines[number - 1] if number and number <= len(lines) else None
    sentence = f"{what}; it is graded with Python {version[0]}.{version[1]}"
    return SyntaxError(sentence, (path, number, None, line))


def is_old_format_string(text: str) -> bool:
    """Return True if Python could read a format string, which may be several literals in a row, before 3.12.

    >>> is_old_format_string("f\\"{table['key']}\\""), is_old_format_string("f'{table['key']}'")
    (True, False)
    """
    place = 0
    while place < len(text):
        found = LITERAL.match(text, place)
        if not found or "f" in found[1].lower() and not _are_old_fields(found[2].strip("\"'")):
            return False
        between = BETWEEN.match(text, found.end())
        place = between.end() if between else found.end()
    return True


def _are_old_fields(body: str) -> bool:
    """Return True if the braces of one literal are pairs, without a backslash in what is to be computed."""
    depth, is_format, place = 0, False, 0
    while place < len(body):
        text = None if depth else TEXT.match(body, place)
        piece = body[place]
        if piece == "\\" and depth and not is_format and not text:
            return False
        is_format = depth > 0 and (is_format or (piece == ":" and depth == 1))
        if not text:
            depth += (piece == "{") - (piece == "}")
        place = text.end() if text else place + 1
    return depth == 0


def newer_names(source: bytes | str, version: Version) -> dict[str, Version]:
    """Return the names of Python's own library that a module uses and a Python of this version has not."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return {}
    modules: dict[str, str] = {}
    used: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            used.update(alias.name for alias in node.names)
            modules |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            used |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (module := modules.get(ast.unparse(node.value))):
            used.add(f"{module}.{node.attr}")
    return {name: SINCE[name] for name in sorted(used) if SINCE.get(name, version) > version}
