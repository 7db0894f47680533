"""The limit on threads belongs to each submission alone, however many are graded at once and whoever else has threads."""

import threading
from concurrent.futures import ThreadPoolExecutor

from check.codec import unpack
from grading.sandbox.inside.confine import THREADS
from grading.sandbox.sandbox import Sandbox

AT_ONCE, EACH = 6, 100  # together more than one may have

POOL = f"""
import threading

def tell():
    threading.stack_size(2**16)
    both, end = threading.Barrier({EACH} + 1), threading.Event()
    def wait():
        both.wait()
        end.wait()
    for _ in range({EACH}):
        threading.Thread(target=wait, daemon=True).start()
    both.wait()
    open("running", "w").close()
    end.wait(2)
    return "all ran"
"""


def ask(sandbox: Sandbox) -> str:
    fork = sandbox.fork()
    try:
        (frame,) = fork.ask(["told"], {"sums": POOL.encode()}, ["1"], 60.0).frames
        return unpack(frame)["told@0"]["0"]
    finally:
        fork.__exit__()


def test_submissions_that_run_at_once_take_no_threads_from_each_other(sandbox):
    assert AT_ONCE * EACH > THREADS
    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert list(pool.map(ask, [sandbox] * AT_ONCE)) == ["all ran"] * AT_ONCE


def test_threads_of_whoever_grades_take_none_from_a_submission(sandbox):
    end = threading.Event()
    threading.stack_size(2**16)
    try:
        foreign = [threading.Thread(target=end.wait) for _ in range(THREADS)]
        for thread in foreign:
            thread.start()
        assert ask(sandbox) == "all ran"
    finally:
        end.set()
        threading.stack_size(0)
        for thread in foreign:
            thread.join()


def test_the_limit_is_there_and_its_user_is_nobody_elses(tell):
    start = "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
    count = [
        "try:",
        f"    while True: {start}",
        "except RuntimeError: pass",
        "return str(threading.active_count())",
    ]
    assert tell("import threading, time", "threading.stack_size(32768)", *count) == str(THREADS)
    (inside, outside, number) = tell("return open('/proc/self/uid_map').read()").split()
    assert (inside, number) == ("65534", "1")
    assert outside != "0"
