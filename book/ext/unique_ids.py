"""Take away the ids that sphinx-exercise and sphinx-proof give to every box alike: an id names one element."""

from docutils import nodes

SHARED = ["exercise-content", "solution-content", "proof-content"]


def remove_shared_ids(app, doctree: nodes.document, docname: str) -> None:
    for section in doctree.findall(nodes.section):
        section["ids"] = [name for name in section["ids"] if name not in SHARED]


def setup(app) -> None:
    app.connect("doctree-resolved", remove_shared_ids)
