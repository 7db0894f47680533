"""What the book adds to Sphinx: directives, unique ids, the book's address, and a notice without JavaScript."""

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from book.sphinx import address, erratum, glossary, no_script, quiz, source_contents, unique_ids, widget


def setup(app: Sphinx) -> ExtensionMetadata:
    for part in (address, erratum, glossary, no_script, quiz, source_contents, unique_ids, widget):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
