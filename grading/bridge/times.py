"""Times as people and programs write them. What is not understood is refused: a time is never guessed.

Without a time zone it is UTC, as nbgrader writes it.
"""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import product
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil import parser, tz

# Only those that mean one thing in the whole world; IST, CST and BST are each of several places.
HOURS = {"WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "EST": -5, "EDT": -4}
HOURS |= {"CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "JST": 9}
YEARS = range(2000, 2100)
# What is missing in a text is filled from these, so what differs between the two was missing.
DEFAULTS = (datetime(2001, 1, 1, 1, 1), datetime(2004, 2, 2, 2, 2))


def parse_time(text: str) -> datetime:
    """Return the time that text gives, in UTC and naive, as nbgrader keeps it.

    Raises ValueError where a date or a clock is missing, where day and month could change places, for a time zone of
    which there are several, and for anything else that is no time.

    >>> parse_time("2026-05-01 11:30:00 PM CEST")
    datetime.datetime(2026, 5, 1, 21, 30)
    """
    try:
        time = _parse(text.strip())
    except (ValueError, OverflowError, ZoneInfoNotFoundError) as error:
        raise ValueError(f"no time but {text[:40]!r}; write it as 2026-05-01 23:30 +0200") from error
    return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time


def _parse(text: str) -> datetime:
    # Everybody who writes UTC+2 means two hours ahead; dateutil, as POSIX does, two hours behind.
    text = re.sub(r"\b(?:UTC|GMT)\s*([+-]\d)", r"\1", text)
    time = _iso(text) or _in_a_place(text) or _loose(text)
    if time.year not in YEARS:
        raise ValueError(f"the year {time.year}")
    return time


def _iso(text: str) -> datetime | None:
    """Return the time of a text in the form of ISO 8601 that has a clock, else None."""
    try:
        return datetime.fromisoformat(text) if ":" in text or "T" in text else None
    except ValueError:
        return None


def _in_a_place(text: str) -> datetime | None:
    """Return the time of a text that ends in the name of a time zone such as Europe/Berlin, else None."""
    clock, _, place = text.rpartition(" ")
    if not re.fullmatch(r"[A-Z]\w+(/[\w+-]+)+", place):
        return None
    time = _iso(clock) or _loose(clock)
    if time.tzinfo:
        raise ValueError("two time zones")
    return time.replace(tzinfo=ZoneInfo(place))


def _loose(text: str) -> datetime:
    """Return the one time that text can be read as."""
    either = (False,) if re.search(r"\b\d{4}[-/.]\d", text) else (False, True)
    readings = {
        parser.parse(text, default=default, dayfirst=day, yearfirst=year, tzinfos=_zone)
        for default, day, year in product(DEFAULTS, either, either)
    }
    if len(readings) > 1:
        raise ValueError("more than one reading")
    return readings.pop()


def _zone(name: str | None, seconds: int | None) -> tzinfo | None:
    if seconds is not None:
        return tz.tzoffset(name, seconds)
    if name is None:
        return None
    if name not in HOURS:
        raise ValueError(f"the time zone {name}")
    return tz.tzoffset(name, timedelta(hours=HOURS[name]))
