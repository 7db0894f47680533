"""nbgrader for this course: where things lie, and the two steps that are ours.

Releasing also writes the student's lib/ (grading/release/student_folder.py); autograding asks the judge instead of running
the notebook (grading/bridge/autograde.py). What else is other than nbgrader has it stands in grading/bridge/install.py.
"""

import os
import sys
from pathlib import Path

from nbgrader.converters import GenerateAssignment

from grading.bridge.install import install

ROOT = Path(__file__).resolve().parent
# Before all else: nbgrader only logs an error in this file and goes on with what it has read so far.
install(ROOT)

# nbgrader starts alembic by its name, and it lies beside this Python, whether or not that is on the PATH.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])

c = get_config()  # noqa: F821  nbgrader defines it

c.CourseDirectory.course_id = "llm"
c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "feedback",
    "mistakes.py",
    "alternatives",
    "assignment.toml",
    "verdict.json",
]

# The gradebook is nbgrader's own file, gradebook.db in this folder. To keep it in PostgreSQL set db_url of
# CourseDirectory, here or on the command line, to an address such as postgresql://user@host/database.

# exercises/ is committed and feedback follows the gradebook: a second run makes both anew, never skips them.
c.GenerateAssignment.force = True
c.GenerateFeedback.force = True

# Not append: nbgrader reads this file twice.
c.GenerateAssignment.preprocessors = [
    *GenerateAssignment.preprocessors.default(),
    "grading.release.student_folder.StudentFolder",
]
c.GenerateFeedback.exporter_class = "grading.bridge.feedback.FeedbackPage"
c.GenerateFeedback.preprocessors = []  # which read the gradebook for nbgrader's own page
c.HTMLExporter.filters = {"markdown2html": "grading.bridge.markup.safe_markdown"}  # for the formgrader

c.ExportApp.plugin_class = "grading.reports.grades_csv.GradesCsv"

# How work is judged are the settings of Judge in grading/judge/settings.py, such as workers and scheduler: set them
# here, in a nbgrader_config.py of your own in ~/.jupyter, or for one run on the command line.

# What one known mistake costs; release again after a change, so that the check at home counts alike.
c.KnownMistakes.kept_percent = 50  # of its exercise's points, kept where nothing else is wrong there; 0: none
c.KnownMistakes.carried = True  # what is right on top of a mistake in another exercise counts as right

# The time zone in which the formgrader takes and shows due dates, as it is called in the tz database: Europe/Berlin.
c.NbGraderAPI.timezone = "UTC"

# What lateness costs, once an assignment has a due date, which the formgrader sets.
c.AssignLatePenalties.plugin_class = "grading.bridge.late.LatePolicy"
c.LatePolicy.grace_minutes = 15  # until then nothing is late; after it, all of the time counts
c.LatePolicy.percent_per_day = 10  # of the points earned, for each day of 24 hours that has begun
c.LatePolicy.cap_percent = 50  # of the points earned, at most
