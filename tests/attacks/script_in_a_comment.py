"""Aim: a script in the comments of a module that is shown, past the end of the block it is shown in."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        "# ```````\n# </code></pre><script>alert(1)</script><img src=x onerror=alert(1)>\n'''\n````\n<script>alert(1)</script>\n'''\n",
    )
