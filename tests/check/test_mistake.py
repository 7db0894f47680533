"""A mistake says what it replaces in the reference, and refuses loudly where that is not there."""

import pytest

from check import mistake, replace
from check.mistake import defines, lines_of, load_mistakes

SOURCE = '''import functools


@functools.cache
def first(
    x: int,
    scale: float = 2.0,
) -> float:
    """Return x times scale."""
    # the only comment
    return x * scale


def second(x):
    """Return x, twice."""
    x = x + x
    return x


class Layer:
    size = 4

    def __init__(self, width):
        self.width = width

    @property
    def area(self):
        return self.width * self.size

    def forward(self, x):
        return x * self.area


def second_thoughts(x):
    return second(x)
'''


def loaded(tmp_path, text: str):
    """Return the mistakes of a file with this text, by name."""
    path = tmp_path / "mistakes.py"
    path.write_text("from check import mistake, redefine, replace\n" + text)
    return {found.name: found for found in load_mistakes(path)}


def redefined(tmp_path, function: str, text: str) -> str:
    """Return the source with one redefinition."""
    (found,) = loaded(tmp_path, f"\n\n@redefine({function!r})\n{text}").values()
    return found.replacements[0].apply(SOURCE)


def namespace(source: str) -> dict:
    names: dict = {}
    exec(compile(source, "source", "exec"), names)  # noqa: S102
    return names


def test_a_replacement_changes_its_text_and_nothing_else():
    changed = replace("first", "x * scale", "x + scale").apply(SOURCE)
    assert changed == SOURCE.replace("return x * scale", "return x + scale")
    assert namespace(changed)["first"](3) == 5


@pytest.mark.parametrize(
    ("function", "old"),
    [
        ("first", "scale: float = 2.0"),  # in a signature of several lines
        ("first", "@functools.cache\n"),
        ("first", "# the only comment"),
        ("second", "    x = x + x\n    return x"),  # over several lines
        ("Layer.forward", "self.area"),
        ("Layer.area", "@property"),
        ("Layer", "size = 4"),
    ],
)
def test_whatever_stands_in_a_function_can_be_replaced(function, old):
    assert replace(function, old, "NEW").apply(SOURCE) == SOURCE.replace(old, "NEW", 1)


@pytest.mark.parametrize(
    ("function", "old", "sentence"),
    [
        ("second", "x - x", "'x - x' stands 0 times in second, not once"),
        ("second", "x", "'x' stands [5-9] times in second, not once"),
        ("second", "", "'' stands [0-9]+ times in second, not once"),
        ("Layer.forward", "self.width", "'self.width' stands 0 times in Layer.forward, not once"),
        ("Layer", "self.width", "'self.width' stands 2 times in Layer, not once"),
        ("third", "x", "there is no third"),
        ("Layer.third", "x", "there is no Layer.third"),
        ("forward", "x", "there is no forward"),
        ("first.x", "x", "there is no first.x"),
        ("functools", "x", "there is no functools"),
    ],
)
def test_a_text_that_does_not_stand_there_once_is_refused(function, old, sentence):
    with pytest.raises(ValueError, match=sentence):
        replace(function, old, "NEW").apply(SOURCE)


def test_what_stands_once_in_one_function_may_stand_in_others_too():
    changed = replace("second_thoughts", "(x)", "(x + 1)")
    with pytest.raises(ValueError, match="stands 2 times in second_thoughts"):
        changed.apply(SOURCE)
    changed = replace("second", "return x\n", "return 2 * x\n").apply(SOURCE)
    assert (namespace(changed)["second"](1), namespace(changed)["first"](1)) == (4, 2)


def test_a_function_that_is_defined_twice_is_refused():
    twice = SOURCE + "\n\ndef second(x):\n    return 3 * x\n"
    with pytest.raises(ValueError, match="second is defined 2 times"):
        replace("second", "3 * x", "x").apply(twice)
    assert not defines(twice, "second")


def test_nothing_can_be_replaced_by_itself():
    with pytest.raises(ValueError, match="'x' in second is replaced by itself"):
        replace("second", "x", "x")


def test_the_lines_of_a_function_are_with_its_decorators_and_to_its_end():
    lines = SOURCE.splitlines()
    for function, first, last in (
        ("first", "@functools.cache", "    return x * scale"),
        ("Layer.area", "    @property", "        return self.width * self.size"),
        ("Layer", "class Layer:", "        return x * self.area"),
    ):
        begin, end = lines_of(SOURCE, function)
        assert (lines[begin], lines[end - 1]) == (first, last)
    assert defines(SOURCE, "Layer.forward")
    assert not defines(SOURCE, "forward")


def test_a_mistake_has_the_name_of_its_variable_and_the_hint_in_one_line(tmp_path):
    text = """
twice = mistake(
    '''You add
    too much.''',
    replace("first", "x * scale", "2 * x * scale"),
    replace("Layer.forward", "x *", "2 * x *"),
)
again = mistake("Another.", replace("second", "x + x", "x"))
"""
    found = loaded(tmp_path, text)
    assert list(found) == ["twice", "again"]
    assert found["twice"].hint == "You add too much."
    assert found["twice"].functions == ["first", "Layer.forward"]


@pytest.mark.parametrize(
    "text",
    [
        'wrong = mistake("", replace("second", "x + x", "x"))',
        'wrong = mistake("  \\n", replace("second", "x + x", "x"))',
        'wrong = mistake("A hint.")',
        '@redefine("second")\ndef wrong(x):\n    return x\n',
    ],
)
def test_a_mistake_without_a_hint_or_without_a_replacement_is_refused(text, tmp_path):
    with pytest.raises(ValueError, match="the mistake 'wrong' needs a hint and something that it replaces"):
        loaded(tmp_path, text)


def test_a_redefinition_keeps_decorators_and_drops_its_own_docstring(tmp_path):
    changed = redefined(
        tmp_path, "first", 'def wrong(x, scale=3):\n    """A hint."""\n    return x - scale\n'
    )
    begin, end = lines_of(changed, "first")
    assert changed.splitlines()[begin:end] == [
        "@functools.cache",
        "def first(x, scale=3):",
        "    return x - scale",
    ]
    assert namespace(changed)["first"](3) == 0
    before, after = lines_of(SOURCE, "second")
    assert SOURCE.splitlines()[before:after] == changed.splitlines()[slice(*lines_of(changed, "second"))]


def test_a_redefined_method_is_indented_and_keeps_its_neighbours(tmp_path):
    text = (
        'def wrong(\n    self,\n    x,\n):\n    """A hint."""\n    if x:\n        return -x\n    return 0\n'
    )
    changed = redefined(tmp_path, "Layer.forward", text)
    layer = namespace(changed)["Layer"](3)
    assert (layer.forward(2), layer.area) == (-2, 12)


def test_a_redefined_property_stays_one(tmp_path):
    changed = redefined(tmp_path, "Layer.area", 'def wrong(self):\n    """A hint."""\n    return 7\n')
    assert namespace(changed)["Layer"](3).forward(1) == 7


def test_a_redefinition_ends_where_it_ends(tmp_path):
    changed = redefined(tmp_path, "second_thoughts", 'def wrong(x):\n    """A hint."""\n    return first(x)')
    assert changed == SOURCE.replace("    return second(x)\n", "    return first(x)\n")


def test_a_redefinition_is_named_after_its_function_and_says_what_it_replaces(tmp_path):
    text = '\n\n@redefine("Layer.forward")\ndef too_wide(self, x):\n    """A\n    hint."""\n    return x\n'
    (found,) = loaded(tmp_path, text).values()
    assert (found.name, found.hint, found.functions) == ("too_wide", "A hint.", ["Layer.forward"])


def test_only_a_function_can_redefine(tmp_path):
    with pytest.raises(ValueError, match="a function is redefined by a function, not by 'wrong = "):
        loaded(tmp_path, 'wrong = redefine("second")(lambda x: x)\n')


def test_the_replacements_of_one_mistake_follow_one_another():
    one = mistake("A hint.", replace("second", "x + x", "x - x"), replace("second", "x - x", "x * x"))
    source = SOURCE
    for replacement in one.replacements:
        source = replacement.apply(source)
    assert source == SOURCE.replace("x + x", "x * x")
