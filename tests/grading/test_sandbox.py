"""What a student's code can see and do inside the sandbox: next to nothing, and nothing that lasts."""

import os
import re
import time
from pathlib import Path

import pytest
import torch

from check.codec import unpack
from check.probe import Failure
from grading.assignment import ROOT
from grading.errors import SandboxUnavailable
from grading.sandbox.bubblewrap import command
from grading.sandbox.sandbox import CONFINED, Sandbox
from grading.sandbox.server import SandboxDied
from tests.support.process_table import descendants
from tests.support.small_course import small_course


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with Sandbox(small_course(tmp_path_factory.mktemp("course"))) as sandbox:
        yield sandbox


@pytest.fixture
def tell(sandbox):
    """Return what a body of Python lines returns inside: a text, or the name of its error."""

    def tell(*lines: str) -> str:
        source = "\n    ".join(["def tell():", *lines])
        answers = sandbox.ask(["told"], {"sums": source.encode()}, ["1"])
        assert (len(answers.frames), answers.late, answers.too_long) == (1, False, False)
        values = unpack(answers.frames[0])["told@0"]
        return values.error if isinstance(values, Failure) else values["0"]

    return tell


def test_it_is_nobody_and_has_no_capability(tell):
    status = tell("return open('/proc/self/status').read()")
    fields = dict(re.findall(r"(\w+):\t(.*)", status))
    assert {fields[name].strip("0") for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {""}
    assert fields["Uid"].split() == fields["Gid"].split() == ["65534"] * 4
    assert (fields["NoNewPrivs"], fields["Seccomp"], fields["Threads"]) == ("1", "2", "1")


def test_it_is_alone(tell):
    assert tell("import os", "return str([d for d in os.listdir('/proc') if d.isdigit()])") == "['1']"
    descriptors = "[fd for fd in range(1024) if os.path.lexists(f'/proc/self/fd/{fd}')]"
    links = tell(
        "import os", f"return ' '.join(os.readlink(f'/proc/self/fd/{{fd}}') for fd in {descriptors})"
    )
    assert re.fullmatch(r"(/dev/null ){3}pipe:\[\d+\]", links)


def test_of_the_course_it_sees_the_probes_and_check_alone(tell):
    walk = "return ' '.join(os.path.join(d, f) for d, _, files in os.walk({!r}) for f in files)"
    inside = tell("import os", walk.format("/judge")).split()
    ours = {
        f"/judge/inside/{name}.py"
        for name in ("__init__", "worker", "serve", "confine", "seccomp", "unconfined")
    }
    asked = {f"/judge/probes/{name}.py" for name in ("inputs", "total", "double", "tell")}
    assert {path for path in inside if not path.startswith("/judge/check/")} == ours | asked
    assert tell("import os", walk.format("/box")) == "/box/submission/lib/sums.py"


@pytest.mark.parametrize(
    "module", ["lib.attention", "grading.judge.judge", "lib.given", "solutions", "tests"]
)
def test_what_students_write_cannot_be_imported(tell, module):
    assert tell(f"import {module}") == "ModuleNotFoundError"


def test_the_environment_is_its_own(tell):
    names = tell("import os", "return ' '.join(sorted(os.environ))").split()
    own = (
        "GLIBC_TUNABLES HOME LANG OMP_NUM_THREADS OMP_STACKSIZE PATH PWD PYTHONHASHSEED PYTHONMALLOC PYTHONPATH "
        "TMPDIR USER"
    )
    assert names == own.split()


def test_a_file_of_the_machine_is_not_there(sandbox, tell):
    for path in (sandbox.assignment.root / "lib/sums.py", ROOT / "lib/attention.py", Path(__file__)):
        assert path.exists()
        assert tell("import os", f"return str(os.path.lexists({str(path)!r}))") == "False"


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "/etc/shadow",
        "/sys/kernel",
        "/run",
        "/var",
        "/home",
        "/dev/tty",
        "/dev/shm",
        "/dev/pts",
    ],
)
def test_the_rest_of_the_machine_is_not_there(tell, path):
    assert tell("import os", f"return str(os.path.lexists({path!r}))") == "False"


@pytest.mark.parametrize(
    "path",
    [
        "/x",
        "/dev/x",
        "/judge/x",
        "/judge/probes/total.py",
        "/usr/x",
        torch.__file__,
        "/proc/self/oom_score_adj",
    ]
    + ["/proc/sys/kernel/core_pattern", "/proc/self/uid_map"],
)
def test_it_writes_nowhere_but_in_its_own_scratch_folder(tell, path):
    assert tell(f"open({path!r}, 'a')") in ("OSError", "PermissionError")
    assert tell("open('/box/x', 'w').write('mine')", "return open('/box/x').read()") == "mine"


@pytest.mark.parametrize(
    "deed",
    [
        "os.fork()",
        "os.posix_spawn('/usr/bin/true', ['true'], {})",
        "os.execv('/usr/bin/true', ['true'])",
        "subprocess.run(['true'])",
        "socket.socket()",
        "socket.socket(socket.AF_UNIX)",
        "socket.socketpair()",
        "socket.create_connection(('127.0.0.1', 80))",
        "os.mkfifo('/x')",
        "os.mknod('/box/x', 0o600 | stat.S_IFBLK, os.makedev(8, 0))",
        "os.chroot('/box')",
        "os.setuid(0)",
        "os.setpriority(os.PRIO_PROCESS, 0, -5)",
        "os.memfd_create('x')",
        "resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
    ],
)
def test_a_forbidden_deed_is_an_error_and_no_more(tell, deed):
    modules = "import os, resource, socket, stat, subprocess"
    assert tell(modules, deed, "return 'done'") in ("PermissionError", "OSError", "ValueError", "gaierror")


@pytest.mark.parametrize(
    "call",
    ["ptrace(0, 0, 0, 0)", "unshare(0x10000000)", "mount(b'x', b'/box', b'tmpfs', 0, None)", "setns(0, 0)"]
    + [
        "umount2(b'/box', 2)",
        "syscall(250, 0, 0)",
        "syscall(321, 0, 0, 0)",
        "syscall(425, 1, 0)",
        "syscall(435, 0, 0)",
    ],
)
def test_a_forbidden_system_call_fails_from_c_as_well(tell, call):
    assert tell("import ctypes", "libc = ctypes.CDLL(None)", f"return str(libc.{call})") == "-1"


def test_threads_are_allowed_but_not_without_end(tell):
    start = "threading.Thread(target=lambda: time.sleep(60), daemon=True).start()"
    assert tell("import threading, time", *[start] * 4, "return str(threading.active_count())") == "5"
    assert (
        tell("import threading, time", "threading.stack_size(32768)", f"while True: {start}")
        == "RuntimeError"
    )


@pytest.mark.parametrize(
    "deed",
    [
        "bytearray(10**11)",
        "torch.empty(10**11)",
        "numpy.ones(10**11)",
        "[bytes(10**7) for _ in range(10**4)]",
    ],
)
def test_memory_is_limited(tell, deed):
    assert tell("import numpy, torch", deed, "return 'done'") in (
        "MemoryError",
        "_ArrayMemoryError",
        "RuntimeError",
    )


def test_disk_is_limited(tell):
    fill = "with open(f'/box/{i}', 'wb') as f: f.write(bytes(2**24))"
    assert tell("for i in range(100):", "    " + fill) == "OSError"
    assert tell("with open('/box/x', 'wb') as f: f.truncate(2**30)") == "OSError"
    assert tell("for i in range(10**5): open(f'/box/{i}', 'w').close()") == "OSError"


def test_nothing_stays_for_the_next(tell):
    assert (
        tell("open('/box/canary', 'w').write('x')", "import torch", "torch.empty = None", "return 'x'") == "x"
    )
    assert (
        tell("import os, torch", "return str(os.listdir('/box')) + str(torch.empty is None)")
        == "['submission']False"
    )


def test_an_earlier_submission_left_no_trace_in_memory(tell):
    scan = [
        "import ctypes, re",
        "for line in list(open('/proc/self/maps')):",
        "    start, end = (int(number, 16) for number in line.split()[0].split('-'))",
        "    if ' rw' in line and re.search(b'of-ada-[a]lone', ctypes.string_at(start, end - start)):",
        "        return 'found'",
        "return 'nothing'",
    ]
    assert tell("secret = 'of-ada-alone'", "return secret * 3") == "of-ada-alone" * 3
    assert tell(*scan) == "nothing"
    assert tell("secret = 'of-ada-alone'", *scan) == "found"


def test_all_that_it_started_is_dead_when_it_has_answered(tell, sandbox):
    tell("import threading, time", "threading.Thread(target=time.sleep, args=(600,)).start()", "return 'x'")
    below = descendants(sandbox._server.process.pid)
    (server,) = (name for name, _ in below.values() if name != "bwrap")
    assert server.startswith("python")


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


@pytest.mark.parametrize(("numbers", "error"), [(10**6, None), (4 * 10**6, "RuntimeError")])
def test_a_probe_can_have_a_limit_on_memory_of_its_own(sandbox, numbers, error):
    body = f"import torch\ndef tell():\n    torch.ones({numbers})\n    return 'done'"
    (frame,) = sandbox.ask(["told"], {"sums": body.encode()}, ["1"], 60.0, 12).frames
    values = unpack(frame)["told@0"]
    assert (values.error if isinstance(values, Failure) else None) == error


def test_what_is_kept_between_large_blocks_that_come_and_go_takes_no_more_than_itself(sandbox):
    lines = ["kept = []", "for size in range(2**16, 2**18, 2**12):", "    large = torch.ones(size) + 1"]
    lines += ["    kept.append(large[:64].clone())", "return str(len(kept))"]
    body = "\n    ".join(["import torch\ndef tell():", *lines])
    (frame,) = sandbox.ask(["told"], {"sums": body.encode()}, ["1"], 60.0, 12).frames
    told = unpack(frame)["told@0"]
    assert told == {"0": "48", "1": told["1"], "2": "torch.float32", "3": True}


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
