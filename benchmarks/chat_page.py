"""A picture of the chat page, for chapter 16: `python -m benchmarks.chat_page`.

Starts the server with SmolLM2, asks it one question in Chromium at temperature 0, and writes book/en/chat-light.png and
chat-dark.png, as a reader's system would show them.
"""

import base64
import time
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By

from book import ROOT
from serve import serving, smollm2
from tests.support.browser import chromium, drag, set_scheme

QUESTION = "What is the capital of France?"
SIZE = {"width": 640, "height": 400, "deviceScaleFactor": 1.5, "mobile": False}
SECONDS = 60.0  # until the answer is there
PICTURES = ROOT / "book" / "en"


def ask(page: webdriver.Chrome, address: str) -> None:
    """Open the chat page, ask, and wait until the answer is complete."""
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", SIZE)
    page.get(address)
    drag(page.find_element(By.ID, "temperature"), 0)
    page.find_element(By.ID, "question").send_keys(QUESTION)
    page.find_element(By.ID, "send").click()
    ends_at = time.monotonic() + SECONDS
    while not page.find_elements(By.CSS_SELECTOR, ".message.assistant:not(.coming)"):
        if time.monotonic() > ends_at:
            raise TimeoutError(f"no answer after {SECONDS:g} seconds")
        time.sleep(0.1)
    page.execute_script("document.activeElement.blur()")


def main(folder: Path = PICTURES) -> None:
    """Write both pictures."""
    page = chromium()
    try:
        with serving(smollm2()) as address:
            ask(page, address)
            for scheme in ("light", "dark"):
                set_scheme(page, scheme)
                shot = page.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"]
                (folder / f"chat-{scheme}.png").write_bytes(base64.b64decode(shot))
    finally:
        page.quit()


if __name__ == "__main__":
    main()
