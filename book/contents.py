"""Write the tables that list the pages, from the pages' front matter: `python -m book.contents`.

They are _toc.yml, the table of chapters in README.md, and the one on the home page. A new chapter is one new file;
book/front_matter.py says what stands at its top.
"""

import re
import sys
from pathlib import Path

import yaml

from book import ROOT
from book.front_matter import Chapter, PageError, read_chapters, read_guides, read_parts

TOC_HEADER = "# Written by `python -m book.contents` from the front matter of the pages; change it there.\n"
REGION = re.compile(
    r"(<!-- chapters, written by `python -m book.contents` -->\n).*?(<!-- end of chapters -->)", re.S
)


def contents(root: Path = ROOT) -> dict[Path, str]:
    """Return the text that each file with a table should have. Raises PageError when a page cannot be used."""
    chapters = read_chapters(root)
    home, readme = root / "book" / "en" / "index.md", root / "README.md"
    return {
        root / "_toc.yml": toc(read_parts(root), chapters, read_guides(root)),
        home: _with_table(home, home_table(chapters)),
        readme: _with_table(readme, readme_table(chapters)),
    }


def toc(parts: list[str], chapters: list[Chapter], guides: dict[str, list[str]]) -> str:
    """Return _toc.yml: the parts that have chapters, then the guides."""
    captions = {part: [c.file for c in chapters if c.part == part] for part in parts} | guides
    entries = [
        {"caption": caption, "chapters": [{"file": file.removesuffix(".md")} for file in files]}
        for caption, files in captions.items()
        if files
    ]
    book = {"format": "jb-book", "root": "index", "parts": entries}
    return TOC_HEADER + yaml.safe_dump(book, sort_keys=False)


def home_table(chapters: list[Chapter]) -> str:
    """Return the table of the home page."""
    rows = [["chapter", "you learn", "you build"], ["---"] * 3]
    for c in chapters:
        graded = ", and a graded assignment" if c.assignment else ""
        rows.append([f"[{c.number}. {c.title}]({c.file})", c.learn, c.build + graded])
    return _table(rows)


def readme_table(chapters: list[Chapter]) -> str:
    """Return the table of the README, which links to files of the repository."""
    rows = [["chapter", "library", "assignment", "needs a GPU"], ["---"] * 4]
    for c in chapters:
        modules = ", ".join(f"[`{name}`](lib/{name}.py)" for name in c.modules)
        assignment = f"[`{c.assignment}`](exercises/{c.assignment})" if c.assignment else ""
        chapter = f"[{c.number} {c.title}](book/en/{c.file})"
        rows.append([chapter, modules, assignment, "yes" if c.needs_gpu else "no"])
    return _table(rows)


def _table(rows: list[list[str]]) -> str:
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


def _with_table(page: Path, table: str) -> str:
    """Return the text of page with table between the two marks."""
    text, places = REGION.subn(lambda marks: f"{marks[1]}\n{table}\n{marks[2]}", page.read_text("utf-8"))
    if places != 1:
        raise PageError(
            f"{page.name} has {places} places for the table of chapters; it wants one, between marks"
        )
    return text


def main(root: Path = ROOT) -> None:
    """Write what has changed; end with one sentence when a page cannot be used."""
    try:
        files = contents(root)
    except PageError as error:
        sys.exit(str(error))
    for path, text in files.items():
        if not path.exists() or path.read_text("utf-8") != text:  # an unchanged file keeps its time, for make
            path.write_text(text, "utf-8")
            print(f"wrote {path.relative_to(root)}")


if __name__ == "__main__":
    main()
