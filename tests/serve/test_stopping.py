"""A server stops as it should: what has begun may end, what is new is turned away, and nothing is left behind."""

import json
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from serve.server import Server, listening, serving
from serve.settings import Settings
from tests.serve.conftest import SMALL, Raw, in_threads, open_requests, served_alone, soon
from tests.support.scripted_model import said, scripted

ROOT = Path(__file__).resolve().parents[2]
PROCESS = """
import sys
from serve.server import Server, address_of, listening
from serve.settings import Settings
from tests.support.scripted_model import scripted
model, served = scripted()
model.seconds = 0.05
listener = listening("127.0.0.1", 0)
print(address_of(listener), flush=True)
Server(served, Settings(drain=float(sys.argv[1])), log=True).run([listener])
print("ended", flush=True)
"""
SECRET = "correct horse battery staple"


def test_nothing_is_left_when_the_block_ends():
    threads = set(threading.enumerate())
    with serving(scripted()[1], SMALL) as address:
        raw = Raw(address)
        assert raw.chat()[0] == 200
        assert {thread.name for thread in set(threading.enumerate()) - threads} >= {"server", "model"}
    assert set(threading.enumerate()) <= threads
    with pytest.raises(ConnectionRefusedError):
        raw.ask("GET", "/health")


def test_an_error_inside_the_block_stops_the_server_too():
    with pytest.raises(KeyError), serving(scripted()[1], SMALL) as address:
        raise KeyError
    with pytest.raises(ConnectionRefusedError):
        Raw(address).ask("GET", "/health")


def test_what_is_open_when_the_block_ends_comes_to_its_end():
    with served_alone() as (model, raw):
        model.seconds, replies = 0.01, []
        thread = threading.Thread(target=lambda: replies.append(raw.chat(max_tokens=60)))
        thread.start()
        assert soon(lambda: open_requests(raw) == 1)
    thread.join()
    assert replies[0][2]["choices"][0]["message"]["content"] == said(0, 60)


def test_what_takes_too_long_is_broken_off_with_an_error():
    with served_alone(replace(SMALL, drain=0.2)) as (model, raw):
        model.seconds, replies = 0.02, []
        thread = threading.Thread(
            target=lambda: replies.extend(
                in_threads(
                    lambda: raw.chat(max_tokens=300), lambda: raw.chat_text(max_tokens=300, stream=True)
                )
            )
        )
        thread.start()
        assert soon(lambda: open_requests(raw) == 2)
    thread.join()
    (status, _, body), streamed = replies
    assert (status, body["error"]["code"]) == (503, "stopping")
    last = streamed.strip().splitlines()[-1]
    assert json.loads(last.removeprefix("data: "))["error"]["code"] == "stopping"


def test_a_port_that_is_taken_is_an_error_at_once():
    with serving(scripted()[1], SMALL) as address, pytest.raises(OSError, match="in use"):
        listening("127.0.0.1", int(address.rpartition(":")[2]))


class Process:
    """A server in a process of its own."""

    def __init__(self, drain: float = 30):
        command = [sys.executable, "-c", PROCESS, str(drain)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.raw = Raw(self.process.stdout.readline().strip())
        assert soon(lambda: self.raw.ask("GET", "/health")[0] == 200, 20)

    def stop(self, sig=signal.SIGTERM):
        self.process.send_signal(sig)

    def ended(self, seconds=20):
        """Return the exit status and all that was written."""
        written = "".join(self.process.communicate(timeout=seconds))
        return self.process.returncode, written


@pytest.mark.slow
def test_at_sigterm_streams_end_and_new_requests_are_turned_away_and_no_prompt_is_logged():
    server = Process()
    raw, streamed = server.raw, []
    message = {"role": "user", "content": SECRET}
    thread = threading.Thread(
        target=lambda: streamed.append(raw.chat_text(messages=[message], max_tokens=100, stream=True))
    )
    thread.start()
    assert soon(lambda: open_requests(raw) == 1)
    for fields in ({"temperature": SECRET}, {"model": SECRET}, {SECRET: 1}, {"messages": SECRET}):
        assert raw.chat(**fields)[0] in (400, 404)
    raw.ask("POST", "/v1/chat/completions", "{" + SECRET)
    server.stop()
    assert soon(lambda: raw.ask("GET", "/health")[0] == 503)
    status, headers, body = raw.chat()
    assert (status, body["error"]["code"], headers["Retry-After"]) == (503, "stopping", "5")
    thread.join()
    text = "".join(json.loads(piece) for piece in re.findall(r'"content":("[^"]*")', streamed[0]))
    assert text == said(0, 100)
    assert streamed[0].endswith("data: [DONE]\n\n")
    status, written = server.ended()
    assert status == 0
    assert "ended\n" in written
    assert '"POST /v1/chat/completions HTTP/1.1" 200' in written
    assert "correct" not in written
    assert "Traceback" not in written


@pytest.mark.slow
def test_ctrl_c_twice_waits_for_nobody():
    server = Process(drain=60)
    with server.raw.connection() as connection:
        body = json.dumps(
            {
                "model": "scripted",
                "stream": True,
                "max_tokens": 500,
                "messages": [{"role": "user", "content": "Hi"}],
            }
        )
        connection.request("POST", "/v1/chat/completions", body, {"Content-Type": "application/json"})
        connection.getresponse().readline()
        server.stop(signal.SIGINT)
        assert soon(lambda: server.raw.ask("GET", "/health")[0] == 503)
        start = time.monotonic()
        server.stop(signal.SIGINT)
        status, _ = server.ended()
    assert time.monotonic() - start < 10
    assert status == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [("slots", 0), ("queue", -1), ("max_tokens", 0), ("deadline", 0.0), ("drain", -1.0), ("context", 0)],
)
def test_a_limit_that_nothing_could_pass_is_refused(name, value):
    with pytest.raises(ValueError, match=f"{name}={value} must be at least"):
        Settings(**{name: value})


def test_a_server_that_was_drained_before_it_started_does_not_serve():
    listener = listening("127.0.0.1", 0)
    server = Server(scripted()[1], SMALL, log=False)
    server.worker.drain()
    server.run([listener])
    assert listener.fileno() == -1
