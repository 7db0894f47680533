"""A mistake says what it replaces in the reference, and refuses loudly where that is not there."""

import pytest

from check import also, mistake, replace
from check.mistake import defines, lines_of
from tests.support.mistakes import SOURCE, loaded, namespace


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


def test_the_replacements_of_one_mistake_follow_one_another():
    one = mistake("A hint.", replace("second", "x + x", "x - x"), replace("second", "x - x", "x * x"))
    source = SOURCE
    for replacement in one.replacements:
        source = replacement.apply(source)
    assert source == SOURCE.replace("x + x", "x * x")


def test_the_same_mistake_in_another_program_has_the_first_ones_hint_and_a_name_of_its_own(tmp_path):
    text = """
twice = mistake("You add too much.", replace("second", "x + x", "3 * x"))
again = also(twice, replace("second", "x + x", "4 * x"))
"""
    found = loaded(tmp_path, text)
    assert [(name, one.hint) for name, one in found.items()] == [
        ("twice", "You add too much."),
        ("again", "You add too much."),
    ]
    assert namespace(found["again"].replacements[0].apply(SOURCE))["second"](1) == 4


def test_the_first_one_stays_as_it_is():
    first = mistake("A hint.", replace("second", "x + x", "x"))
    other = also(first, replace("second", "x + x", "0"), replace("first", "x * scale", "0"))
    assert first.functions == ["second"]
    assert other.functions == ["second", "first"]
