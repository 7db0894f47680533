"""Where the topics of the five documents are in this book, and how many are there: `python -m book.coverage`.

book/outline.yml lists what the documents hold, book/coverage.yml the home of each topic. A page that is not written yet
counts as to come. What is wrong is said, a sentence each: a topic without a home or with two, an anchor that its page
does not have, a chapter that is there and has another number, title or page.
"""

import sys
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

from book import ROOT
from book.front_matter import read_chapters
from book.sections import sections


@dataclass(frozen=True)
class Home:
    """Where a topic is, or will be."""

    chapter: int
    title: str  # of the chapter
    page: str | None = None  # such as "04-attention"; None while nobody knows
    anchor: str | None = None


class Coverage:
    """The homes of all topics, and which of them are there."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.outline = yaml.safe_load((root / "book" / "outline.yml").read_text("utf-8"))
        self.pairs = _read_homes(root / "book" / "coverage.yml")
        self.homes = dict(self.pairs)

    @cached_property
    def sections(self) -> dict[str, dict[str, str]]:
        """The anchors of each page that is there, with the titles of their sections."""
        pages = {home.page for home in self.homes.values() if home.page}
        files = {page: self.root / "book" / "en" / f"{page}.md" for page in pages}
        return {
            page: {
                anchor: section.title
                for section in sections(path.read_text("utf-8"))
                for anchor in section.anchors
            }
            for page, path in files.items()
            if path.exists()
        }

    def is_there(self, home: Home) -> bool:
        return home.page in self.sections

    def summary(self) -> str:
        there = sum(self.is_there(home) for home in self.homes.values())
        return f"covered {there} of {len(self.topics())}"

    def topics(self) -> set[str]:
        return {item["topic"] for document in self.outline for item in document["items"] if "topic" in item}

    def faults(self) -> list[str]:
        """Return what is wrong, a sentence each."""
        counts, topics = Counter(topic for topic, _ in self.pairs), self.topics()
        found = [f"{topic} has no home" for topic in sorted(topics - counts.keys())]
        found += [f"{topic} is no topic of the outline" for topic in sorted(counts.keys() - topics)]
        found += [f"{topic} has {count} homes" for topic, count in sorted(counts.items()) if count > 1]
        found += [
            f"{topic} is to be at {home.page}#{home.anchor}, but that page has no such section"
            for topic, home in self.pairs
            if self.is_there(home) and home.anchor not in self.sections[str(home.page)]
        ]
        return found + self._chapters_told_otherwise()

    def _chapters_told_otherwise(self) -> list[str]:
        told = {home.chapter: (home.title, home.page) for home in self.homes.values()}
        return [
            f"chapter {c.number} is {c.title!r} on {Path(c.file).stem}; coverage.yml says {told.get(c.number)}"
            for c in read_chapters(self.root)
            if told.get(c.number) != (c.title, Path(c.file).stem)
        ]


def _read_homes(path: Path) -> list[tuple[str, Home]]:
    pairs = []
    for chapter in yaml.safe_load(path.read_text("utf-8")):
        place = chapter["chapter"], chapter["title"], chapter.get("page")
        for entry in chapter["topics"]:
            topic, anchor = next(iter(entry.items())) if isinstance(entry, dict) else (entry, None)
            pairs.append((topic, Home(*place, anchor)))
    return pairs


def main(root: Path = ROOT) -> None:
    """Print how many topics are covered; end with what is wrong, if anything is."""
    coverage = Coverage(root)
    print(coverage.summary(), flush=True)
    if faults := coverage.faults():
        sys.exit("book/coverage.yml: " + "\nbook/coverage.yml: ".join(faults))


if __name__ == "__main__":
    main()
