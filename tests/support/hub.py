"""A course, a student's home and nbgrader's exchange between them, as the page for a JupyterHub says."""

import getpass
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

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
