"""What the book adds to Sphinx: the directives `widget` and `quiz`, unique ids, and the book's address."""

from book.ext import address, quiz, unique_ids, widget


def setup(app) -> dict:
    for part in (address, quiz, unique_ids, widget):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
