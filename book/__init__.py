"""The book: its pages, what their cells import, directives, browser assets, the tables of contents, the build."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
