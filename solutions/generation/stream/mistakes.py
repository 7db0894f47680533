"""What students get wrong in TextStream."""

from check import also, mistake, redefine, replace

ADDED = "self.held += new"
BEGUN = "[n for stop in self.stops for n in range(1, len(stop)) if self.held.endswith(stop[:n])]"
REST = "rest = self.held + self.decode(self.ids)[self.sent :]"


@redefine("TextStream.push")
def token_by_token(self, token):
    """You decode each token by itself. A Chinese character is three bytes, an emoji four, often in several tokens: decode
    them together."""
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
    """You hold back the whole token when it ends with half a character. What is whole in it can be sent at once.""",
    replace("TextStream.push", "text.rstrip(UNFINISHED)", 'text if text[-1:] != UNFINISHED else ""'),
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
    """You look for a stop string in each token by itself. It may come in several.""",
    replace("TextStream.release", ADDED, "self.held = new"),
    replace("TextStream.release", BEGUN, "[0]"),
)


@redefine("TextStream.release")
def stop_string_begun(self, new):
    """You send the beginning of a stop string before you know how it goes on. What could begin one has to wait."""
    before = "".join(self.everything) if hasattr(self, "everything") else ""
    self.everything = [before, new]
    text = before + new
    found = [text.index(stop) for stop in self.stops if stop in text]
    self.stopped = bool(found)
    return text[len(before) : min(found) if found else None]


stop_string_returned = mistake(
    """You send the stop string, too. The text ends before it.""",
    replace("TextStream.release", "[self.held.index(stop) for", "[self.held.index(stop) + len(stop) for"),
)

stops_at_the_beginning_only = mistake(
    """You ask whether all that is held begins a stop string. One can begin in the middle of a token: what counts is any end
    of the text.""",
    replace(
        "TextStream.release",
        BEGUN,
        "[len(self.held) for stop in self.stops if stop.startswith(self.held)]",
    ),
)


@redefine("TextStream.release")
def false_start_lost(self, new):
    """What looked like a stop string and was none is lost. Send it as soon as you know."""
    text = self.held + new
    found = [text.index(stop) for stop in self.stops if stop in text]
    self.stopped = bool(found)
    begun = max((n for stop in self.stops for n in range(len(stop)) if text.endswith(stop[:n])), default=0)
    sure, self.held = (
        text[len(self.held) : min(found) if found else len(text) - begun],
        text[len(text) - begun :],
    )
    return sure


finish_forgets = mistake(
    """What is still held when the text ends is lost. `finish` sends it: what began a stop string, and half a character as
    U+FFFD.""",
    replace("TextStream.finish", REST, 'rest = ""'),
)
finish_forgets_the_held = also(finish_forgets, replace("TextStream.finish", "self.held + ", ""))
finish_forgets_the_half = also(finish_forgets, replace("TextStream.finish", REST, "rest = self.held"))
