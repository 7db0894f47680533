"""For all tests."""

import os

from tests.support.browser import address, browser, driver  # noqa: F401 (fixtures)

# Tests compute little: handing it to a second thread takes longer, above all on a busy machine.
os.environ.setdefault("OMP_NUM_THREADS", "1")
