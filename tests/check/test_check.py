"""What a student sees of check/: comparison, codec, fresh loading, the named mistake, and every message."""

import math
import sys

import pytest
import torch
from safetensors.torch import save

import check as course
from check import NoTensorAbove, check
from check.codec import pack, unpack
from check.compare import TOLERANCE, difference, name_mistake
from check.limit import TensorTooLarge
from check.load import load_lib
from check.probe import Draw, Failure, flatten, raised

TOY = '"""A toy."""\n\n\ndef double(x):\n    return 2 * x\n\n\ndef twice(x):\n    return double(double(x))\n'
USER = "from lib.toy import double\n\n\ndef more(x):\n    return double(x) + 1\n"
PROBES = '''
from check import probe


@probe(exercise="doubling", points=2)
def numbers(lib, rng):
    """Doubles numbers."""
    return lib.toy.double(rng.normal(3) + 5)


@probe(exercise="doubling", points=1)
def again(lib, rng):
    """Doubles twice."""
    return {"twice": lib.toy.twice(rng.normal(2) + 5)}


@probe(exercise="more", points=1)
def one_more(lib, rng):
    """Adds one."""
    return lib.user.more(rng.integer(0, 100))
'''
TRIPLED = "def double(x):\n    return 3 * x\n"
ALONE = TRIPLED + "\n\ndef twice(x):\n    return 4 * x\n"
HINTS = {"tripled": "You triple. Look at the factor.", "tripled_alone": "You triple, though not twice."}


@pytest.fixture
def folder(tmp_path):
    """A student's folder with a right lib and the key to its probes, two mistakes included."""
    files = {"lib/toy.py": TOY, "lib/user.py": USER, "probes.py": PROBES}
    files |= {"mistakes/toy/tripled.py": TRIPLED, "mistakes/toy/tripled_alone.py": ALONE}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    probes = course.load_probes(tmp_path / "probes.py")
    everything = {probe.name for probe in probes}
    mistakes = {
        name: (hint, load_lib(tmp_path, tmp_path / f"mistakes/toy/{name}.py"), everything)
        for name, hint in HINTS.items()
    }
    key = course.make_key(probes, ["a", "b"], load_lib(tmp_path), mistakes)
    course.write_key(tmp_path / "expected.safetensors", key)
    return tmp_path


def edit(folder, old, new):
    path = folder / "lib" / "toy.py"
    path.write_text(path.read_text().replace(old, new))


# ---- comparison

T = torch.tensor


@pytest.mark.parametrize(
    ("want", "got"),
    [
        (T([1.0, math.nan, math.inf]), T([1.0, math.nan, math.inf])),
        (T([1.0]), T([1.0 + 5e-5])),
        (T([1.0]), T([1.0], dtype=torch.float64)),
        (T([1, 2]), T([1, 2], dtype=torch.int32)),
        (T([]), T([])),
        (0.5, 0.5 + 1e-7),
        (2.0, 2),
        ("ValueError", "ValueError"),
        (None, None),
        (True, True),
    ],
)
def test_values_that_agree(want, got):
    assert difference({"x": want}, {"x": got}) is None


@pytest.mark.parametrize(
    ("want", "got", "said"),
    [
        (T([[1.0, 2.0]]), T([1.0, 2.0]), "yours has shape (2,), it should be (1, 2)"),
        (T([1.0]), T([1]), "yours is torch.int64, it should be torch.float32"),
        (T([True]), T([1]), "yours is torch.int64, it should be torch.bool"),
        (T([1, 2]), T([1, 3]), "at [1] yours is 3, off by 1; 1 of 2 values differ"),
        (T([True]), T([False]), "at [0] yours is False, off by -1"),
        (T(1.0), T(1.5), "yours is 1.5, off by 0.5"),
        (T([1.0, 2.0]), T([1.0, math.nan]), "at [1] yours is nan, off by nan; 1 of 2 values differ"),
        (T([math.inf]), T([-math.inf]), "at [0] yours is -inf, off by -inf"),
        (T([math.nan]), T([0.0]), "at [0] yours is 0, off by nan"),
        (T([1.0]), 1.0, "yours is 1.0, not a tensor"),
        (T([1.0]), None, "yours is None, not a tensor"),
        (0.5, 0.6, "yours is 0.6, off by 0.1"),
        (0.5, math.nan, "yours is nan, off by nan"),
        (1.0, True, "yours is True"),
        (1, 2, "yours is 2"),
        (1, 1.0, "yours is 1.0"),
        (1, True, "yours is True"),
        ("a", "b", "yours is 'b'"),
        (1, T([1]), "yours is tensor([1])"),
    ],
)
def test_values_that_differ_and_what_is_said(want, got, said):
    assert str(difference({"x": want}, {"x": got})) == f"case 'x': {said}"


def test_a_case_too_few_or_too_many_differs():
    assert str(difference({"x": 1}, {})) == "case 'x': missing from what came back"
    assert str(difference({}, {"x": 1})) == "case 'x': should not be there"


def test_an_error_agrees_only_with_the_same_error():
    wrong = Failure("ValueError", "", "")
    assert difference({"x": 1}, wrong).kind == "an error instead of a value"
    assert difference(wrong, {"x": 1}) is not None
    assert difference(wrong, Failure("KeyError", "", "")) is not None
    assert difference(wrong, Failure("ValueError", "another message", "")) is None


@pytest.mark.parametrize("dtype", TOLERANCE)
def test_a_tolerance_is_that_of_the_right_answers_dtype(dtype):
    relative, absolute = TOLERANCE[dtype]
    allowed = absolute + relative
    want = torch.ones(1, dtype=dtype)
    assert difference({"x": want}, {"x": torch.tensor([1 + 0.9 * allowed], dtype=torch.float64)}) is None
    assert difference({"x": want}, {"x": torch.tensor([1 + 1.1 * allowed], dtype=torch.float64)})


def test_a_large_wrong_value_widens_no_tolerance():
    assert difference({"x": T([0.0])}, {"x": T([1e9])})


# ---- the mistake's name

WANT = {"p": {"x": 1.0}, "q": {"x": 2.0}}


def test_of_two_mistakes_that_match_a_probe_the_one_that_fits_the_exercise_is_named():
    mistakes = {"only_p": {"p": {"x": 9.0}}, "both": {"p": {"x": 9.0}, "q": {"x": 8.0}}}
    assert name_mistake(WANT, {"p": {"x": 9.0}, "q": {"x": 8.0}}, mistakes) == {"p": "both", "q": "both"}
    assert name_mistake(WANT, {"p": {"x": 9.0}, "q": {"x": 2.0}}, mistakes) == {"p": "only_p"}


def test_no_mistake_is_named_where_none_matches():
    assert name_mistake(WANT, {"p": {"x": 7.0}, "q": {"x": 2.0}}, {"m": {"p": {"x": 9.0}}}) == {}


def test_an_error_names_a_mistake_only_by_the_same_message_and_with_all_else_alike():
    mistakes = {"m": {"p": Failure("RuntimeError", "sizes 5 and 7", "")}}
    got = {"p": Failure("RuntimeError", "sizes 5 and 7", "line 3"), "q": {"x": 2.0}}
    assert name_mistake(WANT, got, mistakes) == {"p": "m"}
    assert name_mistake(WANT, {**got, "q": {"x": 3.0}}, mistakes) == {}
    assert name_mistake(WANT, {**got, "p": Failure("RuntimeError", "no such axis", "")}, mistakes) == {}


# ---- bytes

OUTPUTS = {
    "half@0": {"z.0": T([1.0, math.nan], dtype=torch.bfloat16), "b": T([[True]]), "scalar": T(3)},
    "both@0": {"n": 1, "tensor": T([1.0]), "m": 2},
    "rest@0": {"n": 1, "f": 0.5, "t": "ü", "none": None, "yes": True, "inf": math.inf},
    "error@0": Failure("ValueError", "why", "lib/toy.py, line 1"),
    "nothing@0": {},
}


def test_values_come_back_from_bytes_as_they_were():
    back = unpack(pack(OUTPUTS))
    assert list(back) == list(OUTPUTS)
    assert [list(values) for values in back.values() if isinstance(values, dict)] == [
        list(values) for values in OUTPUTS.values() if isinstance(values, dict)
    ]
    assert back["error@0"] == OUTPUTS["error@0"]
    assert back["rest@0"] == OUTPUTS["rest@0"]
    for case, tensor in OUTPUTS["half@0"].items():
        assert back["half@0"][case].dtype == tensor.dtype
        assert torch.equal(back["half@0"][case].isnan(), tensor.isnan())
        assert torch.equal(back["half@0"][case].nan_to_num(), tensor.nan_to_num())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80\x04]q.",
        b"\xff" * 64,
        pack(OUTPUTS)[:-1],
        save({}),
        save({}, {"rest": "not JSON"}),
        save({}, {"rest": "[]"}),
        save({}, {"rest": '{"p": 1}'}),
        save({}, {"rest": '{"p": {"x": [1]}}'}),
        save({}, {"rest": '{"p": {"x": {"y": 1}}}'}),
        save({}, {"rest": '{"p": ["E", "m"]}'}),
        save({}, {"rest": '{"p": ["E", "m", 3]}'}),
        save({}, {"rest": "[" * 100_000}),
        save({"p|x": torch.zeros(1)}, {"rest": "{}"}),
        save({"no bar": torch.zeros(1)}, {"rest": '{"p": {}}'}),
        save({"p|x": torch.zeros(1)}, {"rest": '{"p": ["E", "m", "t"]}'}),
    ],
)
def test_bytes_that_pack_never_wrote_are_refused(data):
    with pytest.raises(ValueError, match="not values of probes"):
        unpack(data)


def test_long_texts_of_an_error_are_cut():
    error = unpack(pack({"p": Failure("E" * 9999, "m" * 9999, "t" * 9999)}))["p"]
    assert (len(error.error), len(error.message), len(error.trace)) == (100, 500, 4000)


# ---- loading


def test_an_edited_file_counts_at_once(folder):
    assert load_lib(folder).toy.double(1) == 2
    edit(folder, "2 * x", "5 * x")
    assert load_lib(folder).toy.double(1) == 5


def test_a_patch_reaches_its_module_and_all_that_import_from_it(folder):
    lib = load_lib(folder, folder / "mistakes/toy/tripled.py")
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


# ---- probes


def test_the_same_seed_and_name_draw_the_same_numbers_and_others_do_not():
    assert torch.equal(Draw("s", "p").normal(4), Draw("s", "p").normal(4))
    assert not torch.equal(Draw("s", "p").normal(4), Draw("s", "q").normal(4))
    assert not torch.equal(Draw("s", "p").normal(4), Draw("t", "p").normal(4))
    assert sorted(Draw("s", "p").permutation(5).tolist()) == [0, 1, 2, 3, 4]
    assert set(Draw("s", "p").integers(2, 5, 100).tolist()) == {2, 3, 4}


def test_results_are_named_by_where_they_lie_and_objects_are_refused():
    assert flatten({"a": [1, (2.0, "t")], "b": None}) == {"a.0": 1, "a.1.0": 2.0, "a.1.1": "t", "b": None}
    with pytest.raises(TypeError, match="returned a set; expected a tensor, a number or a text"):
        flatten({1})


def test_raised_names_the_error_and_lets_a_stub_be_a_stub():
    def stub():
        raise NotImplementedError

    assert raised(int, "x") == "ValueError"
    assert raised(int, "1") == "nothing"
    with pytest.raises(NotImplementedError):
        raised(stub)


def test_no_tensor_above_lets_small_ones_pass_and_stops_the_first_large_one():
    with NoTensorAbove(10):
        assert torch.ones(2, 5).sum() == 10
        with pytest.raises(TensorTooLarge, match="a tensor of 12 numbers; none may have more than 10"):
            torch.ones(3, 4)
    assert torch.ones(3, 4).sum() == 12


# ---- what the student reads


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
    assert "probes.py" not in said


def test_a_syntax_error_is_shown_with_its_line_in_every_probe_that_needs_the_file(folder, capsys):
    edit(folder, "return 2 * x", "return 2 *")
    assert check("doubling", folder) == 0.0
    said = capsys.readouterr().out
    assert said.count("error, SyntaxError: invalid syntax") == 2
    assert said.count("lib/toy.py, line 5: return 2 *") == 2


@pytest.mark.parametrize("missing", ["probes.py", "expected.safetensors"])
def test_a_folder_that_is_not_complete_says_what_is_missing(folder, missing):
    (folder / missing).unlink()
    with pytest.raises(
        FileNotFoundError, match=f"{missing} is missing from .*; run this in the assignment's"
    ):
        check("doubling", folder)


def test_a_folder_without_lib_says_so(folder):
    (folder / "lib").rename(folder / "moved")
    with pytest.raises(FileNotFoundError, match="lib is missing from"):
        check("doubling", folder)


def test_an_unknown_name_is_answered_with_those_there_are(folder):
    with pytest.raises(ValueError, match="no exercise or probe 'dubling'; the exercises are doubling, more"):
        check("dubling", folder)
