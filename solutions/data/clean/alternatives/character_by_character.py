"""Each character looked at by its category; copies found by sorting."""


def normalise(text, form="NFC"):
    if form != "NFC" and form != "NFKC":
        raise ValueError("another form")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = [c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc" and c not in "\u200b\ufeff"]
    lines = unicodedata.normalize(form, "".join(kept)).split("\n")
    spaced = []
    for line in lines:
        pieces = "".join(" " if c.isspace() else c for c in line).split(" ")
        inner = [piece for k, piece in enumerate(pieces) if piece or k in (0, len(pieces) - 1)]
        spaced.append(" ".join(inner) if len(pieces) > 1 else line)
    return "\n".join(spaced).strip()


def groups_of_copies(texts):
    clean = [normalise(text) for text in texts]
    groups = []
    for i in sorted(range(len(texts)), key=lambda i: (clean[i], i)):
        if groups and clean[groups[-1][0]] == clean[i]:
            groups[-1].append(i)
        else:
            groups.append([i])
    return sorted(groups)
