"""The book's own tools: a strict build, results that are forgotten in time, widgets, quizzes, plots."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import matplotlib.pyplot as plt
import pytest
from bs4 import BeautifulSoup

from book import build, vendor_assets
from book.cells import figures, widgets

HEADER = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {name: python3, display_name: Python 3}
---

# A page
"""
CELL = "\n```{{code-cell}} python\n{}\n```\n"


@pytest.fixture
def book_folder(tmp_path, monkeypatch):
    """Make the build read its pages from an empty folder that has the book's assets beside it."""
    source = tmp_path / "book" / "en"
    source.mkdir(parents=True)
    (source / "references.bib").write_text("% none\n")
    for name in ("assets", "vendor"):
        (tmp_path / "book" / name).symlink_to(build.ROOT / "book" / name)
    monkeypatch.setattr(build, "SOURCE", source)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "accepted"),
    [
        (CELL.format("print(1 + 1)"), True),
        (CELL.format("import warnings; warnings.warn('stray')"), False),
        (CELL.format("1 / 0"), False),
        ("\nSee [that](missing.md).\n", False),
    ],
    ids=["sound", "a cell that warns", "a cell that fails", "a dead link"],
)
def test_the_build_refuses_what_is_not_sound(book_folder, body, accepted, capfd):
    (build.SOURCE / "page.md").write_text(HEADER + body)
    assert (build.build(book_folder, "page") == 0) is accepted


def test_results_are_forgotten_when_the_library_changes_and_kept_otherwise(tmp_path, monkeypatch):
    monkeypatch.setattr(build, "ROOT", tmp_path)
    module, cache = tmp_path / "lib" / "attention.py", tmp_path / "cache"
    module.parent.mkdir()
    module.write_text("x = 1\n")
    build.forget_old_results(cache)
    result = cache / "result"
    result.touch()
    build.forget_old_results(cache)
    assert result.exists()
    module.write_text("x = 2\n")
    build.forget_old_results(cache)
    assert not result.exists()


def test_an_asset_other_than_the_reviewed_one_is_refused(tmp_path, monkeypatch):
    (tmp_path / "mathjax.tgz").write_bytes(b"something else")
    answer = SimpleNamespace(returncode=0, stdout="mathjax.tgz\n", stderr="")
    monkeypatch.setattr(vendor_assets, "npm", lambda *args, **options: answer)
    with pytest.raises(SystemExit, match="has sha256 .*, wanted"):
        vendor_assets.fetch(tmp_path)


def test_a_failing_download_is_reported_in_one_sentence(tmp_path, monkeypatch):
    answer = SimpleNamespace(returncode=1, stdout="", stderr="no such host")
    monkeypatch.setattr(vendor_assets, "npm", lambda *args, **options: answer)
    with pytest.raises(SystemExit, match="could not fetch mathjax@3.2.2: no such host"):
        vendor_assets.fetch(tmp_path)


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


def page_of(tmp_path: Path, text: str) -> tuple[BeautifulSoup, str]:
    """Return the page that Sphinx makes of text, and its warnings."""
    (tmp_path / "index.md").write_text(f"# Title\n\n{text}")
    (tmp_path / "conf.py").write_text(
        "extensions = ['myst_parser', 'book.sphinx']\nmyst_enable_extensions = ['colon_fence']\n"
    )
    command = [sys.executable, "-m", "sphinx", "-q", tmp_path, tmp_path / "out"]
    warnings = subprocess.run(command, capture_output=True, text=True).stderr
    return BeautifulSoup((tmp_path / "out" / "index.html").read_text(), "html.parser"), warnings


QUIZ = ":::{quiz}\nWhich?\n\n- [ ] *This.*\n\n  No, because.\n- [%s] That.\n\n  Since.\n:::\n"


def test_a_quiz_explains_every_choice_without_a_script(tmp_path):
    page, warnings = page_of(tmp_path, QUIZ % "x")
    assert not warnings
    assert [d["class"] for d in page.select(".quiz > details")] == [["wrong"], ["right"]]
    assert [s.text for s in page.select(".quiz summary")] == ["This.", "That."]
    explanations = [e.get_text(" ", strip=True) for e in page.select(".quiz .explanation")]
    assert explanations == ["Not quite. No, because.", "Right. Since."]
    assert len({d["name"] for d in page.select(".quiz details")}) == 1


def test_a_quiz_without_one_right_choice_is_refused(tmp_path):
    assert "has one right choice, marked [x]; this one has 0" in page_of(tmp_path, QUIZ % " ")[1]


def test_a_widget_stands_on_its_page_with_its_script(tmp_path):
    (tmp_path / "numbers.json").write_text('{"tokens": ["a"], "heads": []}')
    page, warnings = page_of(
        tmp_path, ":::{widget} heatmap\n:caption: So *much*.\n:data: numbers.json\n:::\n"
    )
    assert not warnings
    assert json.loads(page.select_one("figure[data-widget=heatmap] script").string)["tokens"] == ["a"]
    assert page.select_one("figcaption em").text == "much"
    assert [s["src"] for s in page.select("head script[defer]")] == [
        "_static/widget.js",
        "_static/heatmap.js",
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (":::{widget} nonesuch\n{}\n:::\n", "there is no widget 'nonesuch'"),
        (":::{widget} heatmap\n{1: 2}\n:::\n", "the data of this widget is not JSON"),
    ],
)
def test_a_wrong_widget_is_refused_in_one_sentence(tmp_path, text, complaint):
    assert complaint in page_of(tmp_path, text)[1]


def test_a_published_book_knows_its_address(tmp_path, monkeypatch):
    monkeypatch.setenv("BOOK_URL", "https://example.org/llm")
    page, warnings = page_of(tmp_path, "Text.\n")
    assert not warnings
    assert page.find("link", rel="canonical")["href"] == "https://example.org/llm/index.html"
    assert page.find("meta", property="og:url")["content"] == "https://example.org/llm/index.html"
    assert "<loc>https://example.org/llm/index.html</loc>" in (tmp_path / "out" / "sitemap.xml").read_text()
    assert "/llm/_static/" in (tmp_path / "out" / "404.html").read_text()


def test_a_book_without_an_address_invents_none(tmp_path, monkeypatch):
    monkeypatch.delenv("BOOK_URL", raising=False)
    page, _ = page_of(tmp_path, "Text.\n")
    assert page.find("link", rel="canonical") is None
    assert not (tmp_path / "out" / "sitemap.xml").exists()
