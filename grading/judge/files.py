"""Read untrusted files: no link is followed, nothing is waited for, and only so much of each is read.

What a student can have made, such as a link or a missing file, is Refused, and becomes a note. Whatever else keeps a file
from being read, permissions, too many open files, a failing drive, is the grader's trouble: Unreadable, and never a zero.
"""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

from grading.errors import Unreadable

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
# What open() says of something that is no plain file or folder, which a student can have put there.
ODD = {errno.ENOTDIR, errno.ELOOP, errno.ENXIO, errno.EISDIR, errno.ENODEV}
MAX_DEPTH, MAX_FILES = 5, 5000  # of a submission, as far as it is searched
NOT_SEARCHED = {"__MACOSX", "__pycache__", "check", "probes", "node_modules", "venv", "site-packages"}

# Return True if a file with several names, of which this is the state and the content, must not be taken.
LinkRule = Callable[[os.stat_result, bytes], bool]


class Refused(Exception):
    """The one sentence that says why something was not read."""


class Missing(Refused):
    """There is nothing of that name."""


class TooLarge(Refused):
    """There is more of it than is read."""


def open_folder(path: Path | str, shown: str, within: int | None = None) -> int:
    """Return a descriptor of a folder. Raises Refused, or Unreadable where that is the grader's trouble."""
    try:
        return os.open(path, FOLDER, dir_fd=within)
    except OSError as error:
        raise _as_refusal(error, shown, _oddity(path, within) if error.errno in ODD else "") from None


def read_file(folder: int, name: str, shown: str, limit: int, refuse_link: LinkRule) -> bytes:
    """Return a plain file's content, if that is no longer than limit. Raises Refused or Unreadable."""
    odd = _oddity(name, folder)
    if odd:
        raise Refused(f"{shown} was not read: {odd}")
    try:
        with open(os.open(name, FILE, dir_fd=folder), "rb") as file:
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode):
                raise Refused(f"{shown} was not read: it is not a plain file")
            content = file.read(limit + 1)
    except OSError as error:
        raise _as_refusal(error, shown) from None
    if state.st_nlink > 1 and refuse_link(state, content):
        raise Refused(f"{shown} was not read: it is a hard link")
    if len(content) > limit:
        size = f"{limit // 10**6} MB" if limit >= 10**6 else f"{limit} bytes"
        raise TooLarge(f"{shown} was not read: it has more than {size}")
    return content


def read_path(top: int, path: str, limit: int, refuse_link: LinkRule) -> bytes:
    """Return the content of a file below a folder; none of the folders on the way may be a link."""
    *folders, name = path.split("/")
    opened: list[int] = []
    try:
        for folder in folders:
            opened.append(open_folder(folder, path, opened[-1] if opened else top))
        return read_file(opened[-1] if opened else top, name, path, limit, refuse_link)
    finally:
        for descriptor in opened:
            os.close(descriptor)


def list_folder(folder: int, shown: str) -> list[str]:
    """Return the names in a folder. Raises Unreadable."""
    try:
        return sorted(os.listdir(folder))
    except OSError as error:
        raise _as_refusal(error, shown) from None


def plain_files(top: int) -> list[str]:
    """Return the paths of the plain files below a folder, as far as it is searched; hidden ones are left out."""

    def failed(error: OSError) -> None:
        if error.errno not in ODD | {errno.ENOENT}:
            raise _as_refusal(error, "a folder in it")

    found: list[str] = []
    for where, folders, files, descriptor in os.fwalk(dir_fd=top, onerror=failed):
        deep = where.count("/") >= MAX_DEPTH
        folders[:] = [] if deep else sorted(n for n in folders if n[0] != "." and n not in NOT_SEARCHED)
        plain = (n for n in sorted(files) if n[0] != "." and not _oddity(n, descriptor))
        found += [f"{where}/{name}".removeprefix("./") for name in plain]
        if len(found) > MAX_FILES:
            break
    return found[:MAX_FILES]


def _as_refusal(error: OSError, shown: str, odd: str = "") -> Exception:
    """Return what to raise for an error of the operating system."""
    if error.errno == errno.ENOENT:
        return Missing(f"{shown} is missing")
    if error.errno in ODD:
        return Refused(f"{shown} was not read: {odd or error.strerror}")
    mend = "; it takes: chmod -R u+rX <the folder>" if error.errno == errno.EACCES else ""
    return Unreadable(f"{shown} could not be read here: {error.strerror}{mend}")


def _oddity(path: Path | str, within: int | None) -> str:
    """Return what is there instead of a plain file; "" for a plain file, or for none that can be seen."""
    try:
        about = os.stat(path, dir_fd=within, follow_symlinks=False)
    except OSError:
        return ""
    if stat.S_ISLNK(about.st_mode):
        return "it is a link"
    return "" if stat.S_ISREG(about.st_mode) else "it is not a plain file"
