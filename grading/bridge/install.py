"""What this course changes in nbgrader, for its commands, its API and the formgrader alike.

No option of nbgrader's changes these methods, so they are replaced. nbgrader's own Autograde copies untrusted files
following links, runs them where the gradebook lies, reads the score from what they print, and skips a submission without
a notebook, so that its old grade stays. Its API reads timestamps from submissions, and one that is malformed would keep
the formgrader from listing anybody's work. It computes a late penalty once, and takes a time zone that it does not
know for UTC.
"""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import Any

import nbgrader.apps.api
import nbgrader.utils
from nbgrader.api import Gradebook
from nbgrader.apps import ExportApp
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback, NbGraderException
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory

from grading.errors import CourseError
from grading.release.same_key import keep_same_key

from .autograde import autograde
from .late import late_penalties
from .one_at_a_time import one_at_a_time
from .opened import check_version, open_gradebook, trouble
from .patience import wait_when_busy
from .penalties import update_penalties
from .released_cells import check_cells
from .student_list import install_student_list
from .submitted import existing_timestamp, submitted_timestamp
from .times import parse_time

open_plain, export, api_gradebook = Gradebook.__init__, ExportApp.start, NbGraderAPI.gradebook.fget
parse_plain = nbgrader.utils.parse_utc
release, write_feedback = GenerateAssignment.start, GenerateFeedback.start
PATTERN = set("[]*?%")  # the last one in the address of a database
checked: set[str] = set()  # the gradebooks of which this process knows that this nbgrader made them


def install(root: Path) -> None:
    """Replace them for the course in root; a second time changes nothing.

    Raises SystemExit, with a sentence, for a place that nbgrader takes for a pattern: it would find nobody's work.
    """
    if PATTERN & set(str(root)):
        raise SystemExit(
            f"The course lies in {root}. Move it to a folder whose name has no {' '.join(sorted(PATTERN))}"
        )
    wait_when_busy()
    Gradebook.__init__ = open_checked
    Autograde.start = guarded(autograde)
    GenerateAssignment.start = guarded(release_checked)
    GenerateFeedback.start = guarded(feedback_up_to_date)
    ExportApp.start = export_up_to_date
    NbGraderAPI.gradebook = property(gradebook_up_to_date)
    NbGraderAPI.get_submitted_timestamp = submitted_timestamp
    CourseDirectory.get_existing_timestamp = existing_timestamp
    nbgrader.utils.parse_utc = due_date
    # The formgrader shows the course's time zone beside a due date, in place of what its clocks are ahead today.
    nbgrader.apps.api.to_numeric_tz = str
    install_student_list()
    sys.excepthook = say_what_a_user_can_mend


def guarded(start: Callable[[BaseConverter], None]) -> Callable[[BaseConverter], None]:
    """Return a converter's start that has the course for itself, and says in one sentence what a user can mend."""

    @wraps(start)
    def guarded_start(converter: BaseConverter) -> None:
        try:
            with one_at_a_time(converter.coursedir):
                start(converter)
        except Exception as error:
            sentence = sentence_for(error)
            if sentence is None:
                raise
            converter.log.error(sentence)
            raise NbGraderException(sentence) from error

    return guarded_start


def release_checked(converter: GenerateAssignment) -> None:
    course = converter.coursedir
    check_cells(course)
    folder = Path(course.format_path(course.release_directory, ".", course.assignment_id))
    with keep_same_key(folder / "expected.safetensors"):
        release(converter)


def feedback_up_to_date(converter: GenerateFeedback) -> None:
    with open_gradebook(converter.coursedir, converter):
        pass
    write_feedback(converter)


def export_up_to_date(app: ExportApp) -> None:
    with open_gradebook(app.coursedir, app):
        pass
    export(app)


def gradebook_up_to_date(api: NbGraderAPI) -> Gradebook:
    book = api_gradebook(api)
    update_penalties(book, late_penalties(api).plugin_inst)
    return book


def open_checked(book: Gradebook, url: str, *arguments: Any, **options: Any) -> None:
    if url not in checked:
        check_version(url)
        checked.add(url)
    open_plain(book, url, *arguments, **options)


def due_date(time: Any) -> Any:
    """Do what nbgrader's parse_utc does. Raises ValueError for a text that it would have guessed at."""
    return parse_time(time) if isinstance(time, str) else parse_plain(time)


def sentence_for(error: BaseException) -> str | None:
    return str(error) if isinstance(error, CourseError) else trouble(error)


def say_what_a_user_can_mend(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    sentence = sentence_for(error)
    if sentence is None:
        sys.__excepthook__(kind, error, trace)
    else:
        print(sentence, file=sys.stderr)
