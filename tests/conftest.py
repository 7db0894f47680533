"""For all tests."""

from tests.support.browser import address, browser  # noqa: F401 (fixtures)
