"""The book's own Sphinx directives: `widget` and `quiz`."""

from book.ext import quiz, widget


def setup(app) -> dict:
    quiz.setup(app)
    widget.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
