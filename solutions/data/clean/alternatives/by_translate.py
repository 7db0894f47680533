"""A table for what goes, composed at once; the first of each group looked up in a list."""

TABLE = {code: None for code in [*range(32), *range(127, 160), 0x200B, 0xFEFF] if code not in (9, 10)}


def normalise(text, form="NFC"):
    if form not in {"NFC", "NFKC"}:
        raise ValueError(form)
    text = re.sub("\r\n|\r", "\n", text).translate(TABLE)
    text = re.compile(r"[^\n\S][^\n\S]*").sub(" ", unicodedata.normalize(form, text))
    return text.strip()


def groups_of_copies(texts):
    firsts, groups = [], []
    for i, text in enumerate(texts):
        clean = normalise(text)
        if clean not in firsts:
            firsts.append(clean)
            groups.append([])
        groups[firsts.index(clean)].append(i)
    return groups
