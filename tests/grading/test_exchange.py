"""nbgrader's exchange to its end, as the page for instructors on a JupyterHub says: each of its commands is run."""

import pytest

from tests.support.hub import ME, Hub


@pytest.fixture(scope="module")
def hub(tmp_path_factory) -> Hub:
    """Somebody has handed in twice by the exchange, bob by another way, and the page is followed to its end."""
    hub = Hub(tmp_path_factory.mktemp("hub"))
    hub.follow()
    return hub


def test_the_student_has_the_page_of_the_last_work(hub):
    (page,) = (hub.home / "sums" / "feedback").glob("*/sums.html")
    assert "<title>sums: 12 of 13 points</title>" in page.read_text("utf8")
    assert page.read_text("utf8") == (hub.course / "feedback" / ME / "sums/sums.html").read_text("utf8")


def test_work_that_came_another_way_is_in_nobody_s_way_and_nobody_can_guess_its_page_s_name(hub):
    pages = {path.read_text("utf8") for path in (hub.exchange / "llm/feedback").glob("*.html")}
    assert pages == {path.read_text("utf8") for path in hub.course.glob("feedback/*/sums/sums.html")}
    secrets = {path.read_text() for path in hub.course.glob("feedback/*/sums/submission_secret.txt")}
    assert len(secrets) == len(pages) == 2
    assert min(map(len, secrets)) >= 64
