"""A compiled pattern with \\S, and matches one by one."""

PIECE = re.compile(r"\w+|\S")


def words(text):
    return [match.group() for match in PIECE.finditer(text)]


def characters(text):
    return [*iter(text)]
