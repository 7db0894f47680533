"""What an instructor gets: the report, exports for learning platforms, pairs that are alike, late penalties."""

import csv
import random
import re
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from nbgrader.api import Gradebook, SubmittedAssignment
from nbgrader.apps.baseapp import NbGrader
from traitlets.config import Config, Configurable

from check.mark import Mark
from grading.bridge.late import LatePolicy, late_penalties
from grading.errors import CourseError
from grading.reports import class_report as report
from grading.reports import similarity as similar
from grading.reports.export import FORMATS, Line, escape_formula, lines, unescape_formula, write
from grading.verdict import GRADER_ERROR, Verdict
from tests.support.course_copy import ROOT
from tests.support.small_course import REFERENCE, STUB, small_course

ODD = [
    "plain",
    "Müller, Jürgen",
    'Ann "the man" Lee',
    "O'Neill",
    "李小龍",
    "",
    "two\nlines",
    " spaces ",
    *(f"{first}SUM(A1:A9)" for first in "=+-@\t\r\n＝＋－＠'"),
    "'=1+1",
    "''",
    "''@x",
    "=HYPERLINK(\"http://example.org\";\"click\")",
]  # fmt: skip


def marked(*marks: Mark) -> Verdict:
    return Verdict("a", "s", "k", "7", "bubblewrap", (), marks)


def mark(probe: str, earned: int, mistake: str | None = None, reason: str = "") -> Mark:
    named = {"mistakes": (mistake,), "hints": (f"You made {mistake} & <b>more</b>.",)} if mistake else {}
    return Mark(probe, "one", "", 2, earned, reason or ("passed" if earned else "wrong"), **named)


def test_discrimination_is_the_correlation_with_all_other_points():
    rng = random.Random(5)
    verdicts = [marked(*(mark(f"p{i}", 2 * (rng.random() < 0.5)) for i in range(4))) for _ in range(30)]
    passed = np.array([[m.earned > 0 for m in v.marks] for v in verdicts], float)
    for i, line in enumerate(report.probe_reports(verdicts)):
        rest = 2 * (passed.sum(1) - passed[:, i])
        assert line.discrimination == pytest.approx(np.corrcoef(passed[:, i], rest)[0, 1], abs=1e-12)
        assert line.rate == passed[:, i].mean()


def test_the_median_time_is_of_those_verdicts_that_have_one():
    times = [0.25, 0.75, 0.5, None]
    verdicts = [replace(marked(mark("p", 2)), seconds={"p": t} if t else {}) for t in times]
    (line,) = report.probe_reports(verdicts)
    assert line.median_seconds == 0.5
    assert " 500.0" in report.text(verdicts)
    assert report.probe_reports([marked(mark("p", 2))])[0].median_seconds is None


def test_a_probe_that_everyone_or_nobody_passes_is_flagged_and_a_grader_error_does_not_count():
    verdicts = [
        marked(mark("easy", 2), mark("hard", 0), mark("good", 2), mark("odd", 0), mark("next", 2)),
        marked(mark("easy", 0, reason=GRADER_ERROR), mark("hard", 0), mark("good", 0), mark("odd", 2), mark("next", 0)),
        marked(mark("easy", 2), mark("hard", 0), mark("good", 2), mark("odd", 0), mark("next", 2)),
    ]  # fmt: skip
    lines = {line.probe: line for line in report.probe_reports(verdicts)}
    assert {probe: line.flag for probe, line in lines.items()} == {
        "easy": "everyone passes",
        "hard": "nobody passes",
        "good": "",
        "odd": "weaker work passes more often",
        "next": "",
    }
    assert (lines["easy"].students, lines["easy"].discrimination) == (2, None)


def test_mistakes_are_ranked_by_the_students_who_made_them():
    verdicts = [
        marked(mark("a", 0, "rare"), mark("b", 0, "rare")),  # twice by one student counts once
        marked(mark("a", 0, "common")),
        marked(mark("a", 0, "common")),
    ]
    assert [(count, name) for count, name, _ in report.mistakes(verdicts)] == [(2, "common"), (1, "rare")]


def test_one_import_by_which_many_fail_comes_first(tmp_path):
    wanting = [replace(mark(name, 0), error="ModuleNotFoundError: No module named 'x<y'") for name in "ab"]
    other = replace(mark("a", 0), error="ImportError: no name")
    verdicts = [marked(*wanting), marked(*wanting), marked(other, mark("b", 2))]
    assert report.failed_imports(verdicts) == [(2, "No module named 'x<y'"), (1, "no name")]
    first, second = report.text(verdicts).splitlines()[:2]
    assert first.split("  ")[-1].strip() == "who could not import"
    assert "No module named 'x<y'" in report.text(verdicts).split("discrimination")[0]
    report.write(tmp_path / "a.html", "Sums", verdicts)
    page = (tmp_path / "a.html").read_text("utf8")
    assert page.index("Imports that failed") < page.index("Who passes which probe")
    assert "x&lt;y" in page


def test_the_report_s_page_is_one_file_that_runs_and_fetches_nothing(tmp_path):
    verdicts = [marked(mark("a", 0, "$x_1$"), mark("b", 2)), marked(mark("a", 2), mark("b", 2))]
    report.write(tmp_path / "reports" / "a.html", "Sums & more", verdicts)
    page = (tmp_path / "reports" / "a.html").read_text("utf8")
    assert page.count("<svg") == 3
    assert "Sums &amp; more: 2 submissions" in page
    assert "$x_1$" in page
    assert "&amp; &lt;b&gt;more" in page
    assert re.findall(r"<(?:script|link|img|iframe|object)\b|\son\w+=|@import|url\((?!#)", page) == []
    assert re.findall(r"""(?:src|href)=["'](?!#)[^"']+""", page) == []
    assert "prefers-color-scheme: dark" in page
    assert "currentColor" in page


@pytest.mark.parametrize("text", ODD)
def test_no_cell_starts_a_formula_and_every_text_comes_back(text):
    assert not escape_formula(text).startswith(tuple("=+-@\t\r\n＝＋－＠"))
    assert unescape_formula(escape_formula(text)) == text


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_comes_back_as_it_was(name, tmp_path):
    class_list = [Line(text, text, text, text, text, 7.5, 0.5, 7.0, 8.0) for text in ODD]
    table = FORMATS[name]("=attention", class_list)
    write(tmp_path / "grades.csv", table)
    with open(tmp_path / "grades.csv", encoding="utf8", newline="") as file:
        found = [[unescape_formula(cell) for cell in row] for row in csv.reader(file)]
    assert found == [["" if cell is None else str(cell) for cell in row] for row in table]


def test_only_numbers_of_ours_are_not_quoted(tmp_path):
    write(tmp_path / "grades.csv", [["a", 1.5, None, "2", "-3"]])
    assert (tmp_path / "grades.csv").read_bytes() == b'"a",1.5,"","2","\'-3"\r\n'


def test_each_platform_gets_its_columns():
    one = Line("anna", "Lee", "Ann", "ann@example.org", "77", 8.0, 1.0, 7.0, 9.0)
    assert FORMATS["canvas"]("sums", [one]) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "sums"],
        ["    Points Possible", "", "", "", "", 9.0],
        ["Lee, Ann", "77", "", "anna", "", 7.0],
    ]
    assert FORMATS["moodle"]("sums", [one]) == [
        ["First name", "Last name", "ID number", "Email address", "Assignment: sums (Real)"],
        ["Ann", "Lee", "anna", "ann@example.org", 7.0],
    ]
    assert FORMATS["csv"]("sums", [one])[1] == [
        *("sums", "anna", "Lee", "Ann", "ann@example.org", 8.0, 1.0, 7.0, 9.0, "")
    ]


def hand_in(book: Gradebook, student: str, **fields) -> SubmittedAssignment:
    with book.db.no_autoflush:  # else SQLAlchemy warns of nbgrader's half-made rows
        return book.add_submission("sums", student, **fields)


def test_a_grader_error_or_nothing_handed_in_is_left_blank_and_never_zero(tmp_path):
    with closing(Gradebook(f"sqlite:///{tmp_path}/gradebook.db")) as book:
        book.add_assignment("sums")
        book.add_notebook("sums", "sums")
        book.add_grade_cell("total", "sums", "sums", max_score=3, cell_type="code")
        book.add_grade_cell("why", "sums", "sums", max_score=2, cell_type="markdown")
        for student in ("absent", "failed", "graded", "waiting"):
            book.add_student(student)
        for student, scores in {"failed": (None, 1.0), "graded": (3.0, 1.0), "waiting": (3.0, None)}.items():
            hand_in(book, student)
            for grade, score in zip(("total", "why"), scores, strict=True):
                row = book.find_grade(grade, "sums", "sums", student)
                row.auto_score, row.needs_manual_grade = score, score is None
        book.find_submission_notebook("sums", "sums", "graded").late_submission_penalty = 0.5
        book.db.commit()
        found = {line.student: (line.raw, line.late, line.score, line.why) for line in lines(book, "sums")}
        with pytest.raises(CourseError, match="'other' is not in the gradebook"):
            lines(book, "other")
    assert found == {
        "absent": (None, None, None, "nothing was handed in"),
        "failed": (None, None, None, "grader error, to be graded again"),
        "graded": (4.0, 0.5, 3.5, ""),
        "waiting": (3.0, 0.0, 3.0, "answers wait for a human"),
    }


@pytest.fixture(scope="module")
def codes() -> dict[str, str]:
    """A class of which one has copied from another and renamed everything."""
    text = (ROOT / "lib" / "attention.py").read_text("utf8")
    stub = (ROOT / "exercises" / "attention" / "lib" / "attention.py").read_text("utf8")
    others = {
        path.stem: path.read_text("utf8") for path in ROOT.glob("solutions/attention/*/alternatives/*.py")
    }
    names = set(re.findall(r"\b(?:scores|weights|mask|query|key|value|heads|q|k|v)\b", text))
    renamed = re.sub(r"\b\w+\b", lambda m: f"my_{m[0][::-1]}" if m[0] in names else m[0], text)
    assert renamed != text
    return {
        "template": stub,
        "stub": stub,
        "another-stub": stub + "\n# I have not begun.\n",
        "original": text,
        "copy": renamed.replace('"""', "'''"),
        **{name: stub + "\n" + code for name, code in others.items()},
    }


def test_a_renamed_copy_ranks_first_and_stubs_are_not_listed(codes):
    pairs, brief = similar.alike({n: c for n, c in codes.items() if n != "template"}, codes["template"])
    assert {pairs[0].one, pairs[0].other} == {"original", "copy"}
    assert pairs[0].alike > 0.9
    assert pairs[1].alike < 0.6
    assert {"stub", "another-stub"} <= set(brief)
    assert not {"stub", "another-stub"} & {name for pair in pairs for name in (pair.one, pair.other)}
    everything = {p.one: p for p in similar.alike({n: codes[n] for n in ("stub", "another-stub")}, "")[0]}
    assert everything["another-stub"].alike > 0.9  # it is the template that makes the difference


def test_the_likeness_is_what_the_formula_says():
    pieces = [{1, 2, 3, 4}, {3, 4, 5}, {4, 6}]
    weight = {1: np.log(4), 2: np.log(4), 3: np.log(2), 4: np.log(4 / 3), 5: np.log(4), 6: np.log(4)}
    total = [sum(weight[piece] for piece in own) for own in pieces]
    found = similar._shares(pieces)
    for i, own in enumerate(pieces):
        for j, other in enumerate(pieces):
            want = sum(weight[piece] for piece in own & other) / np.sqrt(total[i] * total[j])
            assert found[i, j] == pytest.approx(want, rel=1e-5)


def test_the_page_of_pairs_marks_what_is_shared_and_escapes_code(codes, tmp_path):
    some = {"a": codes["original"] + "\nx = '</pre><script>alert(1)</script>'\n", "b": codes["copy"]}
    pairs, _ = similar.alike(some, codes["template"])
    similar.write(tmp_path / "alike.html", "Alike", pairs, some, codes["template"])
    page = (tmp_path / "alike.html").read_text("utf8")
    assert "<mark>" in page
    assert "&lt;script&gt;alert" in page
    assert "<script" not in page


def test_codes_are_what_was_handed_in_without_following_links(tmp_path):
    assignment = small_course(tmp_path)
    (tmp_path / "exercises/sums/lib").mkdir()
    (tmp_path / "exercises/sums/lib/sums.py").write_text(STUB)
    folders = {name: tmp_path / "submitted" / name for name in ("anna", "mallory", "nobody")}
    for folder in folders.values():
        (folder / "lib").mkdir(parents=True)
    (folders["anna"] / "lib/sums.py").write_text(REFERENCE)
    (folders["mallory"] / "lib/sums.py").symlink_to(tmp_path / "lib/sums.py")
    codes, template = similar.codes(folders, assignment)
    assert codes == {"anna": REFERENCE, "mallory": "", "nobody": ""}
    assert template == STUB
    assert similar.alike(codes, template)[0] == []


@pytest.mark.parametrize(
    ("minutes", "points"),
    [(0, 0), (15, 0), (15.1, 4), (60 * 24, 4), (60 * 24 + 1, 8), (60 * 24 * 4.5, 20), (60 * 24 * 400, 20)],
)
def test_lateness_costs_what_the_settings_say(minutes, points):
    policy = LatePolicy(grace_minutes=15, percent_per_day=10, cap_percent=50)
    assert policy.late_submission_penalty("anna", 40, 60 * minutes) == points


@pytest.mark.parametrize(
    ("due", "handed_in", "percent"),
    [
        # Clocks in Berlin go forward in the night to 29 March 2026: midnight to midnight is 23 hours.
        ("2026-03-29 00:00 Europe/Berlin", "2026-03-30 00:59 Europe/Berlin", 10),
        ("2026-03-29 00:00 Europe/Berlin", "2026-03-30 01:01 Europe/Berlin", 20),
        # They go back in the night to 25 October 2026: midnight to midnight is 25 hours.
        ("2026-10-25 00:00 Europe/Berlin", "2026-10-25 22:59 Europe/Berlin", 10),
        ("2026-10-25 00:00 Europe/Berlin", "2026-10-25 23:01 Europe/Berlin", 20),
        # The same instant in two places is not late; a later wall clock need not be.
        ("2026-05-01 12:00 America/New_York", "2026-05-01 18:00 Europe/Berlin", 0),
        ("2026-05-01 12:00 America/New_York", "2026-05-01 18:10 Europe/Berlin", 0),
        ("2026-05-01 12:00 America/New_York", "2026-05-01 18:20 Europe/Berlin", 10),
        ("2026-05-01 12:00 Asia/Kolkata", "2026-05-01 06:50 UTC", 10),
    ],
)
def test_late_is_the_time_that_has_passed_whatever_the_clocks_show(due, handed_in, percent, tmp_path):
    with closing(Gradebook(f"sqlite:///{tmp_path}/gradebook.db")) as book:
        book.add_assignment("sums", duedate=due)
        book.add_student("anna")
        late = hand_in(book, "anna", timestamp=handed_in).total_seconds_late
    assert late == max(0, (instant(handed_in) - instant(due)).total_seconds())
    policy = LatePolicy(grace_minutes=15, percent_per_day=10)
    assert policy.late_submission_penalty("anna", 100, late) == percent


def instant(text: str) -> datetime:
    """Read a time without nbgrader's help."""
    clock, _, zone = text.rpartition(" ")
    return datetime.strptime(clock, "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def configured(**settings) -> Configurable:
    """Return what nbgrader's converters have as parent, with these settings of the late penalties."""
    config = Config()
    config.AssignLatePenalties.plugin_class = LatePolicy
    config.LatePolicy = Config(settings)
    return Configurable(config=config)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"percent_per_day": 200}, "'percent_per_day' trait .* not be greater than 100, but a value of 200"),
        ({"cap_percent": 101}, "'cap_percent' trait .* not be greater than 100, but a value of 101"),
        ({"grace_minutes": -1}, "'grace_minutes' trait .* not be less than 0, but a value of -1"),
        ({"cap_percent": True}, "'cap_percent' trait .* expected a float, not the bool True"),
        ({"grace_minutes": float("nan")}, "'grace_minutes' trait .* expected a float, not the float nan"),
        ({"percent_per_day": "ten"}, "'percent_per_day' trait .* expected a float, not the str 'ten'"),
        ({"percent_a_day": 10}, "'percent_a_day'; it has grace_minutes, percent_per_day and cap_percent"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_in_one_sentence(settings, sentence):
    with pytest.raises(CourseError, match=sentence) as refusal:
        late_penalties(configured(**settings))
    assert "\n" not in str(refusal.value)


def test_the_plugin_has_the_course_s_settings_and_without_them_takes_nothing(monkeypatch):
    assert late_penalties(configured()).plugin_inst.late_submission_penalty("anna", 40, 90_000) == 0
    plugin = late_penalties(configured(percent_per_day=10)).plugin_inst
    assert plugin.late_submission_penalty("anna", 40, 90_000) == 8
    monkeypatch.chdir(ROOT)
    app = NbGrader()
    app.initialize([])
    policy = late_penalties(app).plugin_inst
    assert type(policy) is LatePolicy
    assert policy.percent_per_day > 0


def test_nbgrader_s_own_way_to_take_all_points_stays():
    plugin = late_penalties(configured(penalty_method="zero", percent_per_day=10)).plugin_inst
    assert plugin.late_submission_penalty("anna", 40, 1) == 40
