"""The files of a download, a folder or a zip file, none of which is believed: not its name, its size or its time."""

import io
import os
import re
import stat
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedIOBase
from pathlib import Path
from typing import IO

from grading.errors import CourseError

MAX_ENTRIES = 100_000  # of one zip file or folder
MAX_BYTES = 10**8  # of one file; of what one zip file holds
MAX_NAME = 200  # characters
EXTENDED_TIME = 0x5455  # of a zip file's extra fields: seconds since 1970 in UTC
UTF8_FLAG, ENCRYPTED_FLAG = 0x800, 0x1
NOISE = {"__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini"}


class Refused(Exception):
    """The one sentence that says why something was not taken."""


@dataclass(frozen=True)
class Entry:
    """One file; when it was written, in UTC, as far as that is known."""

    path: str  # with /, and never out of the folder
    when: datetime | None
    read: Callable[[], bytes]  # raises Refused

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


def entries(source: Path) -> list[Entry]:
    """Return the files of a folder or a zip file. Raises CourseError where there are none."""
    try:
        if source.is_dir():
            found = _in_folder(source)
        else:
            found = in_zip(source.read_bytes() if source.stat().st_size <= MAX_BYTES else source)
    except OSError as error:
        raise CourseError(f"{source} cannot be read: {error.strerror}") from error
    except Refused as refusal:
        raise CourseError(f"{source} {refusal}") from None
    if not found:
        raise CourseError(f"there is no file in {source}")
    return found


def in_zip(archive: bytes | Path) -> list[Entry]:
    """Return the files of a zip file. Raises Refused if it is none, or holds too many."""
    if isinstance(archive, bytes) and archive.count(b"PK\1\2") > MAX_ENTRIES:  # of which each begins an entry
        raise Refused(f"holds more than {MAX_ENTRIES:,} files")
    try:
        zipped = zipfile.ZipFile(io.BytesIO(archive) if isinstance(archive, bytes) else archive)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Refused("is not a zip file that can be read") from error
    infos = zipped.infolist()
    if len(infos) > MAX_ENTRIES:
        raise Refused(f"holds more than {MAX_ENTRIES:,} files")
    found = []
    for info in infos:
        path = safe_path(_name(info))
        if path and not info.is_dir() and not stat.S_ISLNK(info.external_attr >> 16):
            found.append(Entry(path, _time(info), _reader(zipped, info)))
    return found


def _reader(zipped: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        if info.flag_bits & ENCRYPTED_FLAG:
            raise Refused("has a password")
        try:
            with zipped.open(info) as file:
                return bounded(file)
        except (
            zipfile.BadZipFile,
            OSError,
            ValueError,
            NotImplementedError,
            EOFError,
            RuntimeError,
        ) as error:
            raise Refused("is damaged") from error

    return read


def bounded(file: BufferedIOBase | IO[bytes]) -> bytes:
    """Return what a file holds. Raises Refused where that is too much."""
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Refused(f"has more than {MAX_BYTES // 10**6} MB")
    return content


def _name(info: zipfile.ZipInfo) -> str:
    """Return an entry's name; some programs write UTF-8 and do not say so."""
    if info.flag_bits & UTF8_FLAG:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf8")
    except UnicodeError:
        return info.filename


def safe_path(path: str) -> str | None:
    """Return a path that stays in its folder; None for one that leads out, is hidden, or is what systems leave behind."""
    parts = [part for part in re.split(r"[/\\]", path) if part not in ("", ".")]
    odd = any(len(p) > MAX_NAME or not p.isprintable() or p.startswith(".") or p in NOISE for p in parts)
    return None if not parts or odd or path.startswith("/") or ":" in parts[0] else "/".join(parts)


def _time(info: zipfile.ZipInfo) -> datetime | None:
    """Return the time of an entry in UTC; one that names no zone is taken for this machine's."""
    extra = info.extra
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        if kind == EXTENDED_TIME and length >= 5 and len(extra) >= 9 and extra[4] & 1:
            return datetime.fromtimestamp(struct.unpack_from("<i", extra, 5)[0], UTC)
        extra = extra[4 + length :]
    try:
        return datetime(*info.date_time).astimezone(UTC) if info.date_time[0] > 1980 else None
    except (ValueError, OverflowError):
        return None


def _in_folder(folder: Path) -> list[Entry]:
    found: list[Entry] = []
    for where, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            path = Path(where, name)
            state, safe = path.lstat(), safe_path(path.relative_to(folder).as_posix())
            if safe and stat.S_ISREG(state.st_mode):
                found.append(Entry(safe, datetime.fromtimestamp(state.st_mtime, UTC), _file_reader(path)))
        if len(found) > MAX_ENTRIES:
            raise Refused(f"holds more than {MAX_ENTRIES:,} files")
    return found


def _file_reader(path: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
                return bounded(file)
        except OSError as error:
            raise CourseError(f"{path} cannot be read: {error.strerror}") from error

    return read
