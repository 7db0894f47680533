"""OpenAI's own client gets answers, whole and in pieces, and the errors that it has names for."""

import asyncio

import openai
import pytest

from tests.serve.conftest import in_threads
from tests.support.scripted_model import TEXT, said

HI = [{"role": "user", "content": "Hi"}]


def chat(client, **fields):
    return client.chat.completions.create(**{"model": "scripted", "messages": HI, "max_tokens": 20} | fields)


def pieces(chunks):
    return [chunk.choices[0].delta.content for chunk in chunks if chunk.choices]


def test_the_model_is_listed_and_described(client):
    assert [one.id for one in client.models.list()] == ["scripted"]
    assert client.models.retrieve("scripted").object == "model"


def test_a_whole_answer_has_text_reason_and_counts(client):
    answer = chat(client)
    (choice,) = answer.choices
    assert (answer.object, answer.model, answer.id[:9]) == ("chat.completion", "scripted", "chatcmpl-")
    assert (choice.message.role, choice.message.content) == ("assistant", said(0, 20))
    assert choice.finish_reason == "length"
    prompt = len("user: Hi")
    assert answer.usage.model_dump(include={"prompt_tokens", "completion_tokens", "total_tokens"}) == {
        "prompt_tokens": prompt,
        "completion_tokens": 20,
        "total_tokens": prompt + 20,
    }


def test_a_stream_has_the_same_text_in_pieces_of_whole_characters(client):
    chunks = list(chat(client, stream=True, max_tokens=60))
    got = pieces(chunks)
    assert "".join(piece or "" for piece in got) == said(0, 60)
    assert "学习新知识" in said(0, 60)
    assert "\ufffd" not in "".join(piece or "" for piece in got)
    assert len(got) > 20
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices[0].finish_reason] == [
        "length"
    ]
    assert len({chunk.id for chunk in chunks}) == 1
    assert all(chunk.usage is None for chunk in chunks)


def test_the_counts_come_at_the_end_of_a_stream_that_asks_for_them(client):
    chunks = list(chat(client, stream=True, stream_options={"include_usage": True}))
    assert chunks[-1].choices == []
    assert chunks[-1].usage.completion_tokens == 20
    assert all(chunk.usage is None for chunk in chunks[:-1])


def test_the_client_s_own_collector_of_streams_reads_ours(client):
    with client.chat.completions.stream(model="scripted", messages=HI, stop="there") as stream:
        for _ in stream:
            pass
        answer = stream.get_final_completion()
    assert answer.choices[0].message.content == TEXT[: TEXT.index("there")]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("stop", ["there was", ["never said", "there was", "model"]])
def test_a_stop_string_ends_an_answer_and_is_not_in_it(client, stop, stream):
    answer = chat(client, stop=stop, stream=stream, max_tokens=100)
    chunks = list(answer) if stream else [answer]
    text = "".join(piece or "" for piece in pieces(chunks)) if stream else answer.choices[0].message.content
    assert text == TEXT[: TEXT.index("there was")]
    assert chunks[-1].choices[0].finish_reason == "stop"


def test_an_answer_without_a_length_has_the_most_that_one_may_have(client):
    long = client.completions.create(model="scripted", prompt="a")
    assert (long.choices[0].finish_reason, long.usage.completion_tokens) == ("length", 300)


def test_the_token_that_ends_a_text_is_the_other_reason_to_stop(client):
    short = client.completions.create(model="scripted", prompt="9", max_tokens=300)
    assert (short.choices[0].finish_reason, short.choices[0].text) == (
        "stop",
        " all that people had written.",
    )
    assert short.usage.completion_tokens == 5


def test_completions_of_plain_text_come_whole_and_in_pieces(client):
    fields = {"model": "scripted", "prompt": "Start at 3", "max_tokens": 30}
    whole = client.completions.create(**fields)
    assert (whole.object, whole.choices[0].text) == ("text_completion", said(3, 30))
    chunks = list(client.completions.create(**fields, stream=True, stream_options={"include_usage": True}))
    assert "".join(chunk.choices[0].text for chunk in chunks if chunk.choices) == said(3, 30)
    assert (chunks[-2].choices[0].finish_reason, chunks[-1].usage.completion_tokens) == ("length", 30)


def test_many_clients_at_once_get_each_their_own_answer(client, model):
    model.seconds, model.passes = 0.02, []
    asked = [
        lambda n=n: chat(client, messages=[{"role": "user", "content": f"word {n}"}], max_tokens=30)
        for n in range(4)
    ]
    answers = in_threads(*asked)
    assert [answer.choices[0].message.content for answer in answers] == [said(n, 30) for n in range(4)]
    assert {B for B, _ in model.passes} == {1, 2}, "two slots, two rows"


def test_a_seed_repeats_a_draw_and_without_one_it_is_another(client, model):
    model.certainty = 0.0

    def drawn(**fields):
        return chat(client, temperature=1, **fields).choices[0].message.content

    assert drawn(seed=1) == drawn(seed=1)
    assert len({drawn(seed=1), drawn(seed=2), drawn(seed=-(2**63)), drawn(), drawn()}) == 5


def test_the_newer_name_of_the_length_wins_and_neutral_fields_pass(client):
    answer = chat(
        client,
        max_completion_tokens=5,
        n=1,
        presence_penalty=0,
        frequency_penalty=0.0,
        logprobs=False,
        response_format={"type": "text"},
        user="somebody",
        temperature=1,
        top_p=1,
    )
    assert answer.usage.completion_tokens == 5


def test_content_may_come_in_parts_and_the_developer_speaks_as_the_system(client):
    parts = [{"type": "text", "text": "Start at "}, {"type": "text", "text": "4"}]
    messages = [{"role": "developer", "content": "Be brief"}, {"role": "user", "content": parts}]
    answer = chat(client, messages=messages)
    assert answer.choices[0].message.content == said(4, 20)
    assert answer.usage.prompt_tokens == len("system: Be brief\nuser: Start at 4")


def test_an_answer_goes_back_as_a_message_in_each_of_the_client_s_forms(client):
    first = chat(client).choices[0].message
    for message in (first, first.model_dump(), first.to_dict()):
        answer = chat(client, messages=[*HI, message, {"role": "user", "content": "Start at 2"}])
        assert answer.choices[0].message.content == said(2, 20)


@pytest.mark.parametrize(
    ("fields", "error", "param"),
    [
        ({"model": "gpt-4o"}, openai.NotFoundError, "model"),
        ({"messages": []}, openai.BadRequestError, "messages"),
        ({"temperature": 3}, openai.BadRequestError, "temperature"),
        ({"n": 2}, openai.BadRequestError, "n"),
        ({"messages": [{"role": "user", "content": "x" * 2100}]}, openai.BadRequestError, "messages"),
        ({"messages": [{"role": "user", "content": "x" * 21000}]}, openai.APIStatusError, None),
    ],
)
def test_errors_have_the_classes_that_the_client_knows(client, fields, error, param):
    with pytest.raises(error) as raised:
        chat(client, **fields)
    assert raised.value.param == param
    assert raised.value.type == "invalid_request_error"


def test_a_model_that_fails_is_an_error_of_the_server_and_the_next_answer_is_right(client, model):
    model.fails = True
    with pytest.raises(openai.InternalServerError, match="The model failed"):
        chat(client)
    with pytest.raises(openai.APIError, match="The model failed"):
        list(chat(client, stream=True))
    model.fails = False
    assert chat(client).choices[0].message.content == said(0, 20)


async def asynchronous(address):
    async with openai.AsyncOpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client:
        stream = await client.chat.completions.create(
            model="scripted", messages=HI, max_tokens=9, stream=True
        )
        return "".join([chunk.choices[0].delta.content or "" async for chunk in stream])


def test_the_asynchronous_client_streams_too(raw):
    assert asyncio.run(asynchronous(raw.address)) == said(0, 9)
