"""How a sandbox starts, where it refuses to, what a fork of it is, and that nothing of it stays."""

import os
import re
import time
from pathlib import Path

import pytest

from check.codec import unpack
from grading.errors import SandboxUnavailable
from grading.sandbox.bubblewrap import command
from grading.sandbox.sandbox import CONFINED, Sandbox
from grading.sandbox.server import SandboxDied
from tests.support.process_table import descendants
from tests.support.small_course import small_course


def test_a_closed_sandbox_leaves_no_process(tmp_path):
    before = descendants(os.getpid())
    with Sandbox(small_course(tmp_path)):
        processes = descendants(os.getpid()).keys() - before.keys()
    assert len(processes) >= 2
    until = time.monotonic() + 10  # the kernel ends them one after the other
    while any(Path("/proc", str(pid)).exists() for pid in processes):
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_fork_is_as_confined_lives_by_itself_and_ends_with_the_sandbox(tmp_path):
    told = ["told"], {"sums": b"def tell():\n    return open('/proc/self/status').read()"}, ["1"]
    with Sandbox(small_course(tmp_path)) as sandbox:
        fork, other = sandbox.fork(), sandbox.fork()
        other.__exit__()
        (frame,) = fork.ask(*told).frames
        assert {field: fields_of(frame)[field] for field in CONFINED} == CONFINED
        (frame,) = sandbox.ask(*told).frames
        assert fields_of(frame)["Seccomp"] == "2"
    with pytest.raises(SandboxDied):
        fork.ask(*told)
    (frame,) = fork.ask(*told).frames  # from a sandbox that it has started for itself
    assert fields_of(frame)["Seccomp"] == "2"
    fork.__exit__()


def test_a_fork_whose_server_has_died_before_it_was_asked_starts_one_of_its_own(tmp_path):
    with Sandbox(small_course(tmp_path)) as sandbox:
        fork = sandbox.fork()
    told = ["told"], {"sums": b"def tell():\n    return 'done'"}, ["1"]
    with pytest.raises(SandboxDied):
        fork.ask(*told)
    assert unpack(fork.ask(*told).frames[0])["told@0"]["0"] == "done"
    fork.__exit__()


def fields_of(frame: bytes) -> dict[str, str]:
    return dict(re.findall(r"(\w+):\t(.*)", unpack(frame)["told@0"]["0"]))


def test_without_bubblewrap_there_is_no_sandbox(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SandboxUnavailable, match="apt install bubblewrap"):
        Sandbox(small_course(tmp_path))


def test_where_namespaces_are_refused_there_is_no_sandbox(tmp_path, monkeypatch):
    bwrap = tmp_path / "bwrap"
    bwrap.write_text("#!/bin/sh\n[ $1 = --version ] && echo bubblewrap 0 || echo No permission >&2\n")
    bwrap.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(SandboxUnavailable, match=r"\(No permission\); allow user namespaces with"):
        Sandbox(small_course(tmp_path)).__enter__()


def test_a_course_that_the_sandbox_would_show_is_refused(tmp_path, monkeypatch):
    packages = tmp_path / "site-packages"
    monkeypatch.syspath_prepend(packages)
    assignment = small_course(packages / "course")
    with pytest.raises(SandboxUnavailable, match="move it elsewhere"):
        command(assignment.root, assignment.folder)
    assignment = small_course(tmp_path / "course")
    command(assignment.root, assignment.folder)
    (packages / "lib").mkdir()
    (packages / "lib/__init__.py").touch()
    with pytest.raises(SandboxUnavailable, match="pip install -e"):
        command(assignment.root, assignment.folder)
