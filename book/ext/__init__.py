"""What the book adds to Sphinx: the directives `widget` and `quiz`, and ids that are unique."""

from book.ext import quiz, unique_ids, widget


def setup(app) -> dict:
    for part in (quiz, unique_ids, widget):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
