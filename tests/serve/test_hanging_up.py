"""Who hangs up gets no more tokens: the slot is free at once, whether the answer is waited for, streamed or queued."""

import json
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tests.serve.conftest import SMALL, client_of, in_threads, open_requests, served_alone, soon

LONG = {"model": "scripted", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 300}


@pytest.fixture
def alone():
    with served_alone(replace(SMALL, slots=1, queue=1)) as (model, raw):
        model.seconds = 0.02  # six seconds an answer
        yield model, raw


@contextmanager
def asked(raw, **fields):
    with raw.connection() as connection:
        body = json.dumps(LONG | fields)
        connection.request("POST", "/v1/chat/completions", body, {"Content-Type": "application/json"})
        yield connection


def stands_still(model):
    passes = len(model.passes)
    return not soon(lambda: len(model.passes) > passes, 0.1)


def test_in_mid_stream(alone):
    model, raw = alone
    with asked(raw, stream=True) as connection:
        response = connection.getresponse()
        while b"upon" not in response.readline():
            pass
        assert open_requests(raw) == 1
        response.close()
    assert soon(lambda: open_requests(raw) == 0, 3)
    assert stands_still(model)
    assert len(model.passes) < 200


def test_while_a_whole_answer_is_waited_for(alone):
    model, raw = alone
    with asked(raw):
        assert soon(lambda: len(model.passes) > 5)
    assert soon(lambda: open_requests(raw) == 0, 3)
    assert stands_still(model)
    assert len(model.passes) < 200


@pytest.mark.parametrize("stream", [True, False])
def test_while_it_waits_for_a_slot(alone, stream):
    model, raw = alone
    with asked(raw, stream=True) as first:
        first.getresponse()
        with asked(raw, stream=stream):
            assert soon(lambda: open_requests(raw) == 2)
        assert soon(lambda: open_requests(raw) == 1, 3)
        assert {B for B, _ in model.passes} == {1}
    assert soon(lambda: open_requests(raw) == 0, 3)


def test_through_openai_s_client(alone):
    model, raw = alone
    with client_of(raw.address) as client:
        stream = client.chat.completions.create(**LONG, stream=True)
        for chunk in stream:
            if "time" in (chunk.choices[0].delta.content or ""):
                break
        stream.close()
        assert soon(lambda: open_requests(raw) == 0, 3)


def test_the_next_in_the_queue_has_the_slot_at_once_and_the_right_answer(alone):
    model, raw = alone
    with asked(raw, stream=True) as first:
        first.getresponse().readline()
        with asked(raw, max_tokens=2) as second:
            assert soon(lambda: open_requests(raw) == 2)
            first.sock and first.sock.close()
            first.close()
            body = json.loads(second.getresponse().read())
    assert body["choices"][0]["message"]["content"] == "Once upon"
    assert len(model.passes) < 200


def test_fifty_that_hang_up_leave_nothing_behind():
    with served_alone(replace(SMALL, slots=4, queue=60)) as (model, raw):
        model.seconds = 0.005

        def hang_up(n):
            with asked(raw, stream=n % 2 == 0) as connection:
                if n % 3:
                    connection.getresponse().readline() if n % 2 == 0 else None

        in_threads(*[lambda n=n: hang_up(n) for n in range(50)])
        assert soon(lambda: open_requests(raw) == 0)
        model.seconds = 0
        assert raw.chat(max_tokens=2)[2]["choices"][0]["message"]["content"] == "Once upon"
