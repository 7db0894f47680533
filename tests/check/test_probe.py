"""What a probe draws, returns and raises, and which lines of a traceback a student sees."""

import math
import sys

import numpy
import pytest
import torch

from check import Draw, NoTensorAbove, Without, raised
from check.limit import NotAllowed, TensorTooLarge
from check.load import load_lib
from check.probe import flatten, load_folder, run, student_trace
from tests.support.toy import edit, write_toy


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


def test_without_a_function_others_go_on_and_it_does_not_however_it_is_called():
    logits, targets = torch.ones(2, 3), torch.tensor([0, 2])
    calls = [
        lambda: torch.nn.functional.cross_entropy(logits, targets),
        lambda: torch.nn.CrossEntropyLoss()(logits, targets),
        lambda: torch.ops.aten.nll_loss(logits, targets),
    ]
    with Without("cross_entropy", "nll_loss"):
        assert logits.log_softmax(dim=-1).exp().sum() == pytest.approx(2)
        for call in calls:
            with pytest.raises(
                NotAllowed, match="torch's (cross_entropy|nll_loss), which this exercise asks you to"
            ):
                call()
    assert calls[0]() == pytest.approx(math.log(3))


# Wherever the course lies, a student sees the lines of lib and no others.
PLACES = [
    "course",
    "python3-course",
    "lib/python3.11",
    "lib/site-packages",
    "lib",
    "usr/lib/python3/dist-packages",
]


@pytest.mark.parametrize("place", PLACES)
def test_a_trace_has_the_lines_of_lib_wherever_the_course_lies(tmp_path, place):
    write_toy(tmp_path / place)
    edit(tmp_path / place, "return 2 * x", "return torch.nn.functional.linear(json.loads(x), None)")
    edit(tmp_path / place, '"""A toy."""', "import json\nimport torch")
    (probe,) = [one for one in load_folder(tmp_path / place / "probes") if one.name == "one_more"]
    failure = run(probe, load_lib(tmp_path / place), "a seed")
    assert failure.trace.splitlines() == [
        "lib/user.py, line 5, in more: return double(x) + 1",
        "lib/toy.py, line 6, in double: return torch.nn.functional.linear(json.loads(x), None)",
    ]


def test_a_package_that_has_a_folder_lib_is_not_the_students(folder):
    edit(folder, "return 2 * x", "return numpy.broadcast_to(x, 2)")
    edit(folder, '"""A toy."""', "import numpy")
    with pytest.raises(ValueError, match="broadcast") as caught:
        load_lib(folder).toy.double(numpy.ones(3))
    assert "/numpy/lib/" in str(caught.traceback[-1].path)
    assert student_trace(caught.value) == "lib/toy.py, line 5, in double: return numpy.broadcast_to(x, 2)"


def test_of_a_long_trace_the_last_six_lines_are_shown(folder):
    edit(folder, "return 2 * x", "return double(x - 1) if x else 1 / 0")
    with pytest.raises(ZeroDivisionError) as caught:
        load_lib(folder).toy.double(99)
    assert (
        student_trace(caught.value).splitlines()
        == ["lib/toy.py, line 5, in double: return double(x - 1) if x else 1 / 0"] * 6
    )


def test_a_file_of_probes_is_of_one_exercise(tmp_path):
    text = "from check import probe\n" + "".join(
        f"@probe(exercise={name!r}, points=1)\ndef {name}(lib, rng):\n    return 1\n"
        for name in ("one", "two")
    )
    (tmp_path / "one.py").write_text(text)
    with pytest.raises(ValueError, match="one.py has probes of several exercises"):
        load_folder(tmp_path)


def test_what_probes_share_is_theirs_alone(folder):
    load_folder(folder / "probes")
    assert "inputs" not in sys.modules
    (folder / "probes" / "inputs.py").unlink()
    with pytest.raises(ImportError, match="far_from_zero"):
        load_folder(folder / "probes")
