"""Feedback pages: every reason is shown, nothing runs or loads, and no secret input is on them."""

from dataclasses import replace
from html import escape
from types import SimpleNamespace

import nbformat
import pytest
from bs4 import BeautifulSoup
from selenium.webdriver.common.by import By

from check.mark import MISSING, PASSED, Mark
from check.probe import Draw
from grading.bridge.feedback import page
from grading.bridge.graded_notebook import rebuild
from grading.bridge.markup import formula, safe_markdown
from grading.bridge.redact import error, redact, words
from grading.errors import CourseError
from grading.judge.intake import Submission
from grading.judge.judge import SEEDS, grade
from grading.judge.settings import Judge
from grading.verdict import CRASHED, GRADER_ERROR, MALFORMED, MEMORY, TIMEOUT
from tests.support.browser import DESKTOP, PHONE, requested_hosts, show
from tests.support.small_course import REFERENCE, answer, notebook, small_course

SEED = "a seed for feedback"
EVIL = "<script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\">"


def with_total(*lines: str) -> str:
    """Return the reference with another body of total."""
    return REFERENCE.replace("return x.sum()", "\n    ".join(lines))


SOURCES = {
    "right": REFERENCE,
    "mistaken": with_total("return x.mean()"),
    "stub": with_total("raise NotImplementedError('write total() in lib/sums.py')"),
    "slow": with_total("while True: pass"),
    "greedy": with_total("return bytearray(10**11)"),
    "gone": with_total("import os", "os._exit(0)"),
    "no answer": with_total("return 10**400"),
    "says its input": with_total("raise ValueError(f'bad input {x.tolist()} {x} {float(x.sum())}: a sum')"),
    "names its error": with_total("raise type(f'E{float(x.sum())}', (Exception,), {})('x')"),
    "names its cases": with_total("return {'result': x.sum(), f'case {x.tolist()}': 1}"),
    "key": with_total("return {}[float(x.sum())]"),
    "forges its trace": with_total(
        "import sys",
        "where = f'lib/sums.py, line 7, in f{x.flatten()[0]}: '",
        "sys.modules['check.probe'].student_trace = lambda e: f'{where}{x.tolist()}\\n{x.tolist()}'",
        "raise ValueError",
    ),
    "script": with_total(f"raise type({EVIL!r}, (Exception,), {{}})({EVIL!r})")
    + f"# {EVIL}\n# ```\n# {EVIL}",
}
REASONS = {
    "right": PASSED,
    "slow": TIMEOUT,
    "greedy": MEMORY,
    "gone": CRASHED,
    "no answer": MALFORMED,
    "nothing": MISSING,
    "failed": GRADER_ERROR,
}


def test_cell(name: str, points: int) -> dict:
    about = {"grade": True, "grade_id": name, "solution": False, "locked": True, "points": points}
    return {
        "cell_type": "code",
        "source": f"check('{name}')",
        "metadata": {"nbgrader": about},
        "outputs": [],
        "execution_count": None,
    }


test_cell.__test__ = False


def text(source: str) -> dict:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


RELEASED = nbformat.from_dict(
    notebook(
        text("## 1 Sums\n\nWrite $\\sum_i x_i$:\n\n$$\\frac{a}{b}$$"),
        test_cell("total", 3),
        test_cell("double", 5),
        test_cell("tell", 4),
        text("## Question\n\nWhy?"),
        answer("why", "YOURS"),
    )
)
for number, cell in enumerate(RELEASED.cells):
    cell.id = str(number)


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    return small_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def graded(assignment) -> dict:
    """Every submission with its verdict."""
    answers = {"why": f"Because $x_1$. {EVIL} [link](javascript:alert(1)) <a href='data:text/html,x'>y</a>"}
    batch = [Submission(name, {"sums": s.encode()}, answers, (EVIL,), name) for name, s in SOURCES.items()]
    batch.append(Submission("nothing", {}, answers, ("lib/sums.py is missing",), ""))
    quick = replace(assignment, seconds_per_probe=5)  # the slow one takes all the time there is
    verdicts = {
        submission.student: (submission, v) for submission, v in grade(quick, batch, Judge(seed=SEED))
    }
    submission, verdict = verdicts["right"]
    marks = tuple(
        replace(mark, reason=GRADER_ERROR, earned=0, error="the judge failed") for mark in verdict.marks
    )
    verdicts["failed"] = (replace(submission, student="failed"), replace(verdict, marks=marks))
    return verdicts


def row(verdict, penalty=None, late=0, comment=None):
    """Return what the gradebook has of one notebook."""
    of = {"total": 3, "double": 5, "tell": 4}
    scores = {name: verdict.earned(name) for name in of}
    grades = [
        SimpleNamespace(
            name=name, score=s or 0.0, max_score=of[name], needs_manual_grade=s is None, manual_score=None
        )
        for name, s in scores.items()
    ]
    grades.append(
        SimpleNamespace(name="why", score=0.0, max_score=1, needs_manual_grade=True, manual_score=None)
    )
    return SimpleNamespace(
        name="sums",
        score=sum(s or 0.0 for s in scores.values()),
        max_score=13,
        late_submission_penalty=penalty,
        assignment=SimpleNamespace(total_seconds_late=late),
        grades=grades,
        comments=[SimpleNamespace(name="why", comment=comment)],
    )


@pytest.fixture(scope="module")
def pages(graded) -> dict[str, str]:
    """The page of each student."""
    return {
        student: page(rebuild(RELEASED, submission, verdict), row(verdict), student)
        for student, (submission, verdict) in graded.items()
    }


def said(html: str) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").body.get_text(" ").split())


@pytest.mark.parametrize(("student", "reason"), REASONS.items())
def test_every_reason_is_shown_with_its_sentence(student, reason, graded, pages):
    mark = graded[student][1].marks[0]
    assert mark.reason == reason
    assert (f"{reason} : {mark.error}" in said(pages[student])) == (reason != PASSED)


def test_points_are_shown_probe_by_probe(pages):
    shown = said(pages["mistaken"])
    assert "10 of 13 points" in shown
    assert "total_of_one One number is its own sum. 1 of 1" in shown
    assert "total_of_many Many numbers have a sum. 0 of 2 wrong : other values" in shown
    assert "Hint. You took the mean." in shown
    assert "to be read, 1 points" in shown


def test_a_stub_is_told_what_to_write(pages):
    assert "error : NotImplementedError: write total() in lib/sums.py" in said(pages["stub"])


def test_a_grader_error_is_not_zero_and_not_the_students_fault(pages):
    shown = said(pages["failed"])
    assert "grader error, 3 points" in shown
    assert "Not final" in shown
    assert "The grader failed here, not you." in shown
    assert "… of 1" in shown
    assert "The grader failed" not in said(pages["mistaken"])


def test_lateness_and_comments_are_shown(graded):
    submission, verdict = graded["right"]
    notebook = rebuild(RELEASED, submission, verdict)
    shown = said(page(notebook, row(verdict, penalty=2.5, late=60, comment=f"*Good.* {EVIL}"), "right"))
    assert "9.5 of 13 points" in shown
    assert "12 points, less 2.5 for handing in late." in shown
    assert "Comment Good. <script>" in shown
    assert "no points were taken off" in said(page(notebook, row(verdict, late=60), "right"))


def test_a_page_says_that_there_was_no_sandbox(graded, pages):
    submission, verdict = graded["right"]
    without = replace(verdict, sandbox="none: limits and seccomp only")
    assert "Graded without a sandbox." in said(
        page(rebuild(RELEASED, submission, without), row(verdict), "r")
    )
    assert "without a sandbox" not in pages["right"]


def test_a_notebook_that_the_judge_did_not_grade_is_refused(graded):
    with pytest.raises(CourseError, match="autograde it again"):
        page(RELEASED, row(graded["right"][1]), "right")


ECHOES = ["says its input", "names its error", "names its cases", "key", "forges its trace"]


def drawn(verdict) -> list[float]:
    """Return the numbers that `total` got, and their sum."""
    one, many = (
        Draw(f"{SEED}-0", name).normal(*shape)
        for name, shape in {"total_of_one": (1,), "total_of_many": (3, 4)}.items()
    )
    return [*one.tolist(), *many.flatten().tolist(), float(many.sum())]


def found(text: str, numbers: list[float]) -> list[float]:
    return [x for x in numbers if f"{abs(x):.6f}"[:6] in text]


@pytest.mark.parametrize("student", ECHOES)
def test_what_was_drawn_in_secret_is_in_the_verdict_but_not_in_the_notebook_or_the_page(
    student, graded, pages
):
    submission, verdict = graded[student]
    numbers = drawn(verdict)
    assert found(verdict.to_json(), numbers), "this submission says nothing, so this test tests nothing"
    assert found(nbformat.writes(rebuild(RELEASED, submission, verdict)), numbers) == []
    assert found(pages[student], numbers) == []
    assert not any(f"{SEED}-{i}" in pages[student] for i in range(SEEDS))
    assert SEED not in pages[student]


def test_of_a_message_the_students_own_words_stay(pages):
    assert "error : ValueError: bad input […])" in said(pages["says its input"])
    assert "…: a sum lib/sums.py" in said(pages["says its input"])
    assert "lib/sums.py, line 6, in total: raise ValueError(f'bad input" in said(pages["says its input"])
    assert "error : an error: x" in said(pages["names its error"])
    assert "case … , should not be there" in said(pages["names its cases"])
    assert "error : KeyError lib/sums.py, line 6" in said(pages["key"])
    assert "error : ValueError lib/sums.py, line 7: where = f'lib" in said(pages["forges its trace"])


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("The size of tensor a (5) must match the size of tensor b (7) at non-singleton dimension 3", "The size of tensor a (…) must match the size of tensor b (…) at non-singleton dimension …"),
        ("mat1 and mat2 shapes cannot be multiplied (3x4 and 5x3)", "mat1 and mat2 shapes cannot be multiplied (… and …)"),
        ("shape '[2, 3]' is invalid for input of size 12", "shape '[…]' is invalid for input of size …"),
        ("'Tensor' object has no attribute 'mine'", "'Tensor' object has no attribute 'mine'"),
        ("tensor([0.31, 0.2", "tensor([…]"),
        ("-1.5e-3 1_000 0x7f True nan secret ３ ½", "-…"),
    ],
)  # fmt: skip
def test_a_message_keeps_its_sense_without_what_it_was_about(raw, shown):
    assert error(f"RuntimeError: {raw}", words({"sums": b"mine = 1"})) == f"RuntimeError: {shown}"


def test_of_a_trace_only_places_are_believed():
    files = {"sums": b"def total(x):\n    return x / 0\n"}
    trace = "\n".join(
        [
            "lib/sums.py, line 2, in total: 0.3141",
            "lib/sums.py, line 2, in f0_3141: 0.3141",
            "lib/sums.py, line 3141, in total: return",
            "lib/other.py, line 1, in total: 0.3141",
            "0.3141",
        ]
    )
    (mark,) = redact([Mark("p", "total", "", 1, 0, "error", error="E", trace=trace)], files)
    assert mark.trace.splitlines() == [
        "lib/sums.py, line 2, in total: return x / 0",
        "lib/sums.py, line 2: return x / 0",
    ]


def test_a_trace_is_short_however_long_the_one_that_came():
    trace = "lib/sums.py, line 1, in total: \n" * 99
    (mark,) = redact([Mark("p", "total", "", 1, 0, "error", trace=trace)], {"sums": b"x = 1"})
    assert mark.trace == "\n".join(["lib/sums.py, line 1: x = 1"] * 6)


def test_the_pages_hold_no_tag_that_runs_or_loads(pages):
    for html in pages.values():
        soup = BeautifulSoup(html, "html.parser")
        assert soup.find_all(["script", "link", "iframe", "object", "embed", "base", "form", "svg"]) == []
        attributes = [(name, value) for tag in soup.find_all(True) for name, value in tag.attrs.items()]
        assert [name for name, _ in attributes if name.startswith("on") or name == "style"] == []
        assert [
            v for n, v in attributes if n in ("src", "href") and not v.startswith(("#", "data:image/"))
        ] == []
        policy = soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
        assert policy.startswith("default-src 'none'; ")


def test_what_a_student_writes_is_text(pages):
    shown = said(pages["script"])
    assert f"Notes on what was handed in {EVIL}" in shown
    assert "Because x 1 . <script>document.title = 'run'</script> link" in shown
    assert f"error : an error: {EVIL[:8]}" in shown
    assert shown.count("# <script>") == 2  # in the file


def test_formulas_need_no_script(pages):
    assert "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>" in pages["right"]
    assert formula("x", "inline") == '<math display="inline"><mrow><mi>x</mi></mrow></math>'


@pytest.mark.parametrize(
    "tex", [r"\text{<script>x</script>}", r"\href{javascript:x}{y}", r"\style{x}{y}", r"\frac{", "{" * 1999, "x" * 9999]
)  # fmt: skip
def test_what_is_no_formula_stays_as_it_was_written(tex):
    assert formula(tex, "inline") == f"<code>{escape(tex)}</code>"
    assert "<script" not in safe_markdown(f"so ${tex}$ and $${tex}$$")


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("[a](http://x.org/?a=1&b=2) [b](#c) [d](e.html)", '<p><a href="http://x.org/?a=1&amp;b=2">a</a> <a href="#c">b</a> <a href="e.html">d</a></p>'),
        ("[a](javascript:x) <a href='DATA:text/html,x'>b</a> <a href=' da\tta:x' title=t>c</a>", "<p><a>a</a> <a>b</a> <a>c</a></p>"),
        ("<img src='data:image/png;base64,AA' alt='<b>' onerror=x> <img src=x.png>", '<p><img src="data:image/png;base64,AA" alt="&lt;b&gt;"> <img></p>'),
        ("<details open><summary>a</summary>b</details><!-- c -->", "<details><summary>a</summary>b</details>"),
        ("a <script>b</script> <svg onload=c> <style>d{}</style> <iframe>", "<p>a &lt;script&gt;b&lt;/script&gt; &lt;svg onload=c&gt; &lt;style&gt;d{}&lt;/style&gt; &lt;iframe&gt;</p>"),
        ("<p class='a' style='b' id='c' onclick='d'>e</p>", '<p class="a">e</p>'),
        ("a < b", "<p>a &lt; b</p>"),
    ],
)  # fmt: skip
def test_markdown_keeps_what_is_harmless_and_shows_other_tags_as_text(markdown, html):
    assert safe_markdown(markdown).strip() == html


def test_in_a_browser_nothing_runs_nothing_is_fetched_and_nothing_is_cut_off(browser, pages, tmp_path):
    for student, html in pages.items():
        path = tmp_path / f"{student}.html"
        path.write_text(html, "utf8")
        for width in (PHONE, DESKTOP):
            show(browser, path.as_uri(), width)
            title = browser.title
            browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
            wide = browser.execute_script("return document.documentElement.scrollWidth")
            assert (student, title.startswith("sums: "), wide <= width) == (student, True, True)
            assert browser.find_element(By.TAG_NAME, "h1").is_displayed()
    assert requested_hosts(browser) == set()
