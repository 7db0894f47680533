"""What a notebook shows of a check: the same words as a terminal, nothing that runs, readable in light and dark."""

import re

import pytest
from bs4 import BeautifulSoup
from IPython.core.interactiveshell import InteractiveShell

from check import check
from check.mark import mark
from check.page import page
from check.probe import load_folder
from check.report import report
from tests.support.browser import set_scheme
from tests.support.toy import edit, toy_key

SCRIPT = "<script>alert(1)</script>"
HOSTILE = f"""raise type("{SCRIPT}", (Exception,), {{}})("\\x1b]0;x\\x07</div><img src=x onerror=alert(1)>\\ud800")"""
CONTRAST = """
const channel = (x) => (x /= 255) <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4
const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b)
const colour = (text) => text.match(/[\\d.]+/g).map(Number)
const over = ([r, g, b, a = 1], under) => [r, g, b].map((x, i) => a * x + (1 - a) * under[i])
const page = arguments[0]
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
let worst = 99
const back = (element) => element ? over(colour(getComputedStyle(element).backgroundColor), back(element.parentElement)) : page
while (walk.nextNode()) {
    if (!walk.currentNode.textContent.trim()) continue
    const element = walk.currentNode.parentElement
    const pair = [light(colour(getComputedStyle(element).color)), light(back(element))].sort((a, b) => b - a)
    worst = Math.min(worst, (pair[0] + 0.05) / (pair[1] + 0.05))
}
return worst"""
THEMES = {"light": ("#fff", "#212121", [255, 255, 255]), "dark": ("#111", "#e0e0e0", [17, 17, 17])}


class Kernel:
    """Stands where a notebook's kernel does."""


@pytest.fixture
def shown(folder, monkeypatch) -> list[dict]:
    """What check() has displayed, as a notebook gets it: by the kind of each form."""
    bundles: list[dict] = []
    shell = InteractiveShell.instance()
    monkeypatch.setattr(shell, "kernel", Kernel(), raising=False)
    monkeypatch.setattr(shell.display_pub, "publish", lambda data, **_: bundles.append(data))
    yield bundles
    InteractiveShell.clear_instance()


def test_a_notebook_gets_a_table_and_the_text_beside_it(folder, shown, capsys):
    edit(folder, "2 * x", "3 * x")
    assert check("doubling", folder) == 0.0
    (bundle,) = shown
    assert capsys.readouterr().out == ""
    assert bundle["text/plain"].startswith("doubling: 0 of 3 points\n  ✗ numbers")
    soup = BeautifulSoup(bundle["text/html"], "html.parser")
    assert "doubling: 0 of 3 points" in soup.text
    assert [row.find("code").text for row in soup.find_all("summary")] == ["numbers", "again"]
    assert soup.text.count("Hint. You triple. Look at the factor.") == 1
    for word in set(re.findall(r"\w+", bundle["text/plain"])):
        assert word in soup.text


def test_nbgrader_validate_gets_the_text(folder, shown, capsys, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    edit(folder, "2 * x", "3 * x")
    check("doubling", folder)
    assert (shown, "doubling: 0 of 3" in capsys.readouterr().err) == ([], True)


def test_nothing_that_comes_from_a_students_code_is_obeyed(folder, shown):
    edit(folder, "return double(double(x))", HOSTILE)
    check("doubling", folder)
    for text in shown[0].values():
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]", text)
    soup = BeautifulSoup(shown[0]["text/html"], "html.parser")
    assert SCRIPT in soup.text
    assert "</div><img src=x onerror=alert(1)>" in soup.text
    assert {tag.name for tag in soup.find_all()} <= {"div", "span", "strong", "code", "details", "summary"}
    assert {name for tag in soup.find_all() for name in tag.attrs} <= {"style", "title", "open"}
    assert "url(" not in shown[0]["text/html"]


@pytest.mark.parametrize("scheme", THEMES)
def test_every_text_stands_out_and_a_row_folds(folder, shown, browser, tmp_path, scheme):
    edit(folder, "2 * x", "3 * x")
    edit(folder, "double(double(x))", "4 * x")
    check("doubling", folder)
    check("more", folder)
    background, colour, numbers = THEMES[scheme]
    html = f"<meta charset=utf-8><body style='background:{background};color:{colour}'>"
    path = tmp_path / "page.html"
    path.write_text(html + "".join(bundle["text/html"] for bundle in shown), "utf8")
    set_scheme(browser, scheme)
    browser.get(path.as_uri())
    assert browser.execute_script(CONTRAST, numbers) >= 4.5
    details = browser.find_element("css selector", "details")
    tall = details.rect["height"]
    details.find_element("css selector", "summary").click()
    assert details.rect["height"] < tall


def test_notes_come_before_the_rows_in_both_forms(folder):
    probes, key = load_folder(folder / "probes")[:2], toy_key(folder)
    marks = mark(probes, key, key.want)
    assert report(marks, details=True, notes=["Mind <this>."]).splitlines()[1] == "      ! Mind <this>."
    assert "<strong>Note.</strong> Mind &lt;this&gt;." in page(marks, ["Mind <this>."])
