"""Feedback pages that run nothing and fetch nothing, whatever a submission holds.

nbgrader's own pages load MathJax from the network and pass a student's Markdown through as HTML. These are made
from the graded notebook and the gradebook with a template of our own, feedback.html, which escapes all that it is
given; only what markup.py has cleaned, and Pygments' colours, go in as HTML.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nbconvert.exporters.exporter import Exporter
from nbformat import NotebookNode
from nbgrader.api import Grade, Gradebook, SubmittedNotebook
from nbgrader.utils import is_grade, is_solution
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from check.mark import CARRIED
from grading.errors import CourseError
from grading.verdict import GRADER_ERROR

from .markup import safe_markdown

LIGHT, DARK = (HtmlFormatter(style=style, cssclass="code") for style in ("xcode", "github-dark"))
NUMBERED = HtmlFormatter(cssclass="code", linenos="inline")
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)


@dataclass
class Section:
    """One exercise or written question: what was asked, what came of it, what a reader said."""

    name: str
    title: str
    grade: Grade
    task: list[str] = field(default_factory=list)  # HTML, like answer and comment
    answer: str = ""
    comment: str = ""
    marks: list[dict] = field(default_factory=list)
    kept: int = 0  # points beyond those of the marks, since all that fails is one known mistake

    @property
    def waiting(self) -> bool:
        return self.grade.needs_manual_grade and self.grade.manual_score is None

    @property
    def grader_error(self) -> bool:
        """True if the grader itself failed here, and no human has given points since."""
        return self.waiting and any(mark["reason"] == GRADER_ERROR for mark in self.marks)


class FeedbackPage(Exporter):
    """What `nbgrader generate_feedback` writes: one file, no script, nothing to fetch, readable on a phone."""

    file_extension = ".html"
    output_mimetype = "text/html"

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """Return the page of one graded notebook, and its resources."""
        nb, resources = super().from_notebook_node(nb, resources, **kwargs)
        converter: Any = self.parent
        about, course = resources["nbgrader"], converter.coursedir
        with Gradebook(about["db_url"], course.course_id) as book:
            row = book.find_submission_notebook(about["notebook"], about["assignment"], about["student"])
            return page(nb, row, about["student"]), resources


def page(notebook: NotebookNode, row: SubmittedNotebook, student: str) -> str:
    """Return one student's page. Raises CourseError for a notebook that the judge has not graded."""
    if "verdict" not in notebook.metadata:
        raise CourseError(f"the notebook of {student} was graded by something else; autograde it again")
    penalty = row.late_submission_penalty or 0.0
    return TEMPLATES.get_template("feedback.html").render(
        student=student,
        assignment=row.name,
        score=max(0.0, row.score - penalty),
        max_score=row.max_score,
        penalty=penalty,
        late=row.assignment.total_seconds_late,
        verdict=notebook.metadata.verdict,
        sections=list(_sections(notebook, row)),
        files=list(_files(notebook)),
        light=_colours(LIGHT),
        dark=_colours(DARK),
    )


def _sections(notebook: NotebookNode, row: SubmittedNotebook) -> Iterator[Section]:
    """Yield a section for each graded cell, with the cells since the last heading as its task."""
    grades = {grade.name: grade for grade in row.grades}
    comments = {comment.name: comment.comment or "" for comment in row.comments}
    title = ""
    task: list[str] = []
    for cell in notebook.cells:
        if not is_grade(cell):
            if cell.cell_type == "markdown" and cell.source.startswith("#"):
                heading, _, rest = cell.source.partition("\n")
                title, task = heading.lstrip("# "), [safe_markdown(rest)]
            else:
                task.append(safe_markdown(cell.source) if cell.cell_type == "markdown" else code(cell.source))
            continue
        name = cell.metadata.nbgrader.grade_id
        section = Section(name, title or name, grades[name], task)
        if is_solution(cell):
            section.answer, section.comment = safe_markdown(cell.source), safe_markdown(comments[name])
        section.marks = list(
            _each_hint_once(m for m in notebook.metadata.verdict.marks if m.exercise == name)
        )
        section.kept = _kept(notebook, name)
        yield section
        title, task = "", []


def _kept(notebook: NotebookNode, exercise: str) -> int:
    """Return the points that an exercise keeps; a notebook that was graded before there were any has none."""
    return sum(one.points for one in notebook.metadata.verdict.get("kept", []) if one.exercise == exercise)


def _each_hint_once(marks: Iterable[NotebookNode]) -> Iterator[dict]:
    given: set[str] = set()
    for mark in marks:
        hints = [] if mark.reason == CARRIED else mark.hints  # the hint stands where the mistake is
        yield {**mark, "hints": [hint for hint in dict.fromkeys(hints) if hint not in given]}
        given.update(hints)


def _files(notebook: NotebookNode) -> Iterator[tuple[str, str]]:
    """Yield name and coloured text of each file that was handed in; graded_notebook.py put them there as code blocks."""
    for cell in notebook.cells:
        if cell.get("id", "").startswith("file-"):
            heading, _, _, *lines, _ = cell.source.split("\n")
            yield heading.strip("*"), highlight("\n".join(lines), PythonLexer(stripnl=False), NUMBERED)


@lru_cache(maxsize=1000)  # the examples of an assignment, which all pages share
def code(source: str) -> str:
    """Return Python as HTML with colours."""
    return highlight(source, PythonLexer(), LIGHT)


@lru_cache
def _colours(formatter: HtmlFormatter) -> str:
    return formatter.get_style_defs(".code")
