"""The figure of bands and rows counts what lib/minhash.py finds, wherever the reader moves the sliders."""

import pytest
import torch
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from lib.minhash import candidates
from tests.support.browser import DESKTOP, PHONE, Figure, drag, show_figure

pytestmark = pytest.mark.part("chapter data")

ROWS = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 21, 32, 64, 128]
CUTS = [(32, 4), (16, 8), (8, 16), (128, 1), (1, 128), (5, 7), (60, 2), (6, 21)]  # bands, rows


class Bands(Figure):
    """The figure as a reader works it."""

    def slider(self, name):
        return self.part(f".bands-{name} input")

    def cut(self, bands, rows):
        drag(self.slider("rows"), ROWS.index(rows))
        drag(self.slider("bands"), bands)

    def reading(self):
        return self.part(".bands-reading").text


def signatures_with(data):
    """Return signatures (2 N, K), two for each pair of the figure, that agree where the figure says and nowhere else."""
    K = data["values"]
    agrees = torch.zeros(len(data["pairs"]) + len(data["others"]), K, dtype=torch.bool)
    for row, (_, digits) in enumerate(data["pairs"]):
        agrees[row] = torch.tensor([bit == "1" for bit in f"{int(digits, 16):0{K}b}"])
    for row, places in enumerate(data["others"], start=len(data["pairs"])):
        agrees[row, places] = True
    first, second = torch.arange(2 * agrees.numel()).view(2, -1, K)
    return torch.stack([first, second.where(~agrees, first)], dim=1).flatten(0, 1)


@pytest.fixture(params=[DESKTOP, PHONE])
def figure(request, browser, address):
    return Bands(show_figure(browser, address, "bands", request.param))


def test_found_missed_candidates_and_chance_are_those_of_the_library(figure):
    signatures, similarity = signatures_with(figure.data), [value for value, _ in figure.data["pairs"]]
    for bands, rows in CUTS:
        figure.cut(bands, rows)
        found = {i // 2 for i, _ in candidates(signatures[:, : bands * rows], bands)}
        for wanted in (0.8, 0.5):
            drag(figure.slider("wanted"), round(20 * wanted))
            good = {n for n, value in enumerate(similarity) if value >= wanted}
            assert figure.shown("found") == len(good & found), (bands, rows, wanted)
            assert figure.shown("missed") == len(good - found)
            assert figure.shown("candidates") == len(found)
            assert figure.shown("chance") == pytest.approx(1 - (1 - wanted**rows) ** bands, abs=1e-6)


def test_the_reader_starts_with_all_values_in_bands_of_four(figure):
    assert figure.reading().startswith(
        "157 of the 157 wanted pairs found, none missed; 182 candidates to compare."
    )
    assert figure.reading().endswith("found with probability 1.000.")
    drag(figure.slider("rows"), ROWS.index(64))
    assert figure.part(".bands-bands .bands-title").text == "bands b: 2"
    assert figure.reading().startswith("123 of the 157 wanted pairs found, 34 missed; 123 candidates")


def test_bands_chosen_by_the_reader_stay_and_a_tick_brings_all_back(figure):
    figure.cut(bands=10, rows=4)
    assert figure.part(".bands-bands .bands-title").text == "bands b: 10"
    drag(figure.slider("rows"), ROWS.index(2))
    assert figure.part(".bands-bands .bands-title").text == "bands b: 10"
    box = figure.part("input[type=checkbox]")
    figure.page.execute_script("arguments[0].scrollIntoView({block: 'center'})", box)
    assert not box.is_selected()
    box.click()
    assert figure.part(".bands-bands .bands-title").text == "bands b: 64"


def test_the_arrow_keys_move_a_slider_and_the_curve(figure):
    before = figure.part(".bands-curve").get_attribute("d")
    figure.slider("rows").send_keys(Keys.ARROW_RIGHT)
    assert figure.part(".bands-rows .bands-title").text == "rows r in a band: 5"
    assert figure.part(".bands-bands .bands-title").text == "bands b: 25"
    assert figure.part(".bands-curve").get_attribute("d") != before


def test_the_bars_stand_for_every_known_pair_and_a_finger_can_hold_the_sliders(figure):
    numbers = [
        int(text.get_attribute("textContent"))
        for text in figure.figure.find_elements(By.CSS_SELECTOR, ".bands-counts text")
    ]
    assert sum(numbers) == len(figure.data["pairs"]) == 237
    for name in ("rows", "bands", "wanted"):
        assert figure.slider(name).rect["height"] >= 24, "WCAG 2.2, 2.5.8 wants targets of 24 by 24 pixels"
