"""nbgrader's exchange to its end, as the page for instructors on a JupyterHub says: each of its commands is run."""

import getpass
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.course_copy import ROOT
from tests.support.small_course import REFERENCE, course_for_nbgrader

PAGE = (ROOT / "book/en/for-jupyterhub.md").read_text("utf8")
EXCHANGE = "/srv/nbgrader/exchange"
ME = getpass.getuser()  # on a JupyterHub a student's id is the name of the account


class Hub:
    """A course, a student's home and the exchange between them; the page is about this course's only assignment."""

    def __init__(self, folder: Path):
        self.course, self.home, self.exchange = folder / "course", folder / "home", folder / "exchange"
        for path in (self.course, self.home, folder / "etc"):
            path.mkdir()
        course_for_nbgrader(self.course)
        (settings,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.S | re.M)
        (folder / "etc" / "nbgrader_config.py").write_text(self.here(settings))
        self.environment = {
            **os.environ,
            "JUPYTER_CONFIG_DIR": f"{folder}/etc",
            "JUPYTER_DATA_DIR": f"{folder}/data",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }

    def here(self, text: str) -> str:
        return text.replace(EXCHANGE, str(self.exchange)).replace("attention", "sums")

    def follow(self) -> None:
        """Run every command of the page, each in the folder of whom it is for."""
        for title, text in re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", PAGE, re.S | re.M):
            folder = self.home if title.endswith("as a student") else self.course
            for block in re.findall(r"^```bash\n(.*?)^```", text, re.S | re.M):
                for line in block.splitlines():
                    self.before(line)
                    self.run(self.here(line), folder)

    def before(self, line: str) -> None:
        """Do what the page says between its commands."""
        if line.startswith("nbgrader submit"):
            self.run("nbgrader submit sums", self.home)  # too early
            (self.home / "sums/lib/sums.py").write_text(REFERENCE)
        if line.startswith("nbgrader collect"):
            shutil.copytree(self.course / "exercises/sums", self.course / "submitted/bob/sums")

    def run(self, line: str, folder: Path) -> None:
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, f"{line} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"


@pytest.fixture(scope="module")
def hub(tmp_path_factory) -> Hub:
    """Somebody has handed in twice by the exchange, bob by another way, and the page is followed to its end."""
    hub = Hub(tmp_path_factory.mktemp("hub"))
    hub.follow()
    return hub


def test_the_student_has_the_page_of_the_last_work(hub):
    (page,) = (hub.home / "sums" / "feedback").glob("*/sums.html")
    assert "<title>sums: 12 of 13 points</title>" in page.read_text("utf8")
    assert page.read_text("utf8") == (hub.course / "feedback" / ME / "sums/sums.html").read_text("utf8")


def test_work_that_came_another_way_is_in_nobody_s_way_and_nobody_can_guess_its_page_s_name(hub):
    pages = {path.read_text("utf8") for path in (hub.exchange / "llm/feedback").glob("*.html")}
    assert pages == {path.read_text("utf8") for path in hub.course.glob("feedback/*/sums/sums.html")}
    secrets = {path.read_text() for path in hub.course.glob("feedback/*/sums/submission_secret.txt")}
    assert len(secrets) == len(pages) == 2
    assert min(map(len, secrets)) >= 64
