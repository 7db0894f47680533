"""Take away the ids that sphinx-exercise and sphinx-proof give to every box alike: an id names one element."""

from docutils import nodes
from sphinx.application import Sphinx

SHARED = ["exercise-content", "solution-content", "proof-content"]


def remove_shared_ids(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for section in doctree.findall(nodes.section):
        section["ids"] = [name for name in section["ids"] if name not in SHARED]


def setup(app: Sphinx) -> None:
    app.connect("doctree-resolved", remove_shared_ids)
