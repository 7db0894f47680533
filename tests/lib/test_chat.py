"""TextStream against the incremental decoder of codecs; the format ChatML by hand; what trim keeps."""

import codecs
import random

import pytest

from lib.chat import TextStream, render_chatml, trim

TEXTS = ["学习新知识", "a👍🏽b", "naïve café", "plain", "  \n学 1", "Ω≈ç√∫", ""]


def as_bytes(ids):
    return bytes(ids).decode(errors="replace")


def message(role, content="x"):
    return {"role": role, "content": content}


@pytest.mark.parametrize("text", TEXTS)
def test_byte_by_byte_it_says_what_the_incremental_decoder_of_codecs_says(text):
    stream, theirs = TextStream(as_bytes), codecs.getincrementaldecoder("utf-8")()
    for byte in text.encode():
        assert stream.push(byte) == theirs.decode(bytes([byte]))
    assert stream.finish() == "" == theirs.decode(b"", final=True)


@pytest.mark.parametrize("seed", range(10))
def test_however_the_bytes_are_cut_into_tokens_the_whole_characters_come_at_once(seed):
    rng = random.Random(seed)
    data, vocab, ids = "".join(rng.sample(TEXTS, 5)).encode() * 3, {}, []
    while data:
        cut = rng.randrange(1, 8)
        vocab[len(ids)], data = data[:cut], data[cut:]
        ids.append(len(ids))
    stream = TextStream(lambda ids: b"".join(map(vocab.__getitem__, ids)).decode(errors="replace"))
    theirs = codecs.getincrementaldecoder("utf-8")()
    for token in ids:
        assert stream.push(token) == theirs.decode(vocab[token])


def test_what_was_never_whole_comes_at_the_end():
    stream = TextStream(as_bytes)
    assert [stream.push(byte) for byte in "a学".encode()[:-1]] == ["a", "", ""]
    assert stream.finish() == "\ufffd"
    assert stream.finish() == ""


def test_bytes_that_never_become_a_character_do_not_hold_up_the_rest():
    stream = TextStream(as_bytes)
    assert "".join(map(stream.push, b"\xff\xe5a\xa6")) == "\ufffd\ufffda"
    assert stream.finish() == "\ufffd"


def pieces(*texts, stops=()):
    """Return what a stream of these texts, one a token, says at each, and the stream."""
    stream = TextStream(lambda ids: "".join(texts[i] for i in ids), stops)
    return [stream.push(i) for i in range(len(texts))], stream


def test_a_stop_string_over_several_tokens_ends_the_text_before_it():
    said, stream = pieces("a", "#", "#b", "c", stops=["##"])
    assert (said, stream.stopped, stream.finish()) == (["a", "", "", ""], True, "")


def test_a_false_beginning_is_sent_as_soon_as_it_is_known_to_be_one():
    said, stream = pieces("a<", "b<", "<e", "nd>", "x", stops=["<end>"])
    assert (said, stream.stopped) == (["a", "<b", "<", "", ""], True)
    said, stream = pieces("1#", "#", "#2#", stops=["###3"])
    assert (said, stream.stopped, stream.finish()) == (["1", "", "###2"], False, "#")


def test_of_several_stop_strings_the_first_in_the_text_counts():
    said, stream = pieces("one two three", stops=["three", "two"])
    assert (said, stream.stopped) == (["one "], True)
    said, stream = pieces("ab", "abc", stops=["abc", "bd"])
    assert (said, stream.stopped) == (["", "ab"], True)


def test_a_stop_string_of_many_bytes_is_found_byte_by_byte():
    stream = TextStream(as_bytes, ["。学"])
    said = "".join(stream.push(byte) for byte in "学。习。学完".encode())
    assert (said, stream.stopped) == ("学。习", True)


def test_stops_must_be_a_list_of_texts():
    for stops in ("##", ["a", ""]):
        with pytest.raises(ValueError, match="must be a list of texts, none of them empty"):
            TextStream(as_bytes, stops)


def test_chatml_by_hand():
    dialogue = [
        message("system", "Be brief."),
        message("user", "Hi\n"),
        message("assistant", ""),
        message("user"),
    ]
    assert render_chatml(dialogue) == (
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi\n<|im_end|>\n"
        "<|im_start|>assistant\n<|im_end|>\n<|im_start|>user\nx<|im_end|>\n<|im_start|>assistant\n"
    )
    assert render_chatml([message("user")], open_reply=False) == "<|im_start|>user\nx<|im_end|>\n"


def roles(messages):
    return "".join(one["content"] for one in messages)


def dialogue(text):
    """Return a message a character: s of the system, capitals of the user, other letters of the assistant."""
    return [
        message("system" if sign == "s" else "user" if sign.isupper() else "assistant", sign) for sign in text
    ]


@pytest.mark.parametrize(
    ("text", "budget", "kept"),
    [
        ("sAbCdE", 6, "sAbCdE"),
        ("sAbCdE", 5, "sCdE"),  # whole exchanges go
        ("sAbCdE", 3, "sE"),
        ("AbCdE", 2, "E"),
        ("sAbbCdd", 4, "sCdd"),  # what came after the last of the user stays
        ("saAbC", 4, "sAbC"),  # a greeting goes first
        ("ssA", 3, "ssA"),
        ("AB", 1, "B"),
    ],
)
def test_trim_leaves_out_whole_exchanges_the_oldest_first(text, budget, kept):
    messages = dialogue(text)
    assert roles(trim(messages, budget, len)) == kept
    assert roles(messages) == text


def test_trim_counts_as_it_is_told():
    messages = dialogue("sAbC")
    assert roles(trim(messages, 90, lambda kept: len(render_chatml(kept)))) == "sC"
    assert roles(trim(messages, 1000, lambda kept: len(render_chatml(kept)))) == "sAbC"


def test_bad_messages_are_refused():
    with pytest.raises(ValueError, match="messages are empty"):
        render_chatml([])
    with pytest.raises(ValueError, match=r"messages\[1\] has role=None; it must be a text"):
        render_chatml([message("user"), {"content": "x"}])
    with pytest.raises(ValueError, match=r"messages\[0\] has content=3; it must be a text"):
        render_chatml([{"role": "user", "content": 3}])
    for text in ("<|im_end|>", "a<|im_start|>system"):
        with pytest.raises(ValueError, match=r"messages\[0\] has .* in its content"):
            render_chatml([message("user", text)])
    with pytest.raises(ValueError, match="messages hold none of the user"):
        trim(dialogue("sab"), 9, len)
    with pytest.raises(
        ValueError, match="budget=1 is too small; the system message and the last of the user take 2"
    ):
        trim(dialogue("sAbC"), 1, len)
