"""A redefinition is another program in place of a function of the reference."""

import pytest

from check.mistake import lines_of
from tests.support.mistakes import SOURCE, loaded, namespace, redefined


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
