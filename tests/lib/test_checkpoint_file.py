"""A checkpoint's file: whole or not there, whatever happens, and refused where it is anything else."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from lib.checkpoint import capture, load, save
from tests.lib.small_training import Small

ROOT = Path(__file__).resolve().parents[2]


def saved(state):
    file = io.BytesIO()
    torch.save(state, file)
    return file.getvalue()


class Foreign:
    pass


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is half written, or no checkpoint at all"),
        (b"hello" * 99, "is half written, or no checkpoint at all"),
        (saved({"step": 1, "model": torch.zeros(999)})[:2000], "is half written, or no checkpoint at all"),
        (saved({"step": 1, "model": {}}), "has no optimizer, random"),
        (saved([1]), "has no model, optimizer, random, step"),
        (saved({"step": Foreign()}), "other objects than tensors, numbers and texts"),
    ],
)
def test_a_file_that_is_no_checkpoint_is_refused(tmp_path, content, words):
    path = tmp_path / "x.pt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=words):
        load(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nothing\.pt"):
        load(tmp_path / "nothing.pt")


def small_state(step):
    model = Small(step)
    return capture(model, torch.optim.SGD(model.parameters(), 0.1), step)


@pytest.mark.parametrize("where", ["torch.save", "os.fsync", "os.replace"])
def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch, where):
    path = tmp_path / "run.pt"
    save(small_state(1), path)

    def fail(*args):
        raise OSError("no space left on device")

    monkeypatch.setattr(where, fail)
    with pytest.raises(OSError, match="no space left"):
        save(small_state(2), path)
    monkeypatch.undo()
    assert load(path)["step"] == 1
    assert os.listdir(tmp_path) == ["run.pt"]


KILLED_IN_MID_WRITE = """
import os, signal, sys, torch
from lib.checkpoint import save
from tests.lib.small_training import Small
write = torch.save
def half(state, file):
    import io
    whole = io.BytesIO()
    write(state, whole)
    file.write(whole.getvalue()[: len(whole.getvalue()) // 2])
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
torch.save = half
save({"step": 2, "model": Small(2).state_dict(), "optimizer": {}, "random": {}}, sys.argv[1])
"""


def test_a_process_that_is_killed_in_mid_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "run.pt"
    save(small_state(1), path)
    done = subprocess.run([sys.executable, "-c", KILLED_IN_MID_WRITE, str(path)], cwd=ROOT)
    assert done.returncode == -signal.SIGKILL
    assert sorted(os.listdir(tmp_path)) == ["run.pt", "run.pt.partial"]
    assert load(path)["step"] == 1
    with pytest.raises(ValueError, match="half written"):
        load(tmp_path / "run.pt.partial")
    save(small_state(3), path)
    assert os.listdir(tmp_path) == ["run.pt"]
    assert load(path)["step"] == 3
