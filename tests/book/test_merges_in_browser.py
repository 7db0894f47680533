"""The merge player cuts its lines as the library does, wherever the reader moves the slider."""

from collections import Counter
from itertools import pairwise

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from book.cells.token_boxes import shown
from lib.corpora import shakespeare, three_kingdoms
from lib.pretokens import pretokens
from lib.tokenizer import Tokenizer
from tests.support.browser import DESKTOP, PHONE, Figure, attributes, drag, show_figure, texts

pytestmark = pytest.mark.part("chapter tokens")


class Player(Figure):
    """The figure as a reader works it."""

    def __init__(self, figure):
        super().__init__(figure)
        self.texts, self.slider = self.data["texts"], self.part("input[type=range]")

    def choose(self, index):
        self.page.execute_script(
            "arguments[0].click()", self.figure.find_elements(By.CSS_SELECTOR, "input[type=radio]")[index]
        )

    def ids(self):
        return [int(number) for number in attributes(self.figure, ".token", "data-id")]

    def words(self, css):
        return texts(self.figure, css)


@pytest.fixture(params=[DESKTOP, PHONE])
def player(request, browser, address):
    return Player(show_figure(browser, address, "merges", request.param))


def test_the_boxes_are_the_tokens_of_the_library(player):
    assert len(player.texts) == 2
    for index, text in enumerate(player.texts):
        player.choose(index)
        line = "".join(text["pieces"])
        assert list(pretokens(line)) == text["pieces"]
        for done in (0, 1, 7, 30, 60):
            drag(player.slider, done)
            tokenizer = Tokenizer(text["merges"][:done])
            ids = tokenizer.encode(line)
            assert player.ids() == ids, (text["name"], done)
            assert player.words(".token") == [shown(tokenizer.vocab[i]) for i in ids]
            assert f"{done} merge" in player.words(".merges-reading")[0]
            assert f"{len(ids)} tokens" in player.words(".merges-reading")[0]


def test_what_was_merged_last_is_marked(player):
    for index, text in enumerate(player.texts):
        player.choose(index)
        for done in (0, 1, 2, 60):
            drag(player.slider, done)
            marked = attributes(player.figure, ".token-last", "data-id")
            assert set(marked) <= {str(255 + done)}
            assert len(marked) == (player.ids().count(255 + done) if done else 0)
            assert ("last: " in player.words(".merges-reading")[0]) == bool(done), text["name"]


def test_the_three_commonest_pairs_and_their_counts_are_those_of_the_training_text(player):
    corpora = [shakespeare()["macbeth"], three_kingdoms()["001"]]
    for index, (text, corpus) in enumerate(zip(player.texts, corpora, strict=True)):
        player.choose(index)
        for done in (0, 7, 60):
            drag(player.slider, done)
            tokenizer = Tokenizer(text["merges"][:done])
            found = Counter(p for piece in pretokens(corpus) for p in pairwise(tokenizer.encode_piece(piece)))
            ranked = sorted(found, key=lambda pair: (-found[pair], pair))[:3]
            lines = [
                f"{' + '.join(shown(tokenizer.vocab[i]) for i in pair)} {found[pair]:,} times"
                for pair in ranked
            ]
            assert player.words(".merges-pairs li") == lines
            assert done == 60 or [*ranked[0]] == text["merges"][done]


def test_the_arrow_keys_and_the_buttons_move_by_one_merge(player):
    drag(player.slider, 0)
    back, on = player.figure.find_elements(By.CSS_SELECTOR, "button")
    assert not back.is_enabled()
    player.slider.send_keys(Keys.ARROW_RIGHT)
    assert player.words(".merges-reading")[0].startswith("1 merge ·")
    on.click()
    assert player.words(".merges-reading")[0].startswith("2 merges ·")
    back.click()
    player.slider.send_keys(Keys.ARROW_LEFT)
    assert player.words(".merges-reading")[0].startswith("0 merges")
    drag(player.slider, 60)
    assert back.is_enabled()
    assert not on.is_enabled()


def test_a_finger_can_hold_the_controls_and_the_page_stays_as_wide_as_the_screen(player):
    assert player.slider.rect["height"] >= 24, "WCAG 2.2, 2.5.8 wants targets of 24 by 24 pixels"
    assert player.slider.rect["width"] >= 200
    assert all(
        button.rect["width"] >= 24 for button in player.figure.find_elements(By.CSS_SELECTOR, "button")
    )
    assert player.page.execute_script("return document.documentElement.scrollWidth <= innerWidth")
