"""What the book adds to Sphinx: the directives `widget` and `quiz`, unique ids, the book's address, and a notice without JavaScript."""

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from book.sphinx import address, no_script, quiz, unique_ids, widget


def setup(app: Sphinx) -> ExtensionMetadata:
    for part in (address, no_script, quiz, unique_ids, widget):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
