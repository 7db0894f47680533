"""What a student reads of check(...)."""

from copy import deepcopy

import pytest

from check import check, write_key
from tests.support.toy import edit, toy_key


def test_right_code_reads_as_passed_and_earns_its_points(folder, capsys):
    assert check("doubling", folder) == 3.0
    assert capsys.readouterr().out.splitlines() == [
        "doubling: 3 of 3 points",
        "  ✓ numbers                2/2  Doubles numbers.",
        "  ✓ again                  1/1  Doubles twice.",
    ]


def test_a_known_mistake_is_shown_with_its_place_and_its_hint_once(folder, capsys):
    edit(folder, "2 * x", "3 * x")
    assert check("doubling", folder) == 0.0
    said = capsys.readouterr().out
    assert "doubling: 0 of 3 points" in said
    assert "wrong, case 'result': at [0] yours is " in said
    assert "; 3 of 3 values differ" in said
    assert said.count("→ You triple. Look at the factor.") == 1


def test_one_probe_can_be_asked_by_its_name(folder, capsys):
    edit(folder, "double(double(x))", "5 * x")
    assert check("numbers", folder) == 2.0
    assert "again" not in capsys.readouterr().out
    assert check("again", folder) == 0.0


def test_the_whole_exercise_names_the_mistake_even_of_one_probe(folder, capsys):
    edit(folder, "2 * x", "3 * x")
    edit(folder, "double(double(x))", "4 * x")
    assert check("numbers", folder) == 0.0
    assert "→ You triple, though not twice." in capsys.readouterr().out


def test_another_wrong_answer_gets_no_hint(folder, capsys):
    edit(folder, "2 * x", "2.1 * x")
    assert check("doubling", folder) == 0.0
    assert "→" not in capsys.readouterr().out


def test_a_stub_reads_as_not_written_yet(folder, capsys):
    edit(folder, "return 2 * x", 'raise NotImplementedError("write double() in lib/toy.py")')
    assert check("doubling", folder) == 0.0
    said = capsys.readouterr().out
    assert "      NotImplementedError: write double() in lib/toy.py\n" in said
    assert "line" not in said


def test_an_error_is_shown_with_the_students_own_line(folder, capsys):
    edit(folder, "2 * x", "2 / 0 * x")
    assert check("doubling", folder) == 0.0
    said = capsys.readouterr().out
    assert "error, ZeroDivisionError: division by zero" in said
    assert "lib/toy.py, line 5, in double: return 2 / 0 * x" in said
    assert "probes" not in said


def test_a_syntax_error_is_shown_with_its_line_in_every_probe_that_needs_the_file(folder, capsys):
    edit(folder, "return 2 * x", "return 2 *")
    assert check("doubling", folder) == 0.0
    said = capsys.readouterr().out
    assert said.count("error, SyntaxError: invalid syntax") == 2
    assert said.count("lib/toy.py, line 5: return 2 *") == 2


@pytest.mark.parametrize("missing", ["probes", "expected.safetensors", "lib"])
def test_a_folder_that_is_not_complete_says_what_is_missing(folder, missing):
    (folder / missing).rename(folder / "moved")
    sentence = f"{missing} is missing from .*; run this in the assignment's whole folder"
    with pytest.raises(FileNotFoundError, match=sentence):
        check("doubling", folder)


def test_an_unknown_name_is_answered_with_those_there_are(folder):
    with pytest.raises(ValueError, match="no exercise or probe 'dubling'; the exercises are doubling, more"):
        check("dubling", folder)


def test_where_several_mistakes_fit_all_their_hints_are_given_once(folder, capsys):
    key = toy_key(folder)
    key.mistakes["thrice"], key.hints["thrice"] = deepcopy(key.mistakes["tripled"]), "You multiply by three."
    write_key(folder / "expected.safetensors", key)
    edit(folder, "2 * x", "3 * x")
    assert check("doubling", folder) == 0.0
    said = capsys.readouterr().out
    assert said.count("→ You triple. Look at the factor.") == said.count("→ You multiply by three.") == 1
