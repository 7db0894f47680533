"""The analogy map names the words that lib/embeddings.py finds, and draws two equal arrows."""

import json
from itertools import product

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from lib.embeddings import analogy
from lib.glove import load_glove
from tests.support.browser import DESKTOP, PHONE, Figure, attributes, number, show_figure, texts
from tests.support.built_book import pages

pytestmark = pytest.mark.part("chapter embeddings")

ENDS = """return [...arguments[0].querySelectorAll("line")].map(
    (line) => ["x1", "y1", "x2", "y2"].map((name) => Number(line.getAttribute(name))))"""


class AnalogyMap(Figure):
    """The figure as a reader works it."""

    def __init__(self, figure):
        super().__init__(figure)
        self.pair, self.third = (Select(s) for s in figure.find_elements(By.TAG_NAME, "select"))
        self.may = self.part("input")

    def ask(self, pair, third, given_may_win):
        self.pair.select_by_visible_text(" → ".join(pair))
        self.third.select_by_visible_text(f"{third} → ?")
        if self.may.is_selected() != given_may_win:
            self.may.click()

    def answers(self):
        """Return the words of the list with their cosines, the nearest first."""
        names = texts(self.figure, "li > :first-child")
        return dict(zip(names, map(number, texts(self.figure, ".analogy-cosine")), strict=True))

    def reading(self):
        return texts(self.figure, ".analogy-reading")[0]

    def arrows(self):
        return self.page.execute_script(ENDS, self.figure)


@pytest.fixture(scope="module")
def glove():
    words, vectors = load_glove()
    return words, {word: i for i, word in enumerate(words)}, vectors


@pytest.fixture(params=[DESKTOP, PHONE])
def figure(request, browser, address):
    return AnalogyMap(show_figure(browser, address, "analogymap", request.param))


def test_king_is_nearest_until_the_given_words_are_excluded(figure):
    figure.ask(("man", "king"), "woman", given_may_win=True)
    assert list(figure.answers().items())[:2] == [("king", 0.885), ("queen", 0.852)]
    figure.ask(("man", "king"), "woman", given_may_win=False)
    assert next(iter(figure.answers().items())) == ("queen", 0.852)
    assert figure.reading() == "Nearest to king − man + woman: queen, cosine 0.852."


def test_every_list_is_that_of_the_library(figure, glove):
    words, place, vectors = glove
    questions = [(("france", "paris"), "japan"), (("good", "better"), "bad"), (("man", "woman"), "doctor")]
    for (pair, third), may in product(questions, (False, True)):
        figure.ask(pair, third, may)
        given = [place[word] for word in (*pair, third)]
        found = analogy(vectors, *given, k=5, exclude_inputs=not may)
        assert list(figure.answers()) == [words[i] for i in found], (pair, third, may)


def test_the_data_of_the_page_answer_every_question_that_can_be_asked(glove):
    words, place, vectors = glove
    script = pages()["03-embeddings.html"].select_one("figure[data-widget=analogymap] script")
    data = json.loads(script.string)
    for pair, third in product(data["pairs"], data["thirds"]):
        key = " ".join(map(str, (*pair, third)))
        assert (key in data["answers"]) == (third not in pair)
    for key in list(data["answers"])[::17]:
        given = [place[data["words"][int(n)]] for n in key.split()]
        found = analogy(vectors, *given, k=5)
        assert [word for word, _ in data["answers"][key]["others"]] == [words[i] for i in found], key


def test_a_word_of_the_pair_is_refused_as_the_third_and_the_next_choice_works_again(figure):
    figure.ask(("man", "king"), "king", given_may_win=False)
    assert figure.reading() == "king is one of the pair: choose another word."
    assert figure.answers() == {}
    figure.ask(("man", "king"), "woman", given_may_win=False)
    assert next(iter(figure.answers())) == "queen"


def test_both_arrows_have_one_length_and_direction_and_stay_in_the_picture(figure):
    for pair, third in product(
        [("man", "king"), ("france", "paris"), ("car", "cars")], ["woman", "italy", "dog"]
    ):
        figure.ask(pair, third, given_may_win=False)
        first, second = figure.arrows()
        assert [first[2] - first[0], first[3] - first[1]] == pytest.approx(
            [second[2] - second[0], second[3] - second[1]]
        )
        assert all(0 <= x <= 440 for x in (*first[::2], *second[::2]))
        assert all(0 <= y <= 330 for y in (*first[1::2], *second[1::2]))


def test_the_given_words_are_named_and_no_two_names_stand_on_each_other(figure):
    figure.ask(("france", "paris"), "japan", given_may_win=False)
    wanted = set(texts(figure.figure, ".analogy-wanted"))
    assert {"france", "paris", "japan", "tokyo"} <= wanted
    assert len(attributes(figure.figure, ".analogy-dot", "cx")) == 40
    boxes = [name.rect for name in figure.figure.find_elements(By.CSS_SELECTOR, ".analogy-name")]
    assert len(boxes) > 20
    clear = [
        (b["x"], b["x"] + b["width"], b["y"] + 0.3 * b["height"], b["y"] + 0.7 * b["height"]) for b in boxes
    ]
    for n, (left, right, top, bottom) in enumerate(clear):
        for x, x_end, y, y_end in clear[:n]:
            assert right <= x + 1 or x_end <= left + 1 or bottom <= y or y_end <= top
