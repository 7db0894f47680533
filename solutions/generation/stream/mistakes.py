"""What students get wrong in TextStream."""

from check import also, mistake, redefine, replace

DECODED = "text = self.decode(self.ids)"
ADDED = "self.held += new"
BEGUN = "[n for stop in self.stops for n in range(1, len(stop)) if self.held.endswith(stop[:n])]"
REST = "rest = self.held + self.decode(self.ids)[self.sent :]"


@redefine("TextStream.push")
def token_by_token(self, token):
    """You decode each token by itself. A Chinese character is three bytes, an emoji four, often in several tokens:
    decode them together."""
    if self.stopped:
        return ""
    return self.release(self.decode([token]))


@redefine("TextStream.push")
def replacement_sent(self, token):
    """You send U+FFFD before the character is whole. At the end of the text it stands for bytes that may still become
    one."""
    if self.stopped:
        return ""
    self.ids.append(token)
    text = self.decode(self.ids)
    new, self.sent = text[self.sent :], len(text)
    return self.release(new)


held_with_its_neighbour = mistake(
    """You hold back more than U+FFFD at the end of the text. What is whole before it is sent at once, and in the
    middle it is what it is.""",
    replace("TextStream.push", "text.rstrip(UNFINISHED)", 'text if text[-1:] != UNFINISHED else ""'),
)
until_a_letter = also(
    held_with_its_neighbour,
    replace(
        "TextStream.push", "text.rstrip(UNFINISHED)", "text if text[-1:].isalnum() else text[: self.sent]"
    ),
)
up_to_the_last_space = also(
    held_with_its_neighbour,
    replace(
        "TextStream.push",
        "text.rstrip(UNFINISHED)",
        'text if "\u4e00" <= text[-1:] <= "\u9fff" else text[: max(self.sent, text.rfind(" ") + 1)]',
    ),
)
up_to_a_pause = also(
    held_with_its_neighbour,
    replace(
        "TextStream.push",
        "text.rstrip(UNFINISHED)",
        'w if (w := text.rstrip(UNFINISHED))[-1:] in [*" .,;:!?"] or len(w) > self.sent + 15 else w[: self.sent]',
    ),
)
never_a_character = also(
    held_with_its_neighbour,
    replace("TextStream.push", "text.rstrip(UNFINISHED)", "text.split(UNFINISHED)[0]"),
)

every_unfinished_taken_out = mistake(
    """You take out every U+FFFD. At the end of the text it may still become a character; in the middle it is what it
    is.""",
    replace("TextStream.push", "text.rstrip(UNFINISHED)", 'text.replace(UNFINISHED, "")'),
)

unfinished_counted = mistake(
    """A character that comes in several tokens is lost. Keep its ids until it is whole, and count as sent what has
    left: the text without U+FFFD at its end.""",
    replace("TextStream.push", "len(whole)", "len(text)"),
)
unfinished_taken_out = also(
    unfinished_counted,
    replace(
        "TextStream.push",
        DECODED,
        'self.ids, self.sent = [token], 0\n        text = self.decode(self.ids).replace(UNFINISHED, "")',
    ),
)
half_forgotten = also(unfinished_counted, replace("TextStream.push", "if whole == text:", "if whole:"))

count_not_begun_anew = mistake(
    """You begin anew with the ids, but not with the count of what has left of their text.""",
    replace("TextStream.push", "self.ids, self.sent = [], 0", "self.ids = []"),
)


@redefine("TextStream.push")
def whole_text_each_time(self, token):
    """You send the whole text with every token. `push` returns only what is new."""
    if self.stopped:
        return ""
    self.ids.append(token)
    whole = self.decode(self.ids).rstrip(UNFINISHED)
    self.held = ""
    return self.release(whole)


stop_within_one_token = mistake(
    """You send the beginning of a stop string before you know how it goes on. It may come in several tokens: what
    could begin one has to wait.""",
    replace("TextStream.release", ADDED, "self.held = new"),
    replace("TextStream.release", BEGUN, "[0]"),
)


@redefine("TextStream.release")
def stop_string_begun(self, new):
    """You send the beginning of a stop string before you know how it goes on. It may come in several tokens: what
    could begin one has to wait."""
    before = "".join(self.everything) if hasattr(self, "everything") else ""
    self.everything = [before, new]
    text = before + new
    found = [text.index(stop) for stop in self.stops if stop in text]
    self.stopped = bool(found)
    return text[len(before) : min(found) if found else None]


some_beginnings_sent = mistake(
    """Some beginnings of a stop string leave before you know how it goes on. Of every stop string each counts, up to
    all but its last sign, at any end of the text; the longest that fits waits.""",
    replace("TextStream.release", "range(1, len(stop))", "range(1, len(stop) - 1)"),
)
first_sign_alone = also(
    some_beginnings_sent, replace("TextStream.release", "range(1, len(stop))", "range(1, min(2, len(stop)))")
)
of_one_stop_string = also(
    some_beginnings_sent,
    replace("TextStream.release", "for stop in self.stops for n", "for stop in self.stops[:1] for n"),
)
stops_at_the_beginning_only = also(
    some_beginnings_sent,
    replace(
        "TextStream.release",
        BEGUN,
        "[len(self.held) for stop in self.stops if stop.startswith(self.held)]",
    ),
)

as_many_as_the_longest = mistake(
    """You hold back text that need not wait. Only an end that could begin a stop string does: where there is none, cut
    at len(text), not at -0.""",
    replace("TextStream.release", BEGUN, "[min(len(self.held), max(map(len, self.stops), default=1) - 1)]"),
)
one_more_than_the_longest = also(
    as_many_as_the_longest,
    replace("TextStream.release", BEGUN, "[min(len(self.held), max(map(len, self.stops), default=0))]"),
)
all_held_back = also(
    as_many_as_the_longest,
    replace("TextStream.release", "len(self.held) - max(begun, default=0)", "0 if begun else len(self.held)"),
)
cut_at_minus_nothing = also(
    as_many_as_the_longest,
    replace(
        "TextStream.release",
        "self.held[:cut], self.held[cut:]",
        "self.held[: cut - len(self.held)], self.held[cut - len(self.held) :]",
    ),
)

held_forgotten = mistake(
    """What you hold back is gone when new text comes. Put it before the new: together they may be a stop string, and
    else it is sent.""",
    replace("TextStream.release", ADDED, "self.held = new"),
)

stop_string_returned = mistake(
    """Your text does not end just before the stop string. What stands before it is sent; it and what stands behind it,
    in the same token or later, are not.""",
    replace("TextStream.release", "[self.held.index(stop) for", "[self.held.index(stop) + len(stop) for"),
)
stopped_not_set = also(
    stop_string_returned,
    replace("TextStream.release", "self.stopped = bool(found)", "pass"),
    replace(
        "TextStream.release",
        "self.held[:cut], self.held[cut:]",
        'self.held[:cut], "" if found else self.held[cut:]',
    ),
)
text_before_the_stop_lost = also(
    stop_string_returned, replace("TextStream.release", "return sure", 'return "" if found else sure')
)
stop_string_at_the_end_only = also(
    stop_string_returned,
    replace(
        "TextStream.release",
        "[self.held.index(stop) for stop in self.stops if stop in self.held]",
        "[len(self.held) - len(stop) for stop in self.stops if self.held.endswith(stop)]",
    ),
)

finish_forgets = mistake(
    """What is still held when the text ends is lost. `finish` sends it: what began a stop string, and half a character
    as U+FFFD.""",
    replace("TextStream.finish", REST, 'rest = ""'),
)
finish_forgets_the_held = also(finish_forgets, replace("TextStream.finish", "self.held + ", ""))
finish_forgets_the_half = also(finish_forgets, replace("TextStream.finish", REST, "rest = self.held"))
finish_releases_only = also(
    finish_forgets,
    replace("TextStream.finish", REST, "rest = self.release(self.decode(self.ids)[self.sent :])"),
)

nothing_is_none = mistake(
    """You return None where there is nothing to send. `push` and `finish` return a text, be it an empty one.""",
    replace("TextStream.push", "return self.release(new)", "return self.release(new) or None"),
)
nothing_is_none_at_the_end = also(
    nothing_is_none, replace("TextStream.finish", "return rest", "return rest or None")
)
nothing_is_ever_a_text = also(
    nothing_is_none,
    replace("TextStream.push", "return self.release(new)", "return self.release(new) or None"),
    replace("TextStream.finish", "return rest", "return rest or None"),
)

finish_sends_twice = mistake(
    """Your `finish` sends again what has left before half a character. Of the text of the ids that are left, `sent`
    characters have gone.""",
    replace("TextStream.finish", "[self.sent :]", ""),
)
