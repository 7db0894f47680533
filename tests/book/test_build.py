"""A strict build, results that are forgotten in time, and assets that are what was reviewed."""

from types import SimpleNamespace

import pytest

from book import build, vendor_assets

HEADER = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {name: python3, display_name: Python 3}
---

# A page
"""
CELL = "\n```{{code-cell}} python\n{}\n```\n"


@pytest.fixture
def book_folder(tmp_path, monkeypatch):
    """Make the build read its pages from an empty folder that has the book's assets beside it."""
    source = tmp_path / "book" / "en"
    source.mkdir(parents=True)
    (source / "references.bib").write_text("% none\n")
    for name in ("assets", "vendor"):
        (tmp_path / "book" / name).symlink_to(build.ROOT / "book" / name)
    monkeypatch.setattr(build, "SOURCE", source)
    return tmp_path


WARNS, FAILS = CELL.format("import warnings; warnings.warn('stray')"), CELL.format("1 / 0")
DEAD_LINK = "\nSee [that](missing.md).\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "complaints"),
    [
        (CELL.format("print(1 + 1)"), []),
        (WARNS + DEAD_LINK, ["stderr was found in the cell outputs", "target not found: 'missing.md'"]),
        (FAILS, ["ZeroDivisionError"]),
    ],
    ids=["sound", "a cell that warns and a dead link", "a cell that fails"],
)
def test_the_build_refuses_what_is_not_sound(book_folder, body, complaints, capfd):
    (build.SOURCE / "page.md").write_text(HEADER + body)
    status = build.build(book_folder, "page")
    said = capfd.readouterr().err
    assert (status == 0) is (complaints == [])
    assert [complaint for complaint in complaints if complaint not in said] == []


def test_results_are_forgotten_when_the_library_changes_and_kept_otherwise(tmp_path, monkeypatch):
    monkeypatch.setattr(build, "ROOT", tmp_path)
    module, cache = tmp_path / "lib" / "attention.py", tmp_path / "cache"
    module.parent.mkdir()
    module.write_text("x = 1\n")
    build.forget_old_results(cache)
    result = cache / "result"
    result.touch()
    build.forget_old_results(cache)
    assert result.exists()
    module.write_text("x = 2\n")
    build.forget_old_results(cache)
    assert not result.exists()


def test_an_asset_other_than_the_reviewed_one_is_refused(tmp_path, monkeypatch):
    (tmp_path / "mathjax.tgz").write_bytes(b"something else")
    answer = SimpleNamespace(returncode=0, stdout="mathjax.tgz\n", stderr="")
    monkeypatch.setattr(vendor_assets, "npm", lambda *args, **options: answer)
    with pytest.raises(SystemExit, match="has sha256 .*, wanted"):
        vendor_assets.fetch(tmp_path)


def test_a_failing_download_is_reported_in_one_sentence(tmp_path, monkeypatch):
    answer = SimpleNamespace(returncode=1, stdout="", stderr="no such host")
    monkeypatch.setattr(vendor_assets, "npm", lambda *args, **options: answer)
    with pytest.raises(SystemExit, match="could not fetch mathjax@3.2.2: no such host"):
        vendor_assets.fetch(tmp_path)
