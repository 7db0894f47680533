"""For all tests: the fixtures of the browser, which tests share a process, and whose time a test's is."""

# ruff: noqa: E402  torch reads the variable when it is imported

import os

# Tests compute little: handing it to a second thread takes longer, above all on a busy machine.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from pathlib import Path

import pytest
from xdist.remote import Producer

from tests.support import shape_checks  # noqa: F401 (first, since it is about how lib is imported)
from tests.support.browser import address, browser, driver  # noqa: F401 (fixtures)
from tests.support.parts import part_of
from tests.support.scheduling import ByAssignment

USED = pytest.StashKey[float]()  # the processor time before a test


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist looks at the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put each test into a group, which one process runs, and note the part of the course that it belongs to."""
    for item in items:
        item.user_properties.append(("part", part_of(item)))
        if not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(_group(item)))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByAssignment:
    return ByAssignment(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    item.stash[USED] = sum(os.times()[:4])


@pytest.hookimpl(tryfirst=True)  # before the report takes the properties over
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Note how many seconds of processor time a test took, that of its processes as well."""
    if call.when == "teardown":
        item.user_properties.append(("processor", round(sum(os.times()[:4]) - item.stash[USED], 3)))


def _group(item: pytest.Item) -> str:
    """Tests of one file share what is set up once for it, those with a browser the browser."""
    if "driver" in getattr(item, "fixturenames", ()):
        return "browser"
    return str(item.path.relative_to(Path(item.config.rootpath)))
