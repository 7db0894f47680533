"""What no well-behaved client sends is refused with a reason, in OpenAI's form, and the stream is one by the book."""

import json
import socket
import time
from dataclasses import replace

import pytest

from serve import body_limit
from serve.replies import event
from serve.server import serving
from tests.serve.conftest import SMALL, Raw, in_threads, open_requests, served_alone, soon
from tests.support.scripted_model import said, scripted

HI = {"role": "user", "content": "Hi"}
LONE = "\ud83d"  # half a character, which JSON can write


def refused(reply, status=400, param=None, code=None):
    """Check an error's form and return its message."""
    got, _, body = reply
    error = (json.loads(body) if isinstance(body, str) else body)["error"]
    assert set(error) == {"message", "type", "param", "code"}
    wanted = ("invalid_request_error" if status < 500 else "server_error", param, code)
    assert (got, (error["type"], error["param"], error["code"])) == (status, wanted), error["message"]
    return error["message"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "{'model': 'scripted'}",
        '{"model": "scripted", "messages": [{"role": "user", "content": "Hi"}]',
        b'{"model": "\xff"}',
        "[" * 9000,
        "[]",
        "null",
        '"scripted"',
        '{"seed": ' + "9" * 5000 + "}",
    ],
)
def test_what_is_no_json_object_is_a_bad_request(raw, body):
    assert raw.ask("POST", "/v1/chat/completions", body)[0] == 400
    refused(raw.ask("POST", "/v1/chat/completions", body))
    refused(raw.ask("POST", "/v1/completions", body))


def test_the_place_of_a_fault_in_json_is_named_and_not_what_stands_there(raw):
    said = refused(raw.ask("POST", "/v1/chat/completions", '{"model": secret}'))
    assert said == "The body is no JSON: Expecting value at character 10."


def test_another_content_type_is_refused_so_that_no_foreign_page_can_ask(raw):
    body = json.dumps({"model": "scripted", "messages": [HI]})
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        message = refused(raw.ask("POST", "/v1/chat/completions", body, **{"Content-Type": kind}))
        assert "Content-Type: application/json" in message


@pytest.mark.parametrize(
    ("field", "value", "param"),
    [
        ("messages", "Hi", "messages"),
        ("messages", [], "messages"),
        ("messages", ["Hi"], "messages[0]"),
        ("messages", [HI, {"role": "user"}], "messages[1].content"),
        ("messages", [HI, {"role": "robot", "content": "Hi"}], "messages[1].role"),
        ("messages", [{"role": "tool", "content": "4", "tool_call_id": "1"}], "messages[0].role"),
        ("messages", [{"role": "user", "content": None}], "messages[0].content"),
        ("messages", [{"role": "user", "content": [{"type": "image_url"}]}], "messages[0].content"),
        ("messages", [{"role": "user", "content": [{"type": "text", "text": 1}]}], "messages[0].content"),
        (
            "messages",
            [{"role": "user", "content": [{"type": ["text"], "text": "Hi"}]}],
            "messages[0].content",
        ),
        ("messages", [{"role": "user", "content": ["Hi"]}], "messages[0].content"),
        ("messages", [{"role": "user", "content": LONE}], "messages[0].content"),
        ("messages", [HI | {"tool_calls": [{}]}], "messages[0].tool_calls"),
        ("model", 1, "model"),
        ("model", None, "model"),
        ("stream", "yes", "stream"),
        ("stream", 1, "stream"),
        ("stream_options", {"include_usage": "yes"}, "stream_options.include_usage"),
        ("max_tokens", 0, "max_tokens"),
        ("max_tokens", -1, "max_tokens"),
        ("max_tokens", 301, "max_tokens"),
        ("max_tokens", 2.5, "max_tokens"),
        ("max_tokens", "3", "max_tokens"),
        ("max_tokens", True, "max_tokens"),
        ("max_completion_tokens", 0, "max_completion_tokens"),
        ("temperature", "hot", "temperature"),
        ("temperature", "0.5", "temperature"),
        ("temperature", -0.1, "temperature"),
        ("temperature", 2.1, "temperature"),
        ("temperature", float("nan"), "temperature"),
        ("temperature", float("inf"), "temperature"),
        ("top_p", 1.1, "top_p"),
        ("top_p", [0.5], "top_p"),
        ("seed", 2**63, "seed"),
        ("seed", 1.5, "seed"),
        ("stop", 1, "stop"),
        ("stop", "", "stop[0]"),
        ("stop", ["a", ""], "stop[1]"),
        ("stop", ["a", None], "stop[1]"),
        ("stop", list("abcde"), "stop"),
        ("stop", LONE, "stop[0]"),
        ("stop", ["x" * 257], "stop[0]"),
        ("n", 2, "n"),
        ("n", True, "n"),
        ("logprobs", True, "logprobs"),
        ("presence_penalty", 0.5, "presence_penalty"),
        ("logit_bias", {"50": 1}, "logit_bias"),
        ("tools", [{"type": "function"}], "tools"),
        ("response_format", {"type": "json_object"}, "response_format"),
        ("messages", [HI] * 7, "messages"),
    ],
)
def test_a_wrong_field_is_named(raw, field, value, param):
    body = {"model": "scripted", "messages": [HI]} | {field: value}
    if field == "model" and value is None:
        del body["model"]
    message = refused(raw.ask("POST", "/v1/chat/completions", body), param=param)
    assert "Hi" not in message


def test_an_argument_may_be_as_deep_as_json_can_be_read(raw):
    for depth in range(955, 975):  # Python's limit of recursion is in between
        body = f'{{"model": "scripted", "messages": [], "tools": {"[" * depth + "]" * depth}}}'
        assert raw.ask("POST", "/v1/chat/completions", body)[0] == 400


def test_an_argument_that_nobody_knows_is_no_argument(raw):
    message = refused(raw.chat(temprature=0.5), param="temprature", code="unknown_parameter")
    assert message == "Unrecognized request argument: temprature"
    refused(raw.chat(**{LONE: 1}))
    refused(raw.chat(model=LONE), 404, "model", "model_not_found")


@pytest.mark.parametrize("prompt", ["", None, ["Hi"], [1, 2], 5, "Hi" + LONE])
def test_a_prompt_is_a_text_that_is_not_empty(raw, prompt):
    refused(raw.ask("POST", "/v1/completions", {"model": "scripted", "prompt": prompt}), param="prompt")


def test_a_prompt_that_leaves_no_room_is_refused_and_the_room_that_is_left_is_used(raw):
    fields = {"model": "scripted", "prompt": "x" * SMALL.context, "max_tokens": 10}
    message = refused(
        raw.ask("POST", "/v1/completions", fields), param="prompt", code="context_length_exceeded"
    )
    assert message == "The prompt has 2000 tokens; with its answer it must fit 2000."
    status, _, body = raw.ask("POST", "/v1/completions", fields | {"prompt": "x" * (SMALL.context - 4)})
    reply = json.loads(body)
    assert (status, reply["usage"]["completion_tokens"]) == (200, 4)
    assert reply["choices"][0]["finish_reason"] == "length"


def test_what_is_not_there_is_not_found(raw):
    refused(raw.chat(model="another"), 404, "model", "model_not_found")
    refused(raw.ask("GET", "/v1/models/another"), 404, "model", "model_not_found")
    for path in ("/v1", "/docs", "/openapi.json", "/v1/embeddings", "/../settings.py", "/page/chat.js"):
        refused(raw.ask("GET", path), 404)
    reply = raw.ask("GET", "/v1/chat/completions")
    assert refused(reply, 405) == "Method Not Allowed: GET /v1/chat/completions"
    assert reply[1]["Allow"] == "POST"


@pytest.mark.parametrize("length", [20_001, 200_000, 1_200_000])
def test_a_body_that_is_too_long_is_refused_whether_or_not_it_says_so(raw, length):
    refused(raw.ask("POST", "/v1/chat/completions", b" " * length), 413, code="body_too_large")
    parts = (b"x" * 1000 for _ in range(length // 1000 + 1))
    with raw.connection() as connection:
        connection.request("POST", "/v1/chat/completions", parts, {"Content-Type": "application/json"})
        response = connection.getresponse()
        refused((response.status, None, response.read().decode()), 413, code="body_too_large")


def test_a_body_of_the_longest_length_is_read(raw):
    body = json.dumps({"model": "scripted", "messages": [HI], "max_tokens": 3}).ljust(SMALL.max_body)
    assert raw.ask("POST", "/v1/chat/completions", body)[0] == 200


def test_a_body_that_does_not_come_is_not_waited_for(raw, monkeypatch):
    monkeypatch.setattr(body_limit, "SECONDS", 0.2)
    host, port = raw.host.split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        head = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        connection.sendall(f"{head}Content-Length: 100\r\n\r\n{{".encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 408 ")


def test_a_stream_is_events_of_one_line_each_and_is_not_kept_by_anybody(raw):
    body = {"model": "scripted", "messages": [HI], "max_tokens": 9, "stream": True}
    status, headers, text = raw.ask("POST", "/v1/chat/completions", body)
    assert (status, headers["Content-Type"]) == (200, "text/event-stream; charset=utf-8")
    assert (headers["Cache-Control"], headers["X-Accel-Buffering"]) == ("no-cache", "no")
    *events, done, nothing = text.split("\n\n")
    assert (done, nothing) == ("data: [DONE]", "")
    replies = [json.loads(event.removeprefix("data: ")) for event in events]
    assert all(event.startswith("data: {") and "\n" not in event for event in events)
    assert "".join(reply["choices"][0]["delta"].get("content", "") for reply in replies) == said(0, 9)
    assert "usage" not in replies[0]


def test_no_sign_of_an_answer_ends_the_line_of_its_event():
    text = "\x85".join(["\u2028", "\u2029", "\x1c", "\x0b", "\r", "学😀"])
    line, nothing = event({"text": text}).splitlines()
    assert (json.loads(line.removeprefix("data: "))["text"], nothing) == (text, "")


def test_a_stream_without_news_sends_a_comment(raw, model):
    model.seconds = 0.5
    body = {"model": "scripted", "messages": [HI], "max_tokens": 1, "stream": True}
    text = raw.ask("POST", "/v1/chat/completions", body)[2]
    assert ": still there\n\n" in text
    assert text.endswith("data: [DONE]\n\n")


def test_who_comes_when_all_places_are_taken_hears_when_to_come_again(raw, model):
    model.seconds = 0.2
    replies = in_threads(*[lambda: raw.chat(max_tokens=10) for _ in range(8)])
    served = [reply for reply in replies if reply[0] == 200]
    turned_away = [reply for reply in replies if reply[0] != 200]
    assert len(served) == SMALL.slots + SMALL.queue
    for reply in turned_away:
        message = refused(reply, 503, code="overloaded")
        assert message == "4 requests are being answered or wait; try again later."
        assert (reply[1]["Retry-After"], reply[1]["X-Should-Retry"]) == ("5", "true")
    assert soon(lambda: open_requests(raw) == 0)
    assert raw.chat()[0] == 200


def test_an_answer_that_takes_too_long_ends_at_its_deadline_and_asks_for_no_second_try():
    with served_alone(replace(SMALL, slots=1, deadline=0.3)) as (model, raw):
        model.seconds = 0.02
        start = time.monotonic()
        reply, waiting, streamed = in_threads(
            lambda: raw.chat(max_tokens=200),
            lambda: raw.chat(max_tokens=200),
            lambda: raw.chat_text(max_tokens=200, stream=True),
        )
        assert time.monotonic() - start < 3.5
        for one in (reply, waiting):
            message = refused(one, 504, code="deadline_exceeded")
            assert message == "The answer was not complete after 0.3 seconds."
            assert (one[1]["X-Should-Retry"], one[1]["Retry-After"]) == ("false", None)
        assert '"code":"deadline_exceeded"' in streamed.strip().splitlines()[-1]
        assert soon(lambda: open_requests(raw) == 0)
        assert raw.chat(max_tokens=1)[0] == 200


def test_a_tokenizer_that_breaks_is_an_error_of_the_server_which_goes_on():
    _, whole = scripted()
    broken = {"encode": True, "decode": False}

    def encode(text):
        return whole.encode(text) if not broken["encode"] else broken[text]

    def decode(ids):
        return whole.decode(ids) if not broken["decode"] else broken[ids]

    def ask():
        return raw.ask("POST", "/v1/completions", {"model": "scripted", "prompt": "Hi", "max_tokens": 3})

    with serving(replace(whole, encode=encode, decode=decode), SMALL) as address:
        raw = Raw(address)
        assert refused(ask(), 500) == "The server failed."
        broken.update(encode=False, decode=True)
        assert refused(ask(), 500, code="model_error") == "The model failed."
        broken.update(decode=False)
        assert json.loads(ask()[2])["choices"][0]["text"] == said(0, 3)
        assert open_requests(raw) == 0


def test_the_loop_answers_while_the_model_computes(raw, model):
    model.seconds, passes = 2.0, len(model.passes)
    ended = []

    def health():
        assert soon(lambda: len(model.passes) > passes)
        ended.append(raw.ask("GET", "/health")[0])

    in_threads(lambda: ended.append(raw.chat(max_tokens=1)[0] + 1), health)
    assert ended == [200, 201], "first the second request"


def test_the_model_runs_in_one_thread_which_is_not_the_server_s(raw, model):
    names = set()
    for _ in range(2):
        raw.chat()
        names.add(model.thread.name)
    assert names == {"model"}


def test_the_page_may_load_from_this_server_alone(raw):
    for path, kind in (("/", "text/html"), ("/chat.css", "text/css"), ("/chat.js", "text/javascript")):
        status, headers, text = raw.ask("GET", path)
        assert (status, headers["Content-Type"].split(";")[0]) == (200, kind)
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "http://" not in text
        assert "https://" not in text
        assert "innerHTML" not in text
