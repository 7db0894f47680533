"""What a student's code can see and do inside the sandbox: next to nothing, and nothing that lasts."""

import re
from pathlib import Path

import pytest
import torch

from grading.assignment import ROOT
from tests.support.process_table import descendants


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


@pytest.mark.parametrize("path", ["x", "lib/x", "/tmp/x", "/box/submission/x"])
def test_whoever_grades_it_writes_where_it_runs_and_as_at_home_to_tmp(tell, path):
    assert tell(f"open({path!r}, 'w').write('mine')", f"return open({path!r}).read()") == "mine"
    owners = "{os.stat(name).st_uid for name in ('.', 'lib', 'lib/sums.py')} == {os.getuid()}"
    assert tell("import os", f"return str({owners})") == "True"


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
