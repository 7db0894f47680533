"""For all tests: the fixtures of the browser, which tests share a process, and whose time a test's is."""

# ruff: noqa: E402  torch reads the variable when it is imported

import os

# Tests compute little: handing it to a second thread takes longer, above all on a busy machine.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
from xdist.remote import Producer

from tests.support import shape_checks  # noqa: F401 (first, since it is about how lib is imported)
from tests.support.browser import address, browser, driver  # noqa: F401 (fixtures)
from tests.support.parts import part_of
from tests.support.scheduling import Grouped

USED = pytest.StashKey[float]()  # the processor time before a test


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Note the part of the course that each test belongs to."""
    for item in items:
        item.user_properties.append(("part", part_of(item)))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Grouped:
    return Grouped(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    item.stash[USED] = sum(os.times()[:4])


@pytest.hookimpl(tryfirst=True)  # before the report takes the properties over
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Note how many seconds of processor time a test took, that of its processes as well."""
    if call.when == "teardown":
        item.user_properties.append(("processor", round(sum(os.times()[:4]) - item.stash[USED], 3)))
