"""A server of the scripted model on a free port, OpenAI's client for it, and a connection without any client."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from openai import OpenAI

from serve.server import serving
from serve.settings import Settings
from tests.support.scripted_model import ScriptedModel, scripted

SMALL = Settings(
    slots=2, queue=2, context=2000, max_tokens=300, max_body=20_000, max_messages=6, keep_alive=0.2
)


class Raw:
    """Requests byte by byte, with no library that would mend them."""

    def __init__(self, address: str):
        self.address, self.host = address, urlsplit(address).netloc

    @contextmanager
    def connection(self) -> Iterator[http.client.HTTPConnection]:
        connection = http.client.HTTPConnection(self.host, timeout=10)
        try:
            yield connection
        finally:
            connection.close()

    def ask(self, method: str, path: str, body=None, **headers: str):
        """Return status, headers and body of an answer; a body that is no text or bytes is sent as JSON."""
        if body is not None and not isinstance(body, str | bytes):
            body = json.dumps(body)
        with self.connection() as connection:
            connection.request(method, path, body, {"Content-Type": "application/json"} | headers)
            response = connection.getresponse()
            return response.status, response.headers, response.read().decode()

    def chat_text(self, **fields) -> str:
        """Return the body of the answer to a chat completion with these fields besides the usual."""
        return self._chat(fields)[2]

    def chat(self, **fields):
        """Return status, headers and the object that the body is."""
        status, headers, body = self._chat(fields)
        return status, headers, json.loads(body)

    def _chat(self, fields):
        usual = {"model": "scripted", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 3}
        return self.ask("POST", "/v1/chat/completions", usual | fields)


@contextmanager
def served_alone(settings: Settings = SMALL) -> Iterator[tuple[ScriptedModel, Raw]]:
    """Serve a model of one's own."""
    model, served = scripted()
    with serving(served, settings) as address:
        yield model, Raw(address)


@pytest.fixture(scope="module")
def shared():
    with served_alone() as both:
        yield both


@pytest.fixture
def model(shared) -> Iterator[ScriptedModel]:
    """The scripted model, as quick as it can be again after each test."""
    yield shared[0]
    shared[0].seconds, shared[0].fails, shared[0].certainty = 0.0, False, 50.0


@pytest.fixture
def raw(shared, model) -> Raw:
    return shared[1]


def client_of(address: str) -> OpenAI:
    return OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0, timeout=20)


@pytest.fixture(scope="module")
def client(shared) -> Iterator[OpenAI]:
    with client_of(shared[1].address) as client:
        yield client


def soon(holds: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Return whether something comes true in this time."""
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    return holds()


def open_requests(raw: Raw) -> int:
    return json.loads(raw.ask("GET", "/health")[2])["open_requests"]


def in_threads(*tasks: Callable[[], object]) -> list:
    """Do all at the same time and return what each gives, or the error that it raises."""
    results: list = [None] * len(tasks)

    def do(i: int) -> None:
        try:
            results[i] = tasks[i]()
        except Exception as error:
            results[i] = error

    threads = [threading.Thread(target=do, args=(i,)) for i in range(len(tasks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
