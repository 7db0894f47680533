"""The benchmark of the tokenizer compares programs that find the same, and says where they do not."""

import pytest

from benchmarks import tokenizer

TEXT = "Peter Piper picked a peck of pickled peppers.\nDer Pfeifer pfeift. 比萨 🍕\n" * 3


def test_each_comparison_is_a_line():
    rows = tokenizer.measure(TEXT, vocab_size=290, naive=270, repeat=1)
    assert [(row[0], row[2]) for row in rows] == [
        ("training to 270", "naive"),
        ("training to 290", "theirs"),
        ("encoding the text", "theirs"),
    ]


@pytest.mark.parametrize(
    ("name", "other", "message"),
    [
        ("train_naive", lambda text, size: [], "naive training finds other merges"),
        ("train_theirs", lambda text, size: tokenizer.alike([]), "another number of merges"),
        ("alike", lambda merges: tokenizer.train_theirs("ab", 256), "encodes to other tokens"),
    ],
)
def test_programs_that_find_something_else_are_not_compared(monkeypatch, name, other, message):
    monkeypatch.setattr(tokenizer, name, other)
    with pytest.raises(RuntimeError, match=message):
        tokenizer.measure(TEXT, vocab_size=290, naive=270, repeat=1)
