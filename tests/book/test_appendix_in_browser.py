"""The pages of the appendix, worked by a reader: links open what is folded, and typing finds what is there."""

import pytest
from selenium.webdriver.common.by import By

from tests.support.browser import DESKTOP, PHONE, show

pytestmark = pytest.mark.part("every chapter")


def type_words(browser, words):
    browser.find_element(By.CSS_SELECTOR, "figure[data-widget=finder] input").send_keys(words)


def visible(browser, css):
    return [element.text for element in browser.find_elements(By.CSS_SELECTOR, css) if element.is_displayed()]


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_link_to_an_erratum_opens_it_below_the_header(browser, address, width):
    show(browser, f"{address}/errata.html#E114", width)
    line = browser.find_element(By.CSS_SELECTOR, "details.erratum[open] summary")
    assert "E114" in line.text
    header = browser.find_element(By.CSS_SELECTOR, ".bd-header-article")
    assert line.rect["y"] >= header.rect["y"] + header.rect["height"] - 1
    assert len(browser.find_elements(By.CSS_SELECTOR, "details.erratum[open]")) == 1


def test_an_erratum_leads_to_its_place_in_the_documents_and_back(browser, address):
    show(browser, f"{address}/errata.html#E22")
    browser.find_element(By.CSS_SELECTOR, "details.erratum[open] a[href*='contents-of-the-sources']").click()
    entry = browser.find_element(By.ID, browser.current_url.partition("#")[2])
    assert entry.is_displayed()
    entry.find_element(By.LINK_TEXT, "E22").click()
    assert browser.find_element(By.ID, "E22").is_displayed()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_who_looks_for_a_heading_in_chinese_is_led_to_its_section(browser, address, width):
    show(browser, f"{address}/contents-of-the-sources.html", width)
    assert not visible(browser, ".source-chapter li")
    type_words(browser, "温度")
    found = visible(browser, ".source-chapter li")
    assert found
    assert all("温度" in text for text in found)
    assert visible(browser, ".finder-count") == [f"{len(found)} of 665"]
    browser.find_element(By.ID, "d4.3.3").find_element(By.CSS_SELECTOR, ".home > a").click()
    assert browser.current_url == f"{address}/15-decoding.html#temperature"


def test_who_looks_for_an_erratum_sees_those_that_hold_all_words_and_no_cell(browser, address):
    show(browser, f"{address}/errata.html")
    assert len(visible(browser, "details.erratum")) == 167
    type_words(browser, "temperature t")
    found = visible(browser, "details.erratum")
    assert 1 < len(found) < 20
    assert not visible(browser, ".cell")
    type_words(browser, "qq")
    assert not visible(browser, "details.erratum")


def test_a_term_is_found_by_its_chinese_name_with_its_meaning(browser, address):
    show(browser, f"{address}/glossary.html", PHONE)
    type_words(browser, "困惑度")
    assert [text.split()[0] for text in visible(browser, "dl.chapter-terms > dt")] == ["perplexity"]
    assert len(visible(browser, "dl.chapter-terms > dd")) == 1
