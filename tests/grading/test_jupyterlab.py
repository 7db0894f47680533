"""A hub's day through JupyterLab and nbgrader's own extensions in a browser: a student hands in, a human reads and
answers, and the student sees both.
"""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait

from grading.__main__ import main
from tests.support.browser import DESKTOP, open_page
from tests.support.hub import ME, Hub
from tests.support.small_course import REFERENCE

OPEN = """const [command, done] = arguments;
    const open = () => window.jupyterapp?.commands.hasCommand(command)
        ? jupyterapp.restored.then(() => jupyterapp.commands.execute(command)).then(() => done())
        : setTimeout(open, 100);
    open()"""
SECONDS = 60.0  # for anything that a page does


@contextmanager
def served(hub: Hub, folder: Path) -> Iterator[str]:
    """The address of a JupyterLab in a folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {"root_dir": ".", "port": port, "open_browser": False, "allow_root": True, "log_level": "ERROR"}
    command = [sys.executable, "-m", "jupyter", "lab", "--IdentityProvider.token="]
    command += ["--LabApp.expose_app_in_browser=True", *(f"--ServerApp.{k}={v}" for k, v in options.items())]
    with open(folder / "server.log", "w") as log:
        process = subprocess.Popen(command, cwd=folder, env=hub.environment, stdout=log, stderr=log)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def visit(browser: WebDriver, url: str) -> None:
    """Open a page of a server that may still be starting."""
    host, port = re.findall(r"//(.*):(\d+)", url)[0]
    for _ in range(240):
        with suppress(OSError), socket.create_connection((host, int(port))):
            break
        time.sleep(0.25)
    open_page(browser, url, DESKTOP)


def wait(browser: WebDriver, what: Callable[[WebDriver], Any]) -> Any:
    """Wait until something on the page is there, however often it is drawn anew."""
    return WebDriverWait(browser, SECONDS, 0.1, [WebDriverException]).until(what)


def click(browser: WebDriver, text: str) -> None:
    """Click the button with this text in the list of assignments, once there is one."""
    wait(browser, lambda b: b.find_element(By.XPATH, f"//button[normalize-space()='{text}']").click() or True)


def formgrader() -> NbGraderAPI:
    app = NbGrader()
    app.initialize([])
    return NbGraderAPI(coursedir=CourseDirectory(parent=app), parent=app)


@pytest.fixture
def hub(tmp_path, monkeypatch) -> Hub:
    """A hub whose instructor, who is also its student, works in the course's folder."""
    hub = Hub(tmp_path)
    hub.exchange.mkdir()
    hub.exchange.chmod(0o777)
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(name, hub.environment[name])
    monkeypatch.chdir(hub.course)
    return hub


@pytest.mark.slow
def test_a_student_reads_what_a_human_gave_and_wrote(hub, browser):
    assert main(["release"]) == 0
    assert formgrader().release_assignment("sums")["success"]
    with ExitStack() as servers:
        student, teacher = (servers.enter_context(served(hub, folder)) for folder in (hub.home, hub.course))
        hand_in(browser, student, hub)
        assert formgrader().collect("sums")["success"]
        assert main(["grade"]) == 0
        read_and_answer(browser, teacher)
        assert formgrader().generate_feedback("sums")["success"]
        hub.run("nbgrader release_feedback sums", hub.course)
        page = fetch_feedback(browser, student, hub)
    browser.get(page.as_uri())
    shown = browser.find_element(By.TAG_NAME, "body").text
    assert "12.5 of 13" in shown
    assert "Half of it, since you say nothing of zero." in shown
    assert "A sum is a sum." in shown


def hand_in(browser: WebDriver, student: str, hub: Hub) -> None:
    """Fetch the assignment, solve it, and submit it, by the buttons of the list of assignments."""
    visit(browser, f"{student}/lab?reset")
    browser.set_script_timeout(SECONDS)
    browser.execute_async_script(OPEN, "nbgrader:open-assignment-list")
    click(browser, "Fetch")
    wait(browser, lambda b: (hub.home / "sums" / "lib" / "sums.py").is_file())
    (hub.home / "sums" / "lib" / "sums.py").write_text(REFERENCE)
    notebook = hub.home / "sums" / "sums.ipynb"
    notebook.write_text(notebook.read_text("utf8").replace("YOUR ANSWER HERE", "A sum is a sum."), "utf8")
    click(browser, "Submit")
    wait(browser, lambda b: list(hub.exchange.glob("llm/inbound/*/submission_secret.txt")))


def read_and_answer(browser: WebDriver, teacher: str) -> None:
    """Give points and a comment to the written answer, in the formgrader."""
    with Gradebook("sqlite:///gradebook.db", "llm") as book:
        row = book.find_submission_notebook("sums", "sums", ME)
        assert row.needs_manual_grade
        number = row.id
    visit(browser, f"{teacher}/formgrader/submissions/{number}/")
    assert "A sum is a sum." in browser.find_element(By.TAG_NAME, "body").text
    for field, text in {"why": "0.5", "why-comment": "Half of it, since you say nothing of zero."}.items():
        element = browser.find_element(By.ID, field)
        element.clear()
        element.send_keys(text + Keys.TAB)
    wait(browser, lambda b: given() == (0.5, "Half of it, since you say nothing of zero."))


def given() -> tuple[float | None, str | None]:
    with Gradebook("sqlite:///gradebook.db", "llm") as book:
        find = ("why", "sums", "sums", ME)
        return book.find_grade(*find).manual_score, book.find_comment(*find).manual_comment


def fetch_feedback(browser: WebDriver, student: str, hub: Hub) -> Path:
    """Fetch the page by the button of the list of assignments, and return where it lies."""
    visit(browser, f"{student}/lab?reset")
    browser.execute_async_script(OPEN, "nbgrader:open-assignment-list")
    click(browser, "Fetch Feedback")
    return wait(browser, lambda b: next(hub.home.glob("sums/feedback/*/sums.html"), None))
