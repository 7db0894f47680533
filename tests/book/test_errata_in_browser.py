"""A link to an erratum, or to an entry of a document's contents, opens what it is folded into."""

import pytest
from selenium.webdriver.common.by import By

from tests.support.browser import DESKTOP, PHONE, show

pytestmark = pytest.mark.part("every chapter")


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
