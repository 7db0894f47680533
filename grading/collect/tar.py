"""The files of a tar archive, which some systems make in place of a zip file."""

import bz2
import gzip
import io
import tarfile
from collections.abc import Callable

from .entries import MAX_ENTRIES, Entry, Refused, bounded, safe_path

ENDINGS = (".tar", ".tar.gz", ".tgz", ".tar.bz2")
GZIP, BZIP2 = b"\x1f\x8b", b"BZh"  # with which compressed files begin


def in_tar(archive: bytes) -> list[Entry]:
    """Return the files of a tar archive. Raises Refused if it is none, or holds too much.

    It is decompressed first, so that no header can ask for more than there is.
    """
    try:
        tar = tarfile.TarFile(fileobj=io.BytesIO(_decompressed(archive)))
        members = tar.getmembers()
    except (tarfile.TarError, OSError, ValueError, EOFError) as error:
        raise Refused("is not a tar archive that can be read") from error
    if len(members) > MAX_ENTRIES:
        raise Refused(f"holds more than {MAX_ENTRIES:,} files")
    paths = [(safe_path(member.name), member) for member in members if member.isreg()]
    return [Entry(path, None, _reader(tar, member)) for path, member in paths if path]


def _decompressed(archive: bytes) -> bytes:
    if not archive.startswith((GZIP, BZIP2)):
        return archive
    compressed = io.BytesIO(archive)
    with gzip.open(compressed) if archive.startswith(GZIP) else bz2.open(compressed) as file:
        return bounded(file)


def _reader(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            file = tar.extractfile(member)
            return bounded(file) if file else b""
        except (tarfile.TarError, OSError, ValueError) as error:
            raise Refused("is damaged") from error

    return read
