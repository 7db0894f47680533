"""The colours of plots are told apart by every reader, on a light and on a dark page."""

import re
from itertools import combinations

import numpy as np
import pytest

from book import ROOT
from book.cells.figures import PALETTE

# What an eye without one kind of cone sees of linear RGB (Machado, Oliveira and Fernandes 2009, severity 1.0).
EYES = {
    "all cones": np.eye(3),
    "no red": [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]],
    "no green": [[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]],
    "no blue": [[1.2555, -0.0767, -0.1788], [-0.0784, 0.9308, 0.1476], [0.0047, 0.6914, 0.3039]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])  # of sRGB
PAGES = {"light": "#ffffff", "dark": "#121212"}


def palettes():
    """Return the series colours of each page, from the style sheet: first the light ones, then the dark ones."""
    colours = re.findall(r"--plot-\d: (#\w{6});", (ROOT / "book/assets/course.css").read_text("utf-8"))
    return {"light": colours[:5], "dark": colours[5:]}


def linear(colour):
    """Return linear RGB of a colour such as "#0072b2" (IEC 61966-2-1)."""
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """Return CIE L*a*b* of linear RGB; a distance of 2 can just be seen."""
    ratio = XYZ @ rgb.clip(0, 1) / XYZ.sum(axis=1)
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_the_style_sheet_starts_from_the_palette_of_the_plots():
    assert palettes()["light"] == PALETTE
    assert len(palettes()["dark"]) == len(PALETTE)


@pytest.mark.parametrize("page", PAGES)
def test_every_colour_stands_out_from_its_page(page):
    for colour in palettes()[page]:
        darker, lighter = sorted(XYZ[1] @ linear(c) + 0.05 for c in (colour, PAGES[page]))
        assert lighter / darker >= 3, f"{colour}: WCAG 2.1, 1.4.11 wants a contrast of 3 to 1"


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("page", PAGES)
def test_any_two_colours_are_told_apart(page, eye):
    seen = {colour: lab(np.array(EYES[eye]) @ linear(colour)) for colour in palettes()[page]}
    for one, other in combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) > 15, f"{one} and {other}"
