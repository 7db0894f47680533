"""Plots and interactive figures as a cell makes them: their numbers, their words, their ids."""

import json

import matplotlib
import matplotlib.pyplot as plt
import pytest
from bs4 import BeautifulSoup

from book.cells import figures, widgets


def test_a_widget_keeps_its_numbers_whatever_its_texts_hold():
    data = {"tokens": ["</script>", "<!--", '"', "狗"], "weights": [[1.0, None]]}
    figure = BeautifulSoup(widgets.widget("heatmap", data, "a < b", "1 & 2").data, "html.parser").figure
    assert json.loads(figure.script.string) == data
    assert figure.figcaption.text == "a < b"
    assert figure.select_one(".widget-fallback").text == "1 & 2"


def test_a_widget_refuses_what_is_not_a_number():
    with pytest.raises(ValueError, match="not JSON compliant"):
        widgets.widget("heatmap", {"weights": [[float("nan")]]})


@pytest.fixture
def drawn():
    with matplotlib.rc_context(figures.STYLE):
        figure, axes = plt.subplots()
        axes.plot([0, 1], [0, 1])
        yield figure, axes
        plt.close(figure)


def test_a_plot_takes_the_colours_of_the_page_and_says_what_it_shows(drawn):
    figure, axes = drawn
    axes.set(title="Loss <falls>", xlabel="step")
    html = figures.plot(figure)
    svg = BeautifulSoup(html, "html.parser").svg
    assert svg["aria-label"] == "Loss <falls>, step"
    assert "var(--plot-1" in html
    assert "currentColor" in html
    assert "#000000" not in html


def test_two_plots_on_a_page_share_no_id(drawn):
    figure, axes = drawn
    axes.set_title("one")
    first = figures.plot(figure)
    axes.set_title("two")
    ids = [
        e["id"]
        for html in (first, figures.plot(figure))
        for e in BeautifulSoup(html, "html.parser").select("[id]")
    ]
    assert ids
    assert len(ids) == len(set(ids))


def test_a_plot_without_words_is_refused(drawn):
    with pytest.raises(ValueError, match="needs a title, axis labels or"):
        figures.plot(drawn[0])
