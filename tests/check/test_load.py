"""A folder's lib is loaded fresh each time, and leaves no trace."""

import sys

import pytest

from check.load import load_lib
from tests.support.toy import TOY, edit


def test_an_edited_file_counts_at_once(folder):
    assert load_lib(folder).toy.double(1) == 2
    edit(folder, "2 * x", "5 * x")
    assert load_lib(folder).toy.double(1) == 5


def test_a_text_takes_its_modules_place_for_all_that_import_from_it(folder):
    lib = load_lib(folder, {"toy": TOY.replace("2 * x", "3 * x")})
    assert (lib.toy.double(1), lib.toy.twice(1), lib.user.more(1)) == (3, 9, 4)
    assert load_lib(folder).user.more(1) == 3


def test_loading_leaves_sys_modules_and_the_folder_as_they_were(folder):
    before, files = dict(sys.modules), sorted(folder.rglob("*"))
    load_lib(folder)
    assert {name: m for name, m in sys.modules.items() if name.split(".")[0] == "lib"} == {
        name: m for name, m in before.items() if name.split(".")[0] == "lib"
    }
    assert sorted(folder.rglob("*")) == files


def test_a_module_that_is_not_there_is_named_with_those_that_are(folder):
    with pytest.raises(AttributeError, match=r"lib has no module 'tokenizer'; it has \['toy', 'user'\]"):
        _ = load_lib(folder).tokenizer


def test_a_module_that_does_not_import_raises_only_when_it_is_used(folder):
    (folder / "lib" / "user.py").write_text("import no_such_module\n")
    lib = load_lib(folder)
    assert lib.toy.double(1) == 2
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        lib.user.more(1)
