"""A browser as readers have it, started once: the fixtures address, driver and browser, and what a reader does in it."""

import functools
import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from tests.support.built_book import SITE, chapters, pages

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-dev-shm-usage",  # containers often give /dev/shm less than a page needs
]
DESKTOP, PHONE = 1280, 390  # widths in pixels
TEXTS = """return [...arguments[0].querySelectorAll(arguments[1])].map(
    (element) => element.checkVisibility() ? (element.innerText ?? element.textContent).trim() : "")"""
ATTRIBUTES = """return [...arguments[0].querySelectorAll(arguments[1])].map(
    (element) => element.getAttribute(arguments[2]))"""
DRAG = """const [slider, value] = arguments;
    slider.value = value;
    slider.dispatchEvent(new Event("input", {bubbles: true}))"""


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def address():
    """Serve the book as readers get it, over http, and return its address."""
    pages()
    handler = functools.partial(QuietHandler, directory=str(SITE))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def driver(tmp_path_factory):
    """Start Chromium; tests take the fixture browser, a tab of it."""
    try:
        chrome = chromium(f"--user-data-dir={tmp_path_factory.mktemp('profile')}")
    except FileNotFoundError as error:
        pytest.fail(str(error), pytrace=False)
    yield chrome
    chrome.quit()


def chromium(*flags: str) -> webdriver.Chrome:
    """Start Chromium, which keeps logs of what it does. Raises FileNotFoundError when it is not installed."""
    program, driver = shutil.which("chromium") or shutil.which("google-chrome"), shutil.which("chromedriver")
    if not (program and driver):
        raise FileNotFoundError("Chromium or its driver is missing; install both: sh install.sh testing")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for flag in [*FLAGS, *flags]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))


@contextmanager
def fresh_tab(driver: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """Open a tab without logs, settings or storage of an earlier one, and close it afterwards."""
    first = driver.current_window_handle
    driver.switch_to.new_window("tab")
    for log in ("browser", "performance"):
        driver.get_log(log)
    try:
        yield driver
    finally:
        everything = {"origin": "*", "storageTypes": "local_storage,indexeddb,cookies,service_workers"}
        driver.execute_cdp_cmd("Storage.clearDataForOrigin", everything)
        driver.close()
        driver.switch_to.window(first)


@pytest.fixture
def browser(driver):
    with fresh_tab(driver) as tab:
        yield tab


def show(browser, url, width=DESKTOP, scheme="light"):
    """Open url as a reader with this screen and colour scheme sees it, once its mathematics is typeset."""
    set_scheme(browser, scheme)
    open_page(browser, url, width)
    browser.execute_async_script(
        "const done = arguments[0]; window.MathJax?.startup ? MathJax.startup.promise.then(() => done()) : done()"
    )


def show_figure(browser, address, name, width):
    """Open the first chapter with this interactive figure, and return the figure.

    Formulas stay as they are written: no figure has any, and to typeset those of a chapter takes a second.
    """
    browser.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/mathjax/*"]})
    css = f"figure[data-widget={name}]"
    open_page(browser, f"{address}/{page_with(css)}", width)
    return browser.find_element(By.CSS_SELECTOR, css)


class Figure:
    """An interactive figure as a reader works it; a subclass says what can be done with it."""

    def __init__(self, figure):
        self.page, self.figure = figure.parent, figure

    @functools.cached_property
    def data(self):
        """What the page's code has given it."""
        return json.loads(self.part("script").get_attribute("textContent"))

    def part(self, css):
        return self.figure.find_element(By.CSS_SELECTOR, css)

    def shown(self, name):
        """Return a number that the figure says of itself."""
        return float(self.figure.get_attribute(f"data-{name}"))


def open_page(browser, url, width):
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width == PHONE}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get(url)


def set_scheme(browser, scheme):
    """Let the reader's system ask for a light or a dark page."""
    preference = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": preference})


def requested_hosts(browser):
    """Return the hosts that were asked for anything since the last call."""
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    urls = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
    return {urlsplit(url).netloc for url in urls if urlsplit(url).scheme in ("http", "https", "ws", "wss")}


@functools.cache
def page_with(css):
    """Return the address of the first chapter that has such an element."""
    return next(f"{name}.html" for name in chapters() if pages()[f"{name}.html"].select_one(css))


def texts(element, css):
    """Return the visible text of each such element inside element, in one call to the browser."""
    return element.parent.execute_script(TEXTS, element, css)


def attributes(element, css, name):
    """Return this attribute of each such element inside element, in one call to the browser."""
    return element.parent.execute_script(ATTRIBUTES, element, css, name)


def drag(slider, value):
    """Move a slider as a finger or mouse does: its value changes and an input event follows."""
    slider.parent.execute_script(DRAG, slider, value)


def number(text):
    """Return the number that a page shows, with a minus sign instead of a hyphen."""
    return float(text.replace("−", "-"))
