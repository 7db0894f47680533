"""What every page of the built book keeps: its links, its independence of other hosts, words for every picture."""

import json
import re
from urllib.parse import unquote, urlsplit

import pytest

from book import ROOT
from tests.support.built_book import SITE, chapters, pages

pytestmark = pytest.mark.part("every chapter")

# What a browser fetches by itself, as opposed to what a reader may follow.
FETCHED = {
    "script": "src",
    "link": "href",
    "img": "src",
    "source": "src",
    "iframe": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
    "object": "data",
}
EXTERNAL = re.compile(r"^(https?:)?//")


def own_pages():
    """Return the pages that have a source, by address; the index and the search page are Sphinx's own."""
    return {name: page for name, page in pages().items() if name.removesuffix(".html") in chapters()}


def test_every_page_of_the_source_folder_is_in_the_table_of_contents():
    assert {path.stem for path in (ROOT / "book" / "en").glob("*.md")} == set(chapters())


def test_every_internal_link_leads_to_a_page_and_to_its_anchor():
    anchors = {name: {element["id"] for element in page.select("[id]")} for name, page in pages().items()}
    dead = []
    for name, page in pages().items():
        for link in page.find_all("a", href=True):
            target = urlsplit(link["href"])
            if target.scheme or target.netloc or link["href"] == "#":
                continue
            path = (SITE / name).parent / unquote(target.path) if target.path else SITE / name
            address = str(path.resolve().relative_to(SITE))
            there = not target.fragment or unquote(target.fragment) in anchors.get(address, ())
            if not path.is_file() or not there:
                dead.append(f"{name} → {link['href']}")
    assert not dead


def test_everything_a_page_fetches_lies_beside_it():
    missing, external = [], []
    for name, page in pages().items():
        for tag, attribute in FETCHED.items():
            for element in page.find_all(tag, attrs={attribute: True}):
                url = element[attribute]
                if tag == "link" and "canonical" in element.get("rel", []):
                    continue
                if EXTERNAL.match(url):
                    external.append(f"{name}: {url}")
                elif (
                    url != "#"
                    and not url.startswith("data:")
                    and not ((SITE / name).parent / _path(url)).is_file()
                ):
                    missing.append(f"{name}: {url}")
    assert not external
    assert not missing


def _path(url: str) -> str:
    return unquote(urlsplit(url).path)


def test_no_style_sheet_and_no_inline_style_fetches_from_another_host():
    styles = {str(path): path.read_text(encoding="utf-8") for path in SITE.rglob("*.css")}
    styles |= {name: str(page.find_all("style")) for name, page in pages().items()}
    assert len(styles) > len(pages())
    fetch = re.compile(r"""(?:url\(|@import)\s*["']?\s*(?:https?:)?//[^)"']*""")
    assert not {name: fetch.findall(text) for name, text in styles.items() if fetch.search(text)}


def test_no_script_of_ours_names_another_host():
    scripts = list((ROOT / "book" / "assets").glob("*.js"))
    assert scripts
    for script in scripts:
        urls = re.findall(r"https?://[^\s\"'`]+", script.read_text(encoding="utf-8"))
        assert set(urls) <= {"http://www.w3.org/2000/svg"}, script.name


def test_every_picture_has_words():
    silent = []
    for name, page in pages().items():
        silent += [
            f"{name}: {image['src']}" for image in page.find_all("img") if not image.get("alt", "").strip()
        ]
        silent += [
            f"{name}: a plot"
            for plot in page.select("figure.plot svg")
            if not plot.get("aria-label", "").strip()
        ]
    assert not silent


def test_every_widget_has_numbers_words_and_a_script():
    found = 0
    for name, page in pages().items():
        scripts = {_path(script["src"]) for script in page.find_all("script", src=True)}
        for figure in page.select("figure[data-widget]"):
            assert json.loads(figure.find("script", type="application/json").string), name
            assert figure.select_one(".widget-fallback").text.strip(), name
            assert f"_static/{figure['data-widget']}.js" in scripts, name
            found += 1
    assert found


def test_a_page_loads_only_the_widgets_it_shows():
    for name, page in pages().items():
        shown = {figure["data-widget"] for figure in page.select("figure[data-widget]")}
        ours = {path.name for path in (ROOT / "book" / "assets").glob("*.js")}
        loaded = {_path(s["src"]).removeprefix("_static/") for s in page.find_all("script", src=True)}
        assert loaded & ours == ({f"{w}.js" for w in shown} | {"widget.js"} if shown else set()), name


def test_every_page_has_one_title_and_no_two_elements_share_an_id():
    for name, page in own_pages().items():
        assert len(page.select("article h1")) == 1, name
        ids = [element["id"] for element in page.select("main [id]")]
        assert sorted({i for i in ids if ids.count(i) > 1}) == [], name


def test_a_chapter_carries_its_number_in_its_title():
    numbered = {name: page for name, page in own_pages().items() if re.match(r"\d", name)}
    assert numbered
    for name, page in numbered.items():
        assert page.select_one("article h1").text.startswith(f"{int(name[:2])}. "), name


@pytest.mark.parametrize("word", ["TODO", "FIXME", "Lorem ipsum"])
def test_no_page_is_left_unfinished(word):
    assert not [name for name, page in own_pages().items() if word in page.select_one("article").text]
