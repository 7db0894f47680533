"""The figure with the three knobs shows what lib/sampling.py computes, wherever the reader sets them."""

import json
import math
from functools import cache

import pytest
import torch
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from lib.sampling import apply_temperature, keep_top_k, keep_top_p
from tests.support.browser import DESKTOP, PHONE, Figure, attributes, drag, page_with, show_figure, texts
from tests.support.built_book import pages

pytestmark = pytest.mark.part("chapter decoding")

SHARE = 0.0501  # per cent: the page writes one decimal
ENTROPY = 0.0051  # nats: two decimals
# All knobs at once, since each look at what they say makes the browser lay out the long page anew.
DRAG_ALL = """const [figure, sliders, places] = arguments;
    sliders.forEach((slider, number) => {
        slider.value = places[number];
        slider.dispatchEvent(new Event("input", {bubbles: true}));
    });
    return [...figure.querySelectorAll(".sampler-value")].map((value) => value.textContent)"""


class Sampler(Figure):
    """The figure as a reader works it."""

    def __init__(self, figure):
        super().__init__(figure)
        sliders = self.figure.find_elements(By.CSS_SELECTOR, ".sampler-slider input")
        self.sliders = dict(zip(("temperature", "k", "p"), sliders, strict=True))
        self.places_of_k = {}  # by what the slider says there
        for place in range(18):
            drag(self.sliders["k"], place)
            self.places_of_k[self.values()[1]] = place

    def values(self):
        """Return what the three knobs say."""
        return texts(self.figure, ".sampler-value")

    def choose(self, case):
        Select(self.part("select")).select_by_index(case)

    def set(self, temperature, k, p):
        k = "off" if k is None else f"{k:,}"
        places = [temperature, self.places_of_k[k], p]
        said = self.page.execute_script(DRAG_ALL, self.figure, list(self.sliders.values()), places)
        assert said == [f"{temperature:.2f}", k, "off" if p == 1 else f"{p:.2f}"]

    def bars(self):
        """Return what stands at each bar: its token, its share as it is written, and its length in pixels."""
        rows = self.page.execute_script(
            """return [...arguments[0].querySelectorAll(".sampler-row")].filter((row) => !row.hidden).map((row) =>
                 [".sampler-word", ".sampler-share"].map((css) => row.querySelector(css).textContent)
                 .concat(row.querySelector(".sampler-fill").getBoundingClientRect().width))""",
            self.figure,
        )
        return [tuple(row) for row in rows]

    def reading(self):
        """Return how many tokens are kept, the share without a bar in per cent, and the entropy."""
        kept, others, entropy = texts(self.figure, ".sampler-reading")[0].split(" · ")
        words = kept.split(" of "), others.split(": ")[1], entropy.split(": ")[1]
        return int(words[0][0].replace(",", "")), float(words[1].split()[0]), float(words[2].split()[0])


@cache
def cases():
    page = pages()[page_with("[data-widget=sampler]")]
    return json.loads(page.select_one("figure[data-widget=sampler] script").string)["cases"]


def logits_of(case):
    """Return all logits of a case (1, V), the most probable first, as its data have them."""
    levels = [[logit, 1] for _, logit in case["head"]] + case["tail"]
    values, counts = (torch.tensor(column, dtype=torch.float64) for column in zip(*levels, strict=True))
    return values.repeat_interleave(counts.long())[None]


def by_lib(case, temperature, k, p):
    """Return the logits that are left (V,) and their probabilities."""
    logits = apply_temperature(logits_of(case), temperature)
    logits = logits if k is None else keep_top_k(logits, k)
    logits = keep_top_p(logits, p)
    return logits[0], logits.softmax(dim=-1)[0]


@pytest.fixture(params=[DESKTOP, PHONE])
def sampler(request, browser, address):
    return Sampler(show_figure(browser, address, "sampler", request.param))


SETTINGS = [
    (1.0, None, 1.0),  # the model's own distribution
    (0.0, None, 1.0),  # greedy; the made-up case has no tie at its top
    (0.0, 5, 0.5),
    (0.05, None, 1.0),  # exponentials that underflow
    (0.05, 3, 0.95),
    (0.7, 40, 0.9),  # all three
    (2.0, None, 0.9),
    (2.0, 1000, 0.5),
    (2.0, 1000, 1.0),
    (1.0, 1, 1.0),
    (1.0, 4, 1.0),  # cuts between the two equal tokens of the made-up case
    (1.0, 3, 0.6),  # after top-k, p is a share of what is left
    (1.0, None, 0.0),  # never empty
    (1.0, None, 0.75),  # reached exactly in the made-up case
    (1.0, None, 0.76),
    (1.0, None, 0.99),
    (1.5, 500, 0.33),
]


def test_the_page_has_four_distributions_of_which_three_are_over_the_whole_vocabulary():
    assert [logits_of(case).shape[1] for case in cases()] == [49152, 49152, 49152, 5]
    assert all((logits_of(case).diff() <= 0).all() for case in cases())


def test_shares_bars_and_numbers_are_those_of_the_library(sampler):
    for number, case in enumerate(cases()):
        sampler.choose(number)
        for setting in SETTINGS:
            sampler.set(*setting)
            hold_that_the_library_says_so(sampler, case, setting)


def hold_that_the_library_says_so(sampler, case, setting):
    logits, probs = by_lib(case, *setting)
    bars, shown = sampler.bars(), len(case["head"])
    assert [word.strip() for word, _, _ in bars] == [token.strip() for token, _ in case["head"]]
    assert [share == "out" for _, share, _ in bars] == (logits[:shown] == -torch.inf).tolist()
    for (_, share, _), want in zip(bars, probs.tolist(), strict=False):
        written = 0.0 if share == "out" else float(share.removesuffix(" %"))
        assert written == pytest.approx(100 * want, abs=SHARE)
    lengths = torch.tensor([length for _, _, length in bars])
    torch.testing.assert_close(lengths / lengths[0], (probs[:shown] / probs[0]).float(), rtol=0, atol=0.01)
    kept, others, entropy = sampler.reading()
    assert kept == (logits > -torch.inf).sum()
    assert others == pytest.approx(100 * probs[shown:].sum().item(), abs=SHARE)
    assert entropy == pytest.approx(torch.special.entr(probs).sum().item(), abs=ENTROPY)


def test_the_mark_of_the_model_stays_at_the_models_own_share(sampler):
    sampler.set(0.5, 10, 0.9)
    want = logits_of(cases()[0]).softmax(dim=-1)[0]
    longest = max(want[0], by_lib(cases()[0], 0.5, 10, 0.9)[1][0]).item()
    styles = attributes(sampler.figure, ".sampler-model", "style")
    places = [float(style.split("left: ")[1].split("%")[0]) for style in styles]
    assert places == pytest.approx(
        [100 * share / longest for share in want[: len(places)].tolist()], abs=0.01
    )


def test_the_keyboard_moves_a_knob_and_reset_puts_all_back(sampler):
    sampler.set(1.0, None, 1.0)
    before, reading = sampler.bars(), sampler.reading()
    slider = sampler.sliders["temperature"]
    slider.send_keys(Keys.ARROW_RIGHT)
    assert sampler.values()[0] == slider.get_attribute("aria-valuetext") == "1.05"
    drag(sampler.sliders["p"], 0.5)
    assert sampler.bars() != before
    button = sampler.figure.find_element(By.XPATH, ".//button[text()='Reset']")
    sampler.page.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()
    assert sampler.bars() == before
    assert sampler.reading() == reading
    assert math.isclose(
        reading[2], torch.special.entr(by_lib(cases()[0], 1.0, None, 1.0)[1]).sum(), abs_tol=ENTROPY
    )
