"""What students get wrong in normalise and groups_of_copies."""

from check import also, mistake, replace

NORMALISE = "unicodedata.normalize(form, text)"
OUT = 're.sub(UNSEEN, "", text)'

compatibility_form = mistake(
    """You use NFKC where NFC was asked: ① is no longer ① and ﬁ is two letters. NFC only composes.""",
    replace("normalise", NORMALISE, 'unicodedata.normalize("NFKC", text)'),
)


form_ignored = mistake(
    """Where NFKC is asked for, ﬁ and ① stay as they are: `form` has no effect. Hand it to `unicodedata.normalize`.""",
    replace("normalise", NORMALISE, 'unicodedata.normalize("NFC", text)'),
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

accents_removed = mistake(
    """Accents are gone, or all that is not ASCII or Latin-1. A text for a model that writes keeps them: NFC only makes one
    character of a letter and its accent.""",
    replace(
        "normalise",
        NORMALISE,
        '"".join(c for c in unicodedata.normalize(form.replace("C", "D"), text) if not unicodedata.combining(c))',
    ),
)

ascii_alone = also(
    accents_removed,
    replace("normalise", ".strip()", '.strip().encode("ascii", "ignore").decode()'),
)
ascii_after_nfkd = also(
    accents_removed,
    replace("normalise", NORMALISE, 'unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()'),
)
ascii_alone_first = also(accents_removed, replace("normalise", OUT, 're.sub(r"[^\\x20-\\x7e\\n]", "", text)'))
ascii_and_tabs_alone = also(
    accents_removed, replace("normalise", OUT, 're.sub(r"[^\\t\\n\\r\\x20-\\x7e]", "", text)')
)
ascii_and_blanks_alone = also(
    accents_removed, replace("normalise", OUT, 're.sub(r"[^\\t\\n\\r\\x20-\\x7e]+", " ", text)')
)
latin_alone = also(
    accents_removed,
    replace("normalise", OUT, 're.sub(r"[^\\t\\n\\r\\x20-\\x7e\\xa0-\\xff]", "", text)'),
    replace("normalise", NORMALISE, "text"),
)
all_but_ascii_left_blank = also(
    accents_removed, replace("normalise", NORMALISE, 're.sub(r"[^a-zA-Z0-9\\s]", " ", text)')
)

lower_case_too = mistake(
    """Capitals or punctuation are gone. Whoever looks for near copies may take them away; a text for a model that writes
    needs both.""",
    replace("normalise", ".strip()", ".strip().lower()"),
)

newlines_lost = mistake(
    r"""Line ends are gone, or tabs with them: \s and split() find \n as well, \n+ takes empty lines for one, and category Cc has \n and \t
    in it. Lines and empty lines must stay, and a tab becomes a blank.""",
    replace("normalise", r"[^\S\n]+", r"\s+"),
)

wide_blanks_left = mistake(
    r"""Blanks that belong together, or tabs, are still there. One `re.sub` makes one blank of each run of all that \s finds
    but \n, if the pattern ends in +; `strip` sees only to the ends.""",
    replace("normalise", r"[^\S\n]+", r"[ \t]+"),
)
wide_ones_alone_left = also(wide_blanks_left, replace("normalise", r"[^\S\n]+", r"[ \t\u00a0]+"))
blanks_left = also(wide_blanks_left, replace("normalise", r're.sub(r"[^\S\n]+", " ", text)', "text"))
only_where_there_are_two = also(wide_blanks_left, replace("normalise", r"[^\S\n]+", r"[^\S\n]{2,}"))
each_by_itself = also(wide_blanks_left, replace("normalise", r"[^\S\n]+", r"[^\S\n]"))

tabs_left = also(wide_blanks_left, replace("normalise", r"[^\S\n]+", r"[^\S\n\t]+"))

words_grown_together = mistake(
    """Words have grown together where a tab, a wide or a no-break blank stood, which `isprintable` and some patterns leave out.
    Make one blank of each run of them.""",
    replace("normalise", OUT, 're.sub(UNSEEN + "|[\\u00a0\\u2003\\u3000]", "", text)'),
)
tabs_gone_too = also(
    words_grown_together,
    replace("normalise", OUT, 're.sub(UNSEEN + "|[\\t\\u00a0\\u2003\\u3000]", "", text)'),
)
tabs_gone_alone = also(words_grown_together, replace("normalise", OUT, 're.sub(UNSEEN + "|\\t", "", text)'))

ends_left = mistake(
    """There is still a blank or a line end at the beginning or the end. `strip` comes last, when every run is one blank, and
    nothing is added after it.""",
    replace("normalise", ".strip()", ""),
)
line_end_added = also(ends_left, replace("normalise", ".strip()", '.strip() + "\\n"'))

empty_lines_lost = also(
    newlines_lost,
    replace("normalise", 'r"[^\\S\\n]+", " ", text)', 'r"[^\\S\\n]+", " ", re.sub(r"\\n+", "\\n", text))'),
)
single_line_ends_lost = also(
    newlines_lost,
    replace("normalise", NORMALISE, f're.sub(r"(?<!\\n)\\n(?!\\n)", " ", {NORMALISE})'),
)
line_ends_and_tabs_removed = also(
    newlines_lost, replace("normalise", OUT, 're.sub(UNSEEN + "|[\\t\\n\\r]", "", text)')
)

returns_left = mistake(
    r"""A line that ends in \r alone has lost its end: \r is still there, or it has gone with the control characters. Make
    \n of \r\n, then of each \r that is left.""",
    replace("normalise", r'r"\r\n?"', r'"\r\n"'),
    replace("normalise", r"[^\S\n]+", r"[^\S\r\n]+"),
)
line_ends_left = also(
    returns_left,
    replace("normalise", r'r"\r\n?"', r'r"(?!)"'),
    replace("normalise", r"[^\S\n]+", r"[^\S\r\n]+"),
)

returns_removed = also(
    returns_left,
    replace("normalise", r'"\n", re.sub', r'"", re.sub'),
    replace("normalise", r'r"\r\n?"', r'r"\r"'),
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

byte_order_mark_left = also(
    zero_width_left, replace("normalise", OUT, 're.sub(UNSEEN.replace("\\ufeff", ""), "", text)')
)
zero_width_space_left = also(
    zero_width_left, replace("normalise", OUT, 're.sub(UNSEEN.replace("\\u200b", ""), "", text)')
)

controls_left = mistake(
    r"""Control characters are still there, such as \x00, \x1b or \x7f. `UNSEEN` has them all, or take out category Cc but
    for \n, \r and \t.""",
    replace("normalise", OUT, 're.sub("[\\u200b\\ufeff]", "", text)'),
)

hole_left_blank = mistake(
    """You put a blank where a character without width or a control character stood. It stood inside a word: put
    nothing there.""",
    replace("normalise", OUT, 're.sub(UNSEEN, " ", text)'),
)
control_left_blank = also(
    hole_left_blank,
    replace(
        "normalise", OUT, 're.sub(UNSEEN, lambda found: "" if found[0] in "\\u200b\\ufeff" else " ", text)'
    ),
)

sentence_marks_removed = also(
    lower_case_too, replace("normalise", '" ", text).strip()', '" ", re.sub(r"[.,;:!?]", "", text)).strip()')
)
sentence_marks_left_blank = also(
    lower_case_too, replace("normalise", '" ", text).strip()', '" ", re.sub(r"[.,;:!?]", " ", text)).strip()')
)
punctuation_removed = also(
    lower_case_too,
    replace("normalise", '" ", text).strip()', '" ", re.sub(r"[!-/:-@[-`{-~]", "", text)).strip()'),
)
all_but_words_removed = also(
    lower_case_too,
    replace("normalise", '" ", text).strip()', '" ", re.sub(r"[^\\w\\s]", " ", text)).strip()'),
)


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
