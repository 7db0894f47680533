"""Build the book: `python -m book.build`, into _build/html.

A single page, into a folder of its own: `python -m book.build --page 04-attention --output /tmp/four`.
Every warning stops the build, and so does an exception or a stray warning in a cell.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

import yaml
from jupyter_cache import get_cache
from jupyter_cache.executors import load_executor

from book import ROOT, coverage

CONFIG = ROOT / "_config.yml"
SOURCE = ROOT / "book" / "en"
JUPYTER_BOOK = Path(sys.executable).with_name("jupyter-book")


def fingerprint() -> str:
    """Return a hash of what cells depend on besides their own code: library, figures, data, versions."""
    patterns = [
        "lib/**/*.py",
        "book/cells/*.py",
        "book/cells/*.json",
        "serve/**/*.py",
        "book/outline.yml",
        "*requirements*.txt",
    ]
    files = [file for pattern in patterns for file in ROOT.glob(pattern)]
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(files):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def forget_old_results(cache: Path) -> None:
    """Empty the cache of executed pages, which knows only the pages' code, when anything else has changed."""
    stamp = cache.with_suffix(".stamp")
    current = fingerprint()
    if not stamp.exists() or stamp.read_text() != current:
        shutil.rmtree(cache, ignore_errors=True)
    cache.mkdir(parents=True, exist_ok=True)
    stamp.write_text(current)


def execute(page: Path, folder: Path) -> None:
    """Run the cells of a page and keep their results in the cache in folder, unless they are there already."""
    cache, start, used = get_cache(folder), time.monotonic(), sum(os.times()[:4])
    timeout = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["execute"]["timeout"]
    result = load_executor("local-serial", cache).run_and_cache(filter_uris=[str(page)], timeout=timeout)
    if result.all():
        print(f"   {page.stem}: {time.monotonic() - start:.0f} s", flush=True)
        note_processor_time(folder, page.stem, used)


def note_processor_time(cache: Path, name: str, before: float) -> None:
    """Write down how many seconds of processor time, that of its processes as well, something took."""
    folder = cache.with_name("processor_seconds")
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"{sum(os.times()[:4]) - before:.1f}\n")


def execute_in_parallel(pages: list[Path], folder: Path) -> None:
    """Run the pages whose results are not cached, one a core; the build itself would run one after the other.

    A page that fails here runs again in the build, which reports it.
    """
    cache = get_cache(folder)
    notebooks = [page for page in pages if "format_name: myst" in page.read_text(encoding="utf-8")]
    for notebook in notebooks:
        cache.add_nb_to_project(str(notebook), read_data={"type": "plugin", "name": "myst_nb_md"})
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(execute, notebooks, repeat(folder)))


def build(output: Path, page: str | None = None) -> int:
    """Write the book, or one page of it, to output/_build/html and return the exit status."""
    site = output / "_build" / "html"
    toc, pages = ROOT / "_toc.yml", sorted(SOURCE.glob("*.md"))
    # Sphinx would keep pages that are gone, and those whose scripts or directives alone have changed.
    for old in (site, site.with_name(".doctrees")):
        shutil.rmtree(old, ignore_errors=True)
    cache = site.with_name(".jupyter_cache")  # where the build looks for results
    forget_old_results(cache)
    if page:
        toc, pages = output / "_toc.yml", [SOURCE / f"{page}.md"]
        toc.write_text(f"format: jb-book\nroot: {page}\n")
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # pages share the cores already
    execute_in_parallel(pages, cache)
    where = ["--config", str(CONFIG), "--toc", str(toc), "--path-output", str(output)]
    strict, used = ["-W", "--keep-going", "-n", "--quiet"], sum(os.times()[:4])
    status = subprocess.run([JUPYTER_BOOK, "build", SOURCE, *where, *strict], cwd=ROOT).returncode
    note_processor_time(cache, "all pages", used)
    coverage.main()
    return status


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--page", help="build this page alone, for example 04-attention")
    parser.add_argument("--output", type=Path, default=ROOT, help="folder that gets _build/html")
    chosen = parser.parse_args()
    sys.exit(build(chosen.output.resolve(), chosen.page))
