"""Downloads as Canvas and Moodle make them, and what students hand in there."""

import io
import json
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from tests.support.small_submission import CODE, GOOD

NOTEBOOK = json.dumps(GOOD).encode()
STUB = b"def total(x):\n    raise NotImplementedError\n"
MODULE, HOME = "lib/sums.py", {"lib/sums.py": CODE, "sums.ipynb": NOTEBOOK}
MAY = datetime(2026, 5, 1, 21, 30, 10, tzinfo=UTC)


def zipped(files: dict[str, bytes], when: datetime = MAY) -> bytes:
    """Return a zip file of these files, all of which were written then."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, when.astimezone().timetuple()[:6])
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def tarred(files: dict[str, bytes], mode: Literal["w:", "w:gz", "w:bz2"] = "w:gz") -> bytes:
    """Return a tar archive of these files, with a link and a folder, which count for nothing."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for name, kind in (("sums/link.py", tarfile.SYMTYPE), ("sums/folder", tarfile.DIRTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd" if kind == tarfile.SYMTYPE else ""
            archive.addfile(info)
    return buffer.getvalue()


def in_folder(name: str, files: dict[str, bytes] = HOME) -> dict[str, bytes]:
    """Return files as they are called in a zip of their folder."""
    return {f"{name}/{path}": content for path, content in files.items()}


def from_a_mac(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return files with what a Mac adds to a zip."""
    extra = {
        f"__MACOSX/{name.rpartition('/')[0]}/._{name.rpartition('/')[2]}": b"\0\5\26\7" for name in files
    }
    return {**files, **extra, "sums/.DS_Store": b"\0\0\0\1Bud1"}


def canvas_download(path: Path) -> Path:
    """Write the bulk download of Canvas for four students."""
    files = {
        "leeann_77_901_sums.zip": zipped(in_folder("sums")),
        "oneilltom_LATE_78_902_sums-1.zip": zipped({"lib/sums.py": STUB}),
        "oneilltom_LATE_78_902_sums-2.zip": zipped(HOME),
        "oneilltom_LATE_78_902_sums.zip": zipped({}),
        "müllerjürgen_79_903_sums.py": CODE,
        "müllerjürgen_79_903_sums-1.ipynb": NOTEBOOK,
        "müllerjürgen_79_903_sums.ipynb": b"an older one",
        "名字_80_904_sums.zip": zipped(from_a_mac(in_folder("sums"))),
    }
    path.write_bytes(zipped(files))
    return path


CANVAS_ROSTER = """Student,ID,SIS User ID,SIS Login ID,Section,sums
    Points Possible,,,,,12
"Lee, Ann",77,s1,ann,A,
"O'Neill, Tom",78,s2,tom@uni.example,A,
"Müller, Jürgen",79,s3,juergen,A,
名字,80,s4,名字,A,
"Absent, Ada",81,s5,ada,A,
"""


def moodle_download(path: Path) -> Path:
    """Write what Moodle gives for all submissions of four students, in folders."""
    files = {
        "Ann Lee_5001_assignsubmission_file_/sums.zip": zipped(in_folder("my sums")),
        "Tom O'Neill_5002_assignsubmission_file_/lib/Sums.py": CODE,
        "Tom O'Neill_5002_assignsubmission_file_/sums (1).ipynb": NOTEBOOK,
        "Group A-Jürgen Müller_5003_assignsubmission_file_/one.zip": zipped(
            {"inner.zip": zipped(from_a_mac(in_folder("sums")))}
        ),
        "名 字_5004_assignsubmission_file_/sums.py": CODE,
        "名 字_5004_assignsubmission_onlinetext_/onlinetext.html": b"<p>Here.</p>",
    }
    path.write_bytes(zipped(files))
    return path


MOODLE_ROSTER = """\ufeffIdentifier;Full name;Email address;ID number
Participant 5001;Ann Lee;ann@uni.example;ann
Participant 5002;Tom O'Neill;tom@uni.example;tom@uni.example
Participant 5003;Jürgen Müller;jm@uni.example;juergen
Participant 5004;名 字;x@uni.example;名字
"""
