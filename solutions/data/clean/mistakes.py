"""What students get wrong in normalise and groups_of_copies."""

from check import also, mistake, redefine, replace

NORMALISE = "unicodedata.normalize(form, text)"
OUT = 're.sub(UNSEEN, "", text)'

compatibility_form = mistake(
    """You use NFKC where NFC was asked: ① is no longer ① and ﬁ is two letters. NFC only composes.""",
    replace("normalise", NORMALISE, 'unicodedata.normalize("NFKC", text)'),
)


not_composed = mistake(
    """A letter and its accent stay two characters where they came as two, or become two. `unicodedata.normalize` with
    the form composes them.""",
    replace("normalise", NORMALISE, "text if form == 'NFC' else unicodedata.normalize(form, text)"),
)
decomposed = also(
    not_composed,
    replace("normalise", NORMALISE, "unicodedata.normalize(form.replace('C', 'D'), text)"),
)

lower_case_too = mistake(
    """You write everything in small letters. Whoever wants that can do it; a text for a model that writes needs its
    capitals.""",
    replace("normalise", ".strip()", ".strip().lower()"),
)

newlines_lost = mistake(
    r"""Your runs of blanks hold line ends as well: \s finds \n. Lines and empty lines must stay.""",
    replace("normalise", r"[^\S\n]+", r"\s+"),
)

only_plain_blanks = mistake(
    r"""You join runs of the plain blank only. Tabs, U+3000 and U+00A0 are blanks as well: \s finds them all, and \n
    besides, which must stay.""",
    replace("normalise", r"[^\S\n]+", " +"),
)


returns_left = mistake(
    r"""You replace \r\n only. Old files end their lines in \r alone.""",
    replace("normalise", r'r"\r\n?"', r'"\r\n"'),
)

joiner_removed = mistake(
    """You take U+200D out, with all of Unicode's category Cf or with all that has no width. It joins emoji: without
    it a family is three people.""",
    replace("normalise", OUT, 're.sub(UNSEEN + "|\\u200d", "", text)'),
)

zero_width_left = mistake(
    r"""U+200B or U+FEFF is still there. Neither is a blank for `strip` and \s, nor a control character: name both.""",
    replace("normalise", OUT, 're.sub(UNSEEN.replace("\\u200b\\ufeff", ""), "", text)'),
)

hole_left_blank = mistake(
    """You put a blank where a character without width or a control character stood. It stood inside a word: put
    nothing there.""",
    replace("normalise", OUT, 're.sub(UNSEEN, " ", text)'),
)


@redefine("groups_of_copies")
def only_neighbours(texts):
    """You find a copy only where it follows the other at once, as `itertools.groupby` does. A dict from the text to its
    group remembers all that came before."""
    groups = [[0]] if texts else []
    for i in range(1, len(texts)):
        if normalise(texts[i]) == normalise(texts[i - 1]):
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups


raw_text_compared = mistake(
    """You compare the texts as they came. Copies are those that are equal after `normalise`.""",
    replace("groups_of_copies", "normalise(text)", "text"),
)

singles_left_out = mistake(
    """Texts without a copy are missing. Each of them is a group of one: what is kept of each group is its first
    text.""",
    replace(
        "groups_of_copies", "list(groups.values())", "[group for group in groups.values() if len(group) > 1]"
    ),
)
