"""What a newer Python reads, and the one that grades does not, is said with its line."""

import ast

import pytest

from check.load import load_lib
from check.newer import SINCE, is_old_format_string, newer_names, require_syntax
from tests.support.toy import edit

OLD = [
    'f"{a}"',
    "f\"{d['k']}\"",
    'f"{{}}"',
    'f"{{{a}}}"',
    'f"{a}}}"',
    'f"{{{{{a}}}}}"',
    r"rf'\d{a}'",
    r'f"\n{a}\n"',
    '"a" f"{b}"\n   "c{"  # and a comment with {\n  "d"',
    'f"""{d["k"]}"""',
    "f'''{d['k']}\n{x}'''",
    'f"{a:{w}}"',
    'f"{a!r:>{w}}"',
    'f"{ {1: 2}[1] }"',
    "f'it\\'s {a}'",
    r"f'{a:\t>3}'",
    r'f"\N{EM DASH}{a}"',
]
NEW = [
    "f'{d['k']}'",
    'f"{d["k"]}"',
    r"""f"{'\n'.join(a)}" """.strip(),
    'f"{" "}"',
    'f"{x\n}"',
    'f"{f"{f"{1}"}"}"',
    "f'{a['x']:{w}}'",
    "f'{a['x']:.3f}'",
]


@pytest.mark.parametrize("literal", OLD)
def test_a_format_string_that_python_could_always_read(literal):
    assert is_old_format_string(literal)


@pytest.mark.parametrize("literal", NEW)
def test_a_format_string_that_python_reads_since_3_12(literal):
    assert not is_old_format_string(literal)


def test_a_format_is_no_string_of_its_own_wherever_python_has_it(monkeypatch):
    parse, moved = ast.parse, []

    def parsed(*arguments, **settings):
        tree = parse(*arguments, **settings)
        for spec in (getattr(node, "format_spec", None) for node in ast.walk(tree)):
            if spec:  # Python 3.12 and later give it the place of its text, which has no quotes.
                spec.col_offset, spec.end_col_offset = 10, 12
                moved.append(spec)
        return tree

    monkeypatch.setattr(ast, "parse", parsed)
    require_syntax("""a = f"{x:.3f}, {y:>{w}}"\n""", "lib/toy.py", (3, 11))
    assert moved


GROUPS = "def double(x):\n    try:\n        return 2 * x\n    except* ValueError:\n        pass\n"


def test_syntax_that_the_grader_cannot_read_is_an_error_with_its_line():
    require_syntax(GROUPS, "lib/toy.py", (3, 11))
    with pytest.raises(
        SyntaxError, match=r"Python 3.11 and greater; it is graded with Python 3.10"
    ) as caught:
        require_syntax(GROUPS.encode(), "lib/toy.py", (3, 10))
    assert caught.value.filename == "lib/toy.py"
    assert caught.value.text == GROUPS.splitlines()[caught.value.lineno - 1]
    assert caught.value.lineno in (4, 5)  # its first line or its last one, as Python has it


def test_what_no_python_reads_is_left_to_python_to_say():
    require_syntax("def f(:\n", "lib/toy.py", (3, 10))


def test_a_module_in_it_does_not_load(folder):
    (folder / "lib" / "toy.py").write_text(GROUPS)
    assert load_lib(folder).toy.double(1) == 2
    with pytest.raises(SyntaxError, match="it is graded with Python 3.10"):
        load_lib(folder, python=(3, 10)).toy.double(1)


def test_names_that_came_later_are_found_however_they_are_written(folder):
    edit(
        folder,
        '"""A toy."""',
        "import itertools as tools, collections.abc, math\nfrom typing import override",
    )
    edit(folder, "2 * x", "tools.batched(x), collections.abc.Buffer, math.sqrt, tools.chain, x.batched")
    source = (folder / "lib" / "toy.py").read_bytes()
    since_3_12 = dict.fromkeys(["collections.abc.Buffer", "itertools.batched", "typing.override"], (3, 12))
    assert newer_names(source, (3, 11)) == since_3_12
    assert newer_names(source, (3, 12)) == {}
    assert newer_names(b"import annotationlib", (3, 13)) == {"annotationlib": (3, 14)}
    assert set(SINCE.values()) == {(3, 12), (3, 13), (3, 14), (3, 15)}
